"""The dashboard's one door to data: the API, asked with a time limit, answered with typed results or one clear line.

Not here: what is shown; results carry the API's own names and units, and None for what is unknown.
"""
