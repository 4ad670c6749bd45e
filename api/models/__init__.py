"""Models that are measured, and what was measured about each over time."""
