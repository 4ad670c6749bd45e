"""Changes of a model's quality, speed, cost or reliability that are no noise."""
