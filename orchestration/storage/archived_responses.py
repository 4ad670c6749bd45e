"""The two forms of a response on disk: a JSON line while its hour is open, a Parquet row when it is sealed.

A sealed file states a digest of its measurements and of its answers' hashes, which outlives the answers' text. The
hashes themselves are in it once the text is not: until then they are made of it.
Not here: which files there are (archive).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, Literal
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import json as json_format

from orchestration.records import GoneAnswer, Response, TokenUsage
from orchestration.settings import OperatorError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

FORMAT_VERSION: Final = 2
_OLDER_VERSIONS: Final = {"1"}
"""Had the hashes of answers beside their text too."""
Gone = Literal["", "expired", "lost"]
"""Why a file has no answers' text: it has it, it was kept long enough, or it was damaged."""
_VERSION_KEY: Final = b"aibaas.responses.version"
_DIGEST_KEY: Final = b"aibaas.responses.sha256"
_GONE_KEY: Final = b"aibaas.answers.gone"

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
    "answer_sha256": pa.string(),
    "answer_bytes": pa.int64(),
}
SCHEMA = pa.schema(list(_TYPES.items()), metadata={_VERSION_KEY: str(FORMAT_VERSION).encode()})
NAMES: tuple[str, ...] = tuple(_TYPES)
_ADDED = ("reported_cost_usd", "forced_by", "answer_sha256", "answer_bytes")
"""What a file may lack, which is unknown then: it is of an older program, or has no value of it."""
_USAGE = tuple(field.name for field in fields(TokenUsage))
_HASHES = ("answer_sha256", "answer_bytes")
_LINE_NAMES = tuple(name for name in NAMES if name not in _HASHES)
"""A line has the answer itself; it may hold halves of surrogate pairs, of which there is no hash."""


def _values_of(names: Iterable[str]) -> Callable[[Response], tuple[Any, ...]]:
    return attrgetter(*(f"usage.{name}" if name in _USAGE else name for name in names))


_values, _line_values = _values_of(NAMES), _values_of(_LINE_NAMES)


def to_line(response: Response) -> bytes:
    """One JSON line. A half of a surrogate pair, which no encoding can carry, becomes a question mark."""
    return _json_line(_LINE_NAMES, _line_values(response))


def from_line(line: bytes) -> Response:
    """Raises ValueError, KeyError or TypeError for anything that `to_line` has not made."""
    row = dict.fromkeys(_ADDED) | json.loads(line)
    return _response(row | {name: _from_text(name, row[name]) for name in _FROM_TEXT})


# An hour has few rows: dictionaries and bounds of its columns were a third of the file, Arrow's own copy of the schema
# and the hashes a fifth. Level 15 takes 15 ms for 72 answers, 0.6 s for 8,000; higher ones save a thousandth.
_WRITTEN: Final[dict[str, Any]] = {
    "compression": "zstd",
    "compression_level": 15,
    "use_dictionary": False,
    "write_statistics": False,
    "write_page_checksum": True,
    "store_schema": False,
}
_IS_WHOLE_NUMBER: Final = {
    name: pa.types.is_integer(kind) or pa.types.is_timestamp(kind) for name, kind in _TYPES.items()
}


@dataclass(frozen=True, slots=True)
class SealedFile:
    """What a Parquet file holds."""

    responses: list[Response]
    table: pa.Table

    @property
    def gone(self) -> Gone:
        gone: Gone = (self.table.schema.metadata or {}).get(_GONE_KEY, b"").decode()
        return gone

    @property
    def is_as_sealed(self) -> bool:
        """Whether rows and answers are those that the digests were made of. A file of an older program has none."""
        stated: bytes | None = self.table.schema.metadata.get(_DIGEST_KEY)
        return stated is None or stated == _digest(self.table, self.responses)


def to_parquet(responses: Sequence[Response], *, gone: Gone = "") -> bytes:
    """With checksums of its pages: without them damaged answers would be read as if they were whole.

    The table is parsed from lines: whatever makes an array of Python's values imports pandas (0.2 CPU s, 50 MB).
    """
    lines = b"".join(_json_line(NAMES, _values(response)) for response in responses)
    whole = json_format.ReadOptions(use_threads=False, block_size=len(lines) + 1)
    typed = json_format.ParseOptions(explicit_schema=SCHEMA, unexpected_field_behavior="error")
    table = json_format.read_json(pa.BufferReader(lines), whole, typed).select(NAMES)
    table = table.drop_columns(_needless(table, responses))
    stated = {_DIGEST_KEY: _digest(table, responses), _GONE_KEY: gone.encode()}
    numbers = {name: "DELTA_BINARY_PACKED" for name in table.schema.names if _IS_WHOLE_NUMBER[name]}
    buffer = pa.BufferOutputStream()
    with pq.ParquetWriter(buffer, table.schema, column_encoding=numbers, **_WRITTEN) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({**SCHEMA.metadata, **stated})
    return bytes(buffer.getvalue())


