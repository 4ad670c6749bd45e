"""What was otherwise about a model: its price, settings, host, served version."""
