"""Which changes extra answers are asked about, and what these say; read and written.

Not here: what makes a verdict (stats), nor the plan of the extra calls (collection).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, LiteralString

from psycopg import sql
from psycopg.rows import class_row

from orchestration.storage.anomaly_rows import StreamKey
from orchestration.storage.bulk_insert import Connection, RawTable, insert_rows, replacing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

PENDING = "pending"


@dataclass(frozen=True, slots=True)
class ConfirmationRow:
    """One signal and its verdict; `scenario_ids` is empty where the whole stream changed.

    Levels and the reference's error are relative to launch, in the unit of the detector; effects are published ones: a
    difference for quality and errors, a ratio for the others. The last ones are None while nothing was answered.
    """

    confirmation_id: UUID
    target_id: str
    suite: str
    is_simulated: bool
    metric: str
    sign: int
    signal_hour: datetime
    onset_hour: datetime
    statistic: float
    is_alarm: bool
    scenario_ids: list[str]
    before_level: float
    after_level: float
    reference_error: float
    signal_effect: float
    verdict: str
    answer_count: int
    hour_count: int
    effect: float | None
    effect_ci95_lower: float | None
    effect_ci95_upper: float | None
    computed_at: datetime

    @property
    def stream(self) -> StreamKey:
        return StreamKey(self.target_id, self.suite, self.is_simulated)


_NAMES = tuple(field.name for field in fields(ConfirmationRow))
CONFIRMATIONS = RawTable[ConfirmationRow]("confirmations", _NAMES, attrgetter(*_NAMES))
_REPLACE = replacing(CONFIRMATIONS, ("confirmation_id",))

_READ: LiteralString = """
select {columns} from raw.confirmations where {condition} order by signal_hour, target_id, suite, metric, sign
"""


def read_recent_confirmations(connection: Connection, since: datetime) -> list[ConfirmationRow]:
    """Those of signals from an hour on, and all that have no verdict as yet."""
    return _read(connection, "signal_hour >= %(since)s or verdict = 'pending'", {"since": since})


def read_confirmations(connection: Connection, stream: StreamKey) -> list[ConfirmationRow]:
    condition: LiteralString = "target_id = %(target_id)s and suite = %(suite)s and is_simulated = %(is_simulated)s"
    return _read(connection, condition, stream._asdict())


def _read(connection: Connection, condition: LiteralString, parameters: dict[str, Any]) -> list[ConfirmationRow]:
    query = sql.SQL(_READ).format(columns=CONFIRMATIONS.column_list, condition=sql.SQL(condition))
    with connection.cursor(row_factory=class_row(ConfirmationRow)) as cursor:
        return cursor.execute(query, parameters).fetchall()


def replace_confirmations(connection: Connection, rows: Iterable[ConfirmationRow]) -> int:
    """Record signals, and of known ones the verdict as it is now."""
    return insert_rows(connection, CONFIRMATIONS, rows, _REPLACE)
