"""The only home of Dagster: thin definitions that call the domain and put its counts into metadata."""

import warnings

from dagster import BetaWarning

# Single-run backfills are beta in Dagster 1.13; an operator can do nothing about it.
warnings.filterwarnings("ignore", category=BetaWarning)
