"""Where the steps of a run are done: in the run's own process, or by workers.

Not here: the workers (workers), nor how a stage is cut into steps (assets).
"""

import dagster as dg

from orchestration.settings import Settings


def executor_of(config: Settings) -> dg.ExecutorDefinition:
    """The executor that the settings choose."""
    if config.executor == "in_process":
        return dg.in_process_executor
    from orchestration.defs.workers import celery_executor_of  # noqa: PLC0415 - half a second that others spare

    return celery_executor_of(config)
