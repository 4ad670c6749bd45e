"""What a day or a week has shown, as one document: its period, its body, its text.

Not here: the numbers, which storage reads from the marts.
"""
