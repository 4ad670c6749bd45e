"""Two to six models beside each other, on the same tasks."""
