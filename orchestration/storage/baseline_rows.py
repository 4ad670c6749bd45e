"""The launch baselines of streams, which outlive the months that they were taken from; read and written.

Not here: how a stream is launched (stats).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from psycopg import sql
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from orchestration.storage.anomaly_rows import StreamKey
from orchestration.storage.bulk_insert import Connection, RawTable, insert_rows, replacing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class BaselineRow:
    """Of one stream and metric; `first_hour` is the first of the week of the cells that it was taken from.

    `versions` has scenario, version, centre, spread and typical count of each.
    """

    target_id: str
    suite: str
    is_simulated: bool
    metric: str
    first_hour: datetime
    launch_level: float
    typical_variance: float
    versions: list[tuple[str, str, float, float, float]]
    computed_at: datetime

    @property
    def stream(self) -> StreamKey:
        return StreamKey(self.target_id, self.suite, self.is_simulated)


_NAMES = tuple(field.name for field in fields(BaselineRow))
LAUNCH_BASELINES = RawTable[BaselineRow](
    "launch_baselines",
    _NAMES,
    lambda row: tuple(Jsonb(row.versions) if name == "versions" else getattr(row, name) for name in _NAMES),
)
_REPLACE = replacing(LAUNCH_BASELINES, (*StreamKey._fields, "metric"))


def read_baselines(connection: Connection, streams: Iterable[StreamKey]) -> list[BaselineRow]:
    """Those of the targets of these streams."""
    query = sql.SQL("select {columns} from raw.launch_baselines where target_id = any(%s)").format(
        columns=LAUNCH_BASELINES.column_list
    )
    with connection.cursor(row_factory=class_row(BaselineRow)) as cursor:
        return cursor.execute(query, [sorted({stream.target_id for stream in streams})]).fetchall()


def replace_baselines(connection: Connection, rows: Iterable[BaselineRow]) -> int:
    return insert_rows(connection, LAUNCH_BASELINES, rows, _REPLACE)
