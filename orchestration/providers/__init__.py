"""Where answers come from: targets, the client that asks them, and how their failures are told.

Not here: what is asked when (collection), nor what an answer costs (pricing).
"""
