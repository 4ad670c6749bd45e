"""Writes what can be asked beside the code, in GraphQL's own language: `python -m api.graphql.sdl`.

Not here: what can be asked (schema.py).
"""

from __future__ import annotations

from pathlib import Path

from api.graphql.schema import ApiSchema

SCHEMA_FILE = Path(__file__).with_name("schema.graphql")


def render() -> str:
    """The schema as it is committed. No database is asked."""
    return ApiSchema({}).as_str() + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(render(), encoding="utf-8")
