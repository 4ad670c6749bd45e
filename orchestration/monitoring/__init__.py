"""What the pipeline says of itself to a monitoring system.

Not here: the API's and the dashboard's own figures.
"""
