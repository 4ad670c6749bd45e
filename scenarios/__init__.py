"""What is measured: the scenario catalogue and the vocabulary that describes it."""
