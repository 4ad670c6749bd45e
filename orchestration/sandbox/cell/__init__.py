"""The source of what runs inside a cell, sent there as compiled code: standard library only, cheap to import.

Not here: anything that sees an expected value or reads what a cell claims (values, frames).
"""
