"""What an account was told in the app."""
