"""The ways to a person: one file each.

Not here: what is said (wording), when, and how often it is tried (delivery).
"""
