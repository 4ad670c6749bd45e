"""Which hours of every model were measured, and why others were not."""
