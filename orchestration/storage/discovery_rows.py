"""Writes and reads what discovery keeps: when each host listed a model, and which targets were enrolled.

Not here: what follows from a listing (collection.discover).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from psycopg.errors import InvalidSchemaName, UndefinedTable
from psycopg.rows import class_row

from orchestration.records import Enrolment, ModelSighting
from orchestration.storage.bulk_insert import INSERT_NEW, Connection, insert_rows
from orchestration.storage.raw_tables import ENROLMENTS, LISTED_MODELS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from orchestration.storage.database import Database

Rows = TypeVar("Rows")

# A listing that another run has overtaken changes nothing.
_UPSERT = (
    INSERT_NEW.replace("INTO {table} (", "INTO {table} AS known (").removesuffix("DO NOTHING")
    + "(host, model) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in LISTED_MODELS.columns if name not in {"host", "model"})
    + " WHERE excluded.last_seen_at >= known.last_seen_at"
)

_SIGHTINGS = """
select host, model, provider, has_published_price, first_seen_at, last_seen_at, missed_since, vanished_at, pricing
from raw.listed_models
order by host, model
"""

_ENROLMENTS = """
select distinct on (target_id) target_id, recorded_at, is_enrolled, definition, source
from raw.enrolments
order by target_id, recorded_at desc
"""


def read_sightings(connection: Connection) -> dict[str, dict[str, ModelSighting]]:
    """All models that were ever listed, by host and model."""
    found: dict[str, dict[str, ModelSighting]] = {}
    with connection.cursor(row_factory=class_row(ModelSighting)) as cursor:
        for sighting in cursor.execute(_SIGHTINGS):
            found.setdefault(sighting.host, {})[sighting.model] = sighting
    return found


def record_sightings(connection: Connection, rows: Iterable[ModelSighting]) -> int:
    """Put sightings in place of those of the same host and model."""
    return insert_rows(connection, LISTED_MODELS, rows, _UPSERT)


def read_enrolments(connection: Connection) -> list[Enrolment]:
    """The newest row of every target that was ever enrolled."""
    with connection.cursor(row_factory=class_row(Enrolment)) as cursor:
        return cursor.execute(_ENROLMENTS).fetchall()


def stored_enrolments(database: Database) -> list[Enrolment]:
    """The same, of a database that may be of an older version or without our schema: none then."""
    return _read_if_there(database, read_enrolments, [])


def stored_sightings(database: Database) -> dict[str, dict[str, ModelSighting]]:
    """The sightings of a database that may be of an older version or without our schema: none then."""
    return _read_if_there(database, read_sightings, {})


def _read_if_there(database: Database, read: Callable[[Connection], Rows], nothing: Rows) -> Rows:
    with database.connect() as connection:
        try:
            return read(connection)
        except (UndefinedTable, InvalidSchemaName):
            return nothing


def record_enrolments(connection: Connection, rows: Iterable[Enrolment]) -> int:
    return insert_rows(connection, ENROLMENTS, rows)
