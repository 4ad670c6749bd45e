"""Those who offer the measured models."""
