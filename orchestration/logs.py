"""How the programs of orchestration say what they notice: one JSON object a line, or words, always without secrets.

Not here: what is said; each module has a logger of its own. The API and the dashboard have formatters of their own.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

LogFormat = Literal["json", "text"]

HIDDEN: Final = "***"
URL_PASSWORD: Final = re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s:/@]*:)[^\s@/]+(?=@)", re.IGNORECASE)
WORD_PASSWORD: Final = re.compile(r"(\bpassword\s*=\s*)('[^']*'|\S+)", re.IGNORECASE)
CONTEXT: Final = ("run_id", "partition", "job", "step")
"""What a record may say of where it was made: as `extra`, or as Dagster's own metadata."""

# The tags of a run that name its partition, or the first and the last of many.
_PARTITION_TAG: Final = "dagster/partition"
_RANGE_TAGS: Final = ("dagster/asset_partition_range_start", "dagster/asset_partition_range_end")


def redacted(text: str, secrets: Collection[str]) -> str:
    """`text` without the secrets and without the passwords of the connection strings in it."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return WORD_PASSWORD.sub(rf"\1{HIDDEN}", URL_PASSWORD.sub(rf"\1{HIDDEN}", text))


def context_of(record: logging.LogRecord) -> dict[str, str]:
    """The run, partition, job and step of a record, those that are known."""
    said = {name: str(value) for name in CONTEXT if (value := getattr(record, name, None)) is not None}
    return _dagster_context(_dagster_metadata(record)) | said


def chosen_format(stated: LogFormat | None) -> LogFormat:
    """What is stated, else words on a terminal and JSON for whatever collects lines."""
    return stated or ("text" if sys.stderr.isatty() else "json")


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON."""

    def __init__(self, secrets: Callable[[], Collection[str]]) -> None:
        super().__init__()
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message_of(record),
            **context_of(record),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        known = self._secrets()
        return json.dumps({key: redacted(value, known) for key, value in line.items()}, ensure_ascii=False)


class TextFormatter(logging.Formatter):
    """A record in words, with its run and partition in brackets."""

    def __init__(self, secrets: Callable[[], Collection[str]]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: ")
        self._secrets = secrets

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own spelling
        where = " ".join(f"{name}={value}" for name, value in context_of(record).items())
        return super().formatMessage(record) + _message_of(record) + (f" [{where}]" if where else "")

    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record), self._secrets())


def formatter_of(log_format: LogFormat, secrets: Callable[[], Collection[str]]) -> logging.Formatter:
    return JsonFormatter(secrets) if log_format == "json" else TextFormatter(secrets)


def start_logging(log_format: LogFormat, secrets: Callable[[], Collection[str]]) -> None:
    """Everything from warnings on goes to standard error."""
    stream = logging.StreamHandler()
    stream.setFormatter(formatter_of(log_format, secrets))
    logging.basicConfig(level=logging.WARNING, handlers=[stream], force=True)


def _dagster_metadata(record: logging.LogRecord) -> Mapping[str, Any]:
    found: Mapping[str, Any] = getattr(record, "dagster_meta", None) or {}
    return found


def _dagster_context(metadata: Mapping[str, Any]) -> dict[str, str]:
    tags = metadata.get("job_tags") or {}
    ends = [tags[tag] for tag in _RANGE_TAGS if tag in tags]
    found = {
        "run_id": metadata.get("run_id"),
        "partition": tags.get(_PARTITION_TAG) or "...".join(ends),
        "job": metadata.get("job_name"),
        "step": metadata.get("step_key"),
    }
    return {name: value for name, value in found.items() if value}


def _message_of(record: logging.LogRecord) -> str:
    """A step's own words; of Dagster's events the whole account, which holds the error."""
    metadata = _dagster_metadata(record)
    if metadata and not metadata.get("dagster_event"):
        return str(metadata.get("orig_message"))
    return record.getMessage()
