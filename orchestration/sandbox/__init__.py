"""Where untrusted code runs: the interface that graders call and the processes behind it.

Not here: what an output is worth (scoring).
"""
