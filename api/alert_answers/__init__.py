"""Answers to alerts by the links in them."""
