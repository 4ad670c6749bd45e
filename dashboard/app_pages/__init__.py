"""The pages: each asks the API client, chooses words, and hands rows to charts and tables."""
