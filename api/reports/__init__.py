"""What a day and a week have shown, as the pipeline wrote it."""
