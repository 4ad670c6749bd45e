"""Where Dagster's instance keeps what it remembers: its own tables in PostgreSQL, over connections that are kept.

Not here: our tables (storage).

Dagster opens a connection for each statement about events: a run writes some eight hundred, and opened 2,267
connections where it now opens 102.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dagster_postgres import DagsterPostgresStorage
from dagster_postgres.utils import create_pg_engine, pg_url_from_config

if TYPE_CHECKING:
    from typing import Self

    from dagster._serdes import ConfigurableClassData

UNLIMITED = -1


class KeptConnections(DagsterPostgresStorage):
    """Dagster's storage, of which each process keeps one connection open and opens more while it needs them at once.

    A connection that a restarted server has closed is replaced before it is used.
    """

    def __init__(self, postgres_url: str, *arguments: Any, **named: Any) -> None:
        super().__init__(postgres_url, *arguments, **named)
        engine = create_pg_engine(
            postgres_url, isolation_level="AUTOCOMMIT", pool_size=1, max_overflow=UNLIMITED, pool_pre_ping=True
        )
        for storage in (self._run_storage, self._event_log_storage, self._schedule_storage):
            storage._engine = engine  # noqa: SLF001 - Dagster's own way to change it bounds each statement's time too
        self._run_storage.dispose = engine.dispose  # type: ignore[method-assign]  # what an instance calls at its end

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> Self:
        return cls(pg_url_from_config(config_value), config_value.get("should_autocreate_tables", True), inst_data)
