"""What work of a given kind and amount would cost with every model."""
