"""The public reading of the marts."""
