"""The ranking of models in a window."""
