"""What a run says on its process's console: lines with its id, partition and step.

Not here: the form of a line (logs), nor the event log in Dagster's UI, which has everything.
"""

import logging
import sys
from functools import cache
from typing import Any

import dagster as dg

from orchestration.collection.installation import known_secrets
from orchestration.logs import chosen_format, formatter_of
from orchestration.settings import settings

RUN_LOG: dict[str, Any] = {"loggers": {"console": {}}}
"""The config that a job must have for its runs to use `run_log`: Dagster asks for it, and else uses its own console."""


@dg.logger
def run_log(context: dg.InitLoggerContext) -> logging.Logger:  # noqa: ARG001 - Dagster's signature
    """Not a child of the root logger: what a run says is said once."""
    stream = logging.StreamHandler(sys.stdout)
    secrets = cache(lambda: known_secrets(settings()))
    stream.setFormatter(formatter_of(chosen_format(settings().log_format), secrets))
    logger = logging.Logger("dagster")  # noqa: LOG001 - as above
    logger.addHandler(stream)
    return logger
