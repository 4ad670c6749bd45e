"""Lists as tables: CSV, Arrow IPC and Parquet, with the columns that the answer's own schema promises.

Not here: which of them a caller wants (negotiation).
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from api.negotiation import ARROW, CSV, PARQUET

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    import pyarrow as pa
    from pydantic import BaseModel

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""A spreadsheet would compute a text that begins so; full-width signs are taken for their narrow ones."""

Schema = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """The columns of a list: those of its entries, then what its `meta` says once about all of them."""

    of_entries: dict[str, Schema]
    of_meta: dict[str, Schema]
    definitions: dict[str, Schema]

    @classmethod
    def of(cls, answer: type[BaseModel]) -> Self | None:
        """None where the `data` of the answer are no list."""
        schema = answer.model_json_schema(mode="serialization")
        definitions: dict[str, Schema] = schema.get("$defs", {})
        data = schema["properties"]["data"]
        if data.get("type") != "array":
            return None
        entry, meta = (_resolved(node, definitions) for node in (data["items"], schema["properties"]["meta"]))
        told_once = {name: node for name, node in meta["properties"].items() if _is_scalar(node, definitions)}
        return cls(entry["properties"], told_once, definitions)

    def without(self, names: Collection[str]) -> Table:
        """The same without these columns of entries."""
        return replace(self, of_entries={name: node for name, node in self.of_entries.items() if name not in names})

    @cached_property
    def columns(self) -> dict[str, Schema]:
        """What an entry says itself comes first and counts."""
        return self.of_entries | {name: node for name, node in self.of_meta.items() if name not in self.of_entries}

    def encoded(self, form: str, answer: BaseModel) -> bytes:
        """The answer in one of the forms of `ENCODERS`."""
        return ENCODERS[form](self, answer)

    def rows(self, answer: dict[str, Any]) -> Iterator[list[Any]]:
        """The values of every entry, in the order of the columns."""
        for entry in answer["data"]:
            whole = {**answer["meta"], **entry}
            yield [whole.get(name) for name in self.columns]


def csv_bytes(table: Table, answer: BaseModel) -> bytes:
    """As in JSON, but an empty cell for null, and no text that a spreadsheet takes for a formula."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(table.columns)
    writer.writerows([_cell(value) for value in row] for row in table.rows(answer.model_dump(mode="json")))
    return written.getvalue().encode()


def arrow_bytes(table: Table, answer: BaseModel) -> bytes:
    """A stream of Arrow IPC."""
    import pyarrow as pa

    built, sink = _arrow_table(table, answer), pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, built.schema) as stream:
        stream.write_table(built)
    return bytes(sink.getvalue())


def parquet_bytes(table: Table, answer: BaseModel) -> bytes:
    """One Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(_arrow_table(table, answer), sink, compression="zstd")
    return bytes(sink.getvalue())


ENCODERS = {CSV: csv_bytes, ARROW: arrow_bytes, PARQUET: parquet_bytes}


def _cell(value: object) -> object:
    match value:
        case bool():
            return "true" if value else "false"
        case str() if value.startswith(FORMULA_STARTS):
            return f"'{value}"
        case list() | dict():
            return _text(value)
        case _:
            return value


def _arrow_table(table: Table, answer: BaseModel) -> pa.Table:
    import pyarrow as pa

    fields = {name: _arrow_type(node, table.definitions) for name, node in table.columns.items()}
    rows = list(table.rows(answer.model_dump()))
    columns = [
        pa.array([_fitted(row[number], kind) for row in rows], kind) for number, kind in enumerate(fields.values())
    ]
    return pa.table(dict(zip(fields, columns, strict=True)))


def _arrow_type(node: Schema, definitions: dict[str, Schema]) -> pa.DataType:
    """What a value can be of that the schema allows; text where it may be of several kinds."""
    import pyarrow as pa

    node = _resolved(node, definitions)
    match node:
        case {"type": "array", "items": items}:
            return pa.list_(_arrow_type(items, definitions))
        case {"type": "object", "properties": properties}:
            return pa.struct([(name, _arrow_type(each, definitions)) for name, each in properties.items()])
        case {"format": "date-time"}:
            return pa.timestamp("us", tz="UTC")
        case {"format": "date"}:
            return pa.date32()
    simple = {"number": pa.float64(), "integer": pa.int64(), "boolean": pa.bool_()}
    return simple.get(node.get("type", ""), pa.string())


def _fitted(value: Any, kind: pa.DataType) -> Any:
    """A value as its Arrow type takes it: what has no type of its own is JSON text."""
    import pyarrow as pa

    if value is None:
        return None
    if pa.types.is_string(kind):
        return value if isinstance(value, str) else _text(value)
    if pa.types.is_list(kind):
        return [_fitted(item, kind.value_type) for item in value]
    if pa.types.is_struct(kind):
        return {field.name: _fitted(value.get(field.name), field.type) for field in kind}
    return value


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _is_scalar(node: Schema, definitions: dict[str, Schema]) -> bool:
    return _resolved(node, definitions).get("type") not in {"array", "object"}


def _resolved(node: Schema, definitions: dict[str, Schema]) -> Schema:
    """The node that a reference, or an alternative to null, leads to."""
    if "$ref" in node:
        return _resolved(definitions[node["$ref"].rpartition("/")[2]], definitions)
    known = [each for each in node.get("anyOf", ()) if each.get("type") != "null"]
    return _resolved(known[0], definitions) if len(known) == 1 else node
