"""Runs the versions on the connection that the caller hands over, one transaction each.

Not here: the connection, its lock and its time limits (api.accounts.migrate).
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
