"""The tables that the pipeline makes, one module per stage."""