def _needless(table: pa.Table, responses: Sequence[Response]) -> list[str]:
    """Columns without a value, of those that a file may lack, and the hashes of answers whose text is there."""
    empty = {name for name in _ADDED if table.column(name).null_count == table.num_rows}
    return sorted(empty if any(response.gone for response in responses) else empty.union(_HASHES))


def from_parquet(data: bytes, place: str) -> SealedFile:
    """Raises DamagedFileError, and OperatorError for a file of a newer program; both name the file's `place`."""
    try:
        table = pq.ParquetFile(pa.BufferReader(data), page_checksum_verification=True).read()
    except (pa.ArrowException, OSError) as error:
        raise DamagedFileError(place, f"is damaged ({_first_line(error)})") from None
    _refuse_other_format(place, table.schema)
    nothing = [None] * table.num_rows
    columns = [_values_in(table.column(name)) if name in table.schema.names else nothing for name in NAMES]
    responses = [_from_parquet(dict(zip(NAMES, values, strict=True))) for values in zip(*columns, strict=True)]
    return SealedFile(responses, table)


def stated_gone(data: bytes) -> Gone:
    """What a file says of its answers, without reading them. Empty for one that is damaged."""
    try:
        metadata = pq.read_metadata(pa.BufferReader(data)).metadata or {}
    except (pa.ArrowException, OSError):
        return ""
    gone: Gone = metadata.get(_GONE_KEY, b"").decode()
    return gone


def without_text(response: Response) -> Response:
    """The response with its measurements and the hash of its answer, whose text is gone."""
    sha256, size = response.answer_sha256, response.answer_bytes
    gone = None if sha256 is None or size is None else GoneAnswer(sha256, size)
    return replace(response, answer=None, gone=gone)


class DamagedFileError(OperatorError):
    """A sealed file that can't be read, or is not there."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place} {reason}: restore it from a backup, or run ./aibaas archive mend")
        self.reason = reason


def _digest(table: pa.Table, responses: Sequence[Response]) -> bytes:
    """SHA-256 of all columns but the text of answers, row by row as JSON; the hashes are those of the answers."""
    hashes = {name: [getattr(response, name) for response in responses] for name in _HASHES}
    names = sorted({*table.schema.names, *_HASHES} - {"answer"})
    columns = [hashes[name] if name in hashes else _values_in(table.column(name)) for name in names]
    lines = "\n".join(json.dumps(dict(zip(names, row, strict=True)), default=str) for row in zip(*columns, strict=True))
    return hashlib.sha256(lines.encode()).hexdigest().encode()


def _json_line(names: Iterable[str], values: Iterable[Any]) -> bytes:
    row = dict(zip(names, values, strict=True))
    return json.dumps(row, default=_to_text, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _refuse_other_format(place: str, schema: pa.Schema) -> None:
    version = (schema.metadata or {}).get(_VERSION_KEY, b"none").decode()
    if version not in {str(FORMAT_VERSION), *_OLDER_VERSIONS} or not set(NAMES) - set(_ADDED) <= set(schema.names):
        raise OperatorError(f"{place} has format {version}, this program reads {FORMAT_VERSION}: update the program")


def _values_in(column: pa.ChunkedArray) -> list[Any]:
    """Times as the numbers that they are stored as: pyarrow would import pandas to make one of them."""
    stored: list[Any] = (column.cast(pa.int64()) if column.type == _TIME else column).to_pylist()
    return stored


def _from_parquet(row: dict[str, Any]) -> Response:
    times = {name: _EPOCH + timedelta(microseconds=row[name]) for name in _TIMES}
    return _response(row | times | {"call_id": UUID(row["call_id"])})


def _response(row: dict[str, Any]) -> Response:
    usage = TokenUsage(**{name: row.pop(name) for name in _USAGE})
    sha256, size = row.pop("answer_sha256", None), row.pop("answer_bytes", None)
    is_gone = row["answer"] is None and sha256 is not None
    return Response(**row, usage=usage, gone=GoneAnswer(sha256, size) if is_gone else None)


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
