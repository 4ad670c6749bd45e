"""How fresh the published numbers are, and what collection came to."""
