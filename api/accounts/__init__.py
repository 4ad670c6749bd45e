"""People who use the API: the schema account and, with it, its versions."""
