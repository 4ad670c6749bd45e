"""Which changes the measured hours show.

Like the intervals it stands between the two groups of models: the second has the marts of what it finds.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import dagster as dg

from orchestration.defs.partitions import touched_hours
from orchestration.defs.places import WAREHOUSE
from orchestration.defs.resources import DatabaseResource
from orchestration.detection.detect import detect_anomalies
from orchestration.settings import settings


@dg.multi_asset(
    name="anomalies",
    group_name="detection",
    specs=[
        dg.AssetSpec(
            ["raw", "anomalies"],
            deps=[["intermediate", "int_detection_cells"], ["raw", "changes"]],
            kinds={"python", "postgres"},
            description="One row per published alarm and what has been learnt of it since.",
        ),
        dg.AssetSpec(
            ["raw", "watched_streams"],
            deps=[["intermediate", "int_detection_cells"]],
            kinds={"python", "postgres"},
            description="One row per target, suite and metric: whether there is enough data to find a change in.",
        ),
        dg.AssetSpec(
            ["raw", "confirmations"],
            deps=[["intermediate", "int_confirming_cells"]],
            kinds={"python", "postgres"},
            description="One row per change that shows: what extra answers of the hours after it say.",
        ),
    ],
    pool=WAREHOUSE,
)
def anomalies(context: dg.AssetExecutionContext, database: DatabaseResource) -> Iterator[dg.MaterializeResult[Any]]:
    """Changes of quality, latency, cost and errors in the touched hours, with evidence and a cause."""
    with database.connect() as connection, connection.transaction():
        asks = settings().confirming_calls > 0
        found = detect_anomalies(connection, touched_hours(context), datetime.now(UTC), asks=asks)
    counts = {"anomalies": found.anomalies, "revisions": found.revisions}
    yield dg.MaterializeResult(asset_key=["raw", "anomalies"], metadata=counts)
    yield dg.MaterializeResult(asset_key=["raw", "watched_streams"], metadata={"streams": found.streams})
    yield dg.MaterializeResult(asset_key=["raw", "confirmations"], metadata={"asked": found.asked})
