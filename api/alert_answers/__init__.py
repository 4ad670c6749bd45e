"""Answers to alerts, by the links in them or by an account that is signed in."""
