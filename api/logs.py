"""How the API says what it notices: one JSON object a line, or words on a terminal, without secrets.

Not here: what is said; each module has a logger of its own. The other programs have a formatter of their own.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from api.request_ids import current_request_id

if TYPE_CHECKING:
    from api.settings import Settings

URL_PASSWORD = re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s:/@]*:)[^\s@/]+(?=@)", re.IGNORECASE)
WORD_PASSWORD = re.compile(r"(\bpassword\s*=\s*)('[^']*'|\S+)", re.IGNORECASE)
TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def redacted(text: str) -> str:
    """`text` without the passwords of the connection strings in it."""
    return WORD_PASSWORD.sub(r"\1***", URL_PASSWORD.sub(r"\1***", text))


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": redacted(record.getMessage()),
        }
        if (request_id := current_request_id()) is not None:
            line["request_id"] = request_id
        if record.exc_info:
            line["exception"] = redacted(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


class TextFormatter(logging.Formatter):
    """A record in words."""

    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))


def start_logging(settings: Settings) -> None:
    """Everything from warnings on goes to standard error, as AIBAAS_LOG_FORMAT says or a terminal suggests."""
    is_text = sys.stderr.isatty() if settings.log_format is None else settings.log_format == "text"
    stream = logging.StreamHandler()
    stream.setFormatter(TextFormatter(TEXT) if is_text else JsonFormatter())
    logging.basicConfig(level=logging.WARNING, handlers=[stream], force=True)
