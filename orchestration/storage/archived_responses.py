"""The two forms of a response on disk: a JSON line while its hour is open, a Parquet row when it is sealed.

Not here: which files there are (archive).
"""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import json as json_format

from orchestration.records import Response, TokenUsage
from orchestration.settings import OperatorError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

FORMAT_VERSION = 1
_VERSION_KEY = b"aibaas.responses.version"

_TIME = pa.timestamp("us", tz="UTC")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TYPES = {
    "benchmark_hour": _TIME,
    "call_id": pa.string(),
    "attempt": pa.int32(),
    "target_id": pa.string(),
    "scenario_id": pa.string(),
    "scenario_version": pa.int32(),
    "variant_seed": pa.int64(),
    "sample_index": pa.int32(),
    "is_simulated": pa.bool_(),
    "scheduled_for": _TIME,
    "started_at": _TIME,
    "finished_at": _TIME,
    "status": pa.string(),
    "error_code": pa.string(),
    "error_detail": pa.string(),
    "try_count": pa.int32(),
    "answer": pa.string(),
    "requested_model": pa.string(),
    "served_model": pa.string(),
    "system_fingerprint": pa.string(),
    "provider_request_id": pa.string(),
    "finish_reason": pa.string(),
    "time_to_first_token_ms": pa.float64(),
    "latency_ms": pa.float64(),
    "price_id": pa.string(),
    "cost_usd": pa.decimal128(18, 9),
    "reported_cost_usd": pa.decimal128(18, 9),
    "prompt_sha256": pa.string(),
    "harness_version": pa.string(),
    "input_tokens": pa.int64(),
    "cached_input_tokens": pa.int64(),
    "cache_write_tokens": pa.int64(),
    "output_tokens": pa.int64(),
    "reasoning_tokens": pa.int64(),
    "forced_by": pa.string(),
}
SCHEMA = pa.schema(list(_TYPES.items()), metadata={_VERSION_KEY: str(FORMAT_VERSION).encode()})
NAMES: tuple[str, ...] = tuple(_TYPES)
_ADDED = ("reported_cost_usd", "forced_by")
"""What files of an older program lack, which is unknown then."""
_USAGE = tuple(field.name for field in fields(TokenUsage))
_values = attrgetter(*(f"usage.{name}" if name in _USAGE else name for name in NAMES))


def to_line(response: Response) -> bytes:
    """One JSON line. A half of a surrogate pair, which no encoding can carry, becomes a question mark."""
    row = dict(zip(NAMES, _values(response), strict=True))
    return json.dumps(row, default=_to_text, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def from_line(line: bytes) -> Response:
    """Raises ValueError, KeyError or TypeError for anything that `to_line` has not made."""
    row = dict.fromkeys(_ADDED) | json.loads(line)
    return _response(row | {name: _from_text(name, row[name]) for name in _FROM_TEXT})


def write_parquet(path: Path, responses: Iterable[Response]) -> None:
    """With checksums of its pages: without them damaged answers would be read as if they were whole.

    The table is parsed from the lines: whatever makes an array of Python's values imports pandas (0.2 CPU s, 50 MB).
    """
    lines = b"".join(map(to_line, responses))
    whole = json_format.ReadOptions(use_threads=False, block_size=len(lines) + 1)
    typed = json_format.ParseOptions(explicit_schema=SCHEMA, unexpected_field_behavior="error")
    table = json_format.read_json(pa.BufferReader(lines), whole, typed).select(NAMES)
    table = table.replace_schema_metadata(SCHEMA.metadata)
    pq.write_table(table, path, compression="zstd", write_page_checksum=True)


def read_parquet(path: Path) -> list[Response]:
    """Raises OperatorError that names the file when it is damaged, missing, or of a newer program."""
    try:
        table = pq.ParquetFile(path, page_checksum_verification=True).read()
    except FileNotFoundError:
        raise OperatorError(f"{path} is missing from the archive: restore it from a backup") from None
    except (pa.ArrowException, OSError) as error:
        raise OperatorError(
            f"{path} is damaged ({_first_line(error)}): restore it from a backup, or delete it and run its hour again"
        ) from None
    _refuse_other_format(path, table.schema)
    nothing = [None] * table.num_rows
    columns = [_values_in(table.column(name)) if name in table.schema.names else nothing for name in NAMES]
    return [_from_parquet(dict(zip(NAMES, values, strict=True))) for values in zip(*columns, strict=True)]


def _refuse_other_format(path: Path, schema: pa.Schema) -> None:
    version = (schema.metadata or {}).get(_VERSION_KEY, b"none").decode()
    if version != str(FORMAT_VERSION) or not set(NAMES) - set(_ADDED) <= set(schema.names):
        raise OperatorError(f"{path} has format {version}, this program reads {FORMAT_VERSION}: update the program")


def _values_in(column: pa.ChunkedArray) -> list[Any]:
    """Times as the numbers that they are stored as: pyarrow would import pandas to make one of them."""
    stored: list[Any] = (column.cast(pa.int64()) if column.type == _TIME else column).to_pylist()
    return stored


def _from_parquet(row: dict[str, Any]) -> Response:
    times = {name: _EPOCH + timedelta(microseconds=row[name]) for name in _TIMES}
    return _response(row | times | {"call_id": UUID(row["call_id"])})


def _response(row: dict[str, Any]) -> Response:
    usage = TokenUsage(**{name: row.pop(name) for name in _USAGE})
    return Response(**row, usage=usage)


_TIMES = tuple(name for name, kind in _TYPES.items() if kind == _TIME)
_FROM_TEXT: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(_TIMES, datetime.fromisoformat),
    "call_id": UUID,
    "cost_usd": Decimal,
    "reported_cost_usd": Decimal,
}


def _to_text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _from_text(name: str, value: str | None) -> Any:
    return None if value is None else _FROM_TEXT[name](value)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
