# ruff: noqa: INP001 - Alembic loads this file by its path
"""Runs the versions on the connection that the caller hands over, one transaction each.

Not here: the connection, its lock and its time limits (raw_schema).
"""

from __future__ import annotations

from alembic import context

attributes = context.config.attributes
context.configure(
    connection=attributes["connection"],
    version_table_schema=attributes["version_table_schema"],
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
