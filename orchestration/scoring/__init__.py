"""What an answer is worth: extraction of the code, one grader a kind, comparison of outputs.

Not here: running anything (sandbox), nor what a scenario expects (scenarios).
"""
