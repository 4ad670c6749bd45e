"""Lists in the order that a caller asks for, page by page: the statement around a list's own, and its cursors.

What is unknown comes last in either direction; rows with the same value follow in the order of what tells them apart.
Not here: which columns a list can be sorted by (each resource's queries.py), nor what a cursor looks like (pagination).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, LiteralString
from uuid import UUID

from pydantic import AwareDatetime, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter
from pydantic_core import CoreSchema, core_schema, to_jsonable_python

from api.errors import near_names
from api.pagination import PageQuery, split_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic.json_schema import JsonSchemaValue

    from api.database import Row

SORT = "Column to sort by, the smallest first; with `-` before it the largest. Unknown comes last."
Position = tuple[Any, ...]
"""Of a row: its value of the column sorted by, then its values of `ties`."""

KINDS: dict[type, tuple[LiteralString, Any]] = {
    str: ("text", Annotated[str, Field(max_length=300, pattern=r"^[^\x00]*$")]),
    float: ("double precision", Annotated[float, Field(allow_inf_nan=False)]),
    datetime: ("timestamptz", AwareDatetime),
    date: ("date", date),
    UUID: ("uuid", UUID),
}
"""What a column holds, to its type in PostgreSQL and to what a cursor may say of it."""


@dataclass(frozen=True, eq=False)
class OrderedList:
    """A list's own statement, without an order, and its columns: those to sort by, and those that tell rows apart."""

    select: LiteralString
    sorts: Mapping[str, type]
    ties: Mapping[str, type]

    def statement(self, sort: str) -> LiteralString:
        """The list by one of `sorts`, the largest first with `-` before it; it takes `after` and `row_limit` too.

        In one line: psycopg takes a statement of more than 4,096 characters apart anew at each call.
        """
        column = sort.removeprefix("-")
        cast = KINDS[self.sorts[column]][0]
        key, after = f"listed.{column}::{cast}", f"%(after)s::{cast}"
        direction, further = ("DESC", "<") if sort.startswith("-") else ("ASC", ">")
        ties = ", ".join(f"listed.{name}" for name in self.ties)
        after_ties = [f"%(after_{name})s::{KINDS[kind][0]}" for name, kind in self.ties.items()]
        text = f"""
SELECT listed.*, {key} AS sort_key
FROM ({self.select}) AS listed
WHERE {after_ties[0]} IS NULL
    OR {key} {further} {after}
    OR ({key} IS NULL AND {after} IS NOT NULL)
    OR ({key} IS NOT DISTINCT FROM {after} AND ({ties}) > ({", ".join(after_ties)}))
ORDER BY {key} {direction} NULLS LAST, {ties}
LIMIT %(row_limit)s
"""  # noqa: S608 - names of `sorts` and `ties`
        return " ".join(text.split())

    def parameters(self, after: Position | None, row_limit: int) -> dict[str, object]:
        """What `statement` takes beside the parameters of `select`."""
        key, *ties = after or [None] * (1 + len(self.ties))
        return {"after": key, "row_limit": row_limit} | {
            f"after_{name}": value for name, value in zip(self.ties, ties, strict=True)
        }

    def position(self, query: OrderedQuery) -> Position | None:
        """Where the query's page starts; None on the first. Raises CursorError."""
        return query.position(_positions(self.sorts[query.sort.removeprefix("-")], *self.ties.values()))

    def page(self, query: PageQuery, rows: list[Row]) -> tuple[list[Row], str | None]:
        """The page's rows and the cursor of the next, from a statement that asked for one row over the limit."""
        page, has_more = split_page(rows, query.limit)
        if not has_more:
            return page, None
        last = page[-1]
        return page, query.cursor_after(*to_jsonable_python([last["sort_key"], *(last[name] for name in self.ties)]))


class OrderedQuery(PageQuery):
    """What every list takes that can be sorted; a resource says by what (SortableBy)."""

    sort: str


@cache
def _positions(key: type, *ties: type) -> TypeAdapter[Position]:
    kinds: Any = (KINDS[key][1] | None, *(KINDS[tie][1] for tie in ties))
    return TypeAdapter(tuple[kinds])


@dataclass(frozen=True, eq=False)
class SortableBy:
    """Of a parameter: a column of `ordered`, with `-` before it the largest first."""

    ordered: OrderedList

    def _checked(self, sort: str) -> str:
        column = sort.removeprefix("-")
        if column not in self.ordered.sorts:
            near = near_names(column, self.ordered.sorts) or self.ordered.sorts
            raise ValueError(f"One can sort by {', '.join(near)}, not by {column!r}.")
        return sort

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(schema) | {"pattern": rf"^-?({'|'.join(self.ordered.sorts)})$"}
