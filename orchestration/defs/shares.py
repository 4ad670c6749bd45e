"""What the steps of the shares of an hour tell the step that brings them together.

Not here: which shares there are (collection.shares).
"""

from typing import Any

import dagster as dg

from orchestration.collection.shares import WHOLE
from orchestration.settings import settings


def is_split() -> bool:
    """Whether each target is a share of its own: workers take one each. One process asks all of them at once."""
    return settings().executor == "celery"


def share_of_step(context: dg.OpExecutionContext) -> str:
    """The share that a step of a mapped op is about."""
    return context.get_mapping_key() or WHOLE


def summed_metadata(context: dg.OpExecutionContext, op: dg.OpDefinition) -> dict[str, Any]:
    """What the steps of an op have said of themselves in this run: numbers are added, tables are joined.

    It is read from the run's events, so that workers need no other place in common.
    """
    records = context.instance.get_records_for_run(context.run_id, of_type=dg.DagsterEventType.STEP_OUTPUT).records
    summed: dict[str, Any] = {}
    for record in records:
        event = record.event_log_entry.dagster_event
        if event is None or event.node_name != op.name:
            continue
        for name, told in event.step_output_data.metadata.items():
            summed[name] = _joined(summed.get(name), told.value)
    return summed


def _joined(known: Any, told: Any) -> Any:
    if known is None:
        return told
    if not isinstance(told, dict):
        return known + told
    return known | {name: _joined(known.get(name), value) for name, value in told.items()}
