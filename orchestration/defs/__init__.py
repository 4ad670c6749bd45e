"""The only home of Dagster: thin definitions that call the domain and put its counts into metadata."""

import warnings

from celery.exceptions import DuplicateTaskNameWarning
from dagster import BetaWarning

# Single-run backfills are beta in Dagster 1.13; an operator can do nothing about it.
warnings.filterwarnings("ignore", category=BetaWarning)

# dagster-celery registers its task anew for every step that it hands over.
warnings.filterwarnings("ignore", category=DuplicateTaskNameWarning)
