"""What an account wants to be told of, and by which way."""
