"""What providers ask for their models, now and before."""
