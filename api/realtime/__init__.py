"""What happens to the published tables, told as it happens."""
