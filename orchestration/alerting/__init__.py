"""Tells people what happened: events, who wants to hear of them, messages, and their delivery.

Not here: how a change is found (detection), nor accounts, of which only the view of subscriptions is read.
"""
