"""Cursor pagination: an opaque position in one list, bound to that list's filters.

Not here: how a list is ordered (each resource's queries.py).
"""

import base64
import binascii
import hashlib
import json
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

Key = TypeVar("Key")
RowT = TypeVar("RowT")

NO_FILTERS = {"limit", "cursor", "fields"}
"""Parameters of lists that say how much of the rows is told, and not which rows there are."""
Limit = Annotated[int, Field(ge=1, le=200, description="Entries in one answer.")]
Cursor = Annotated[
    str | None,
    Field(
        max_length=1024,
        pattern=r"^[A-Za-z0-9_-]+$",
        description="`next_cursor` of the answer before this one, with the same filters; opaque.",
    ),
]


class CursorError(Exception):
    """The cursor was not made by this list with these filters."""


class PageQuery(BaseModel):
    """What every list takes; a resource adds its filters. Unknown parameters are refused, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: Limit = 50
    cursor: Cursor = None

    def filters(self, *others: str) -> dict[str, Any]:
        """What says which rows there are, by parameter, without `others`."""
        return self.model_dump(exclude={*NO_FILTERS, *others})

    def cursor_after(self, *key: object) -> str:
        """The cursor of the page that starts behind `key`."""
        raw = json.dumps([self._scope(), key], separators=(",", ":"), allow_nan=False, ensure_ascii=False)
        return base64.urlsafe_b64encode(raw.encode()).rstrip(b"=").decode()

    def position(self, key: TypeAdapter[Key]) -> Key | None:
        """The key that the cursor stands for, checked to be one; None on the first page. Raises CursorError."""
        if self.cursor is None:
            return None
        try:
            padded = self.cursor + "=" * (-len(self.cursor) % 4)
            scope, position = json.loads(base64.urlsafe_b64decode(padded))
            checked = key.validate_json(json.dumps(position), strict=True)
        except (binascii.Error, ValueError, TypeError, RecursionError, ValidationError) as error:
            raise CursorError("It is not a cursor that this list gave.") from error
        if scope != self._scope():
            raise CursorError("It belongs to a list with other filters: start again without it.")
        return checked

    def _scope(self) -> str:
        filters = [
            type(self).__name__,
            self.model_dump(mode="json", exclude={"limit", "cursor"}, exclude_defaults=True),
        ]
        return hashlib.sha256(json.dumps(filters, sort_keys=True).encode()).hexdigest()[:12]


def split_page(rows: list[RowT], limit: int) -> tuple[list[RowT], bool]:
    """The page's rows and whether more follow, from a query that asked for one row over the limit."""
    return rows[:limit], len(rows) > limit
