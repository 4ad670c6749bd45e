"""Statistics as pure functions of arrays and frames, each with its source.

Not here: reading rows and writing results (storage), nor when they are computed (defs).
"""
