"""How the schema account came to be, version by version."""
