"""How the dashboard says what it notices: one JSON object a line, or words on a terminal, without passwords.

Not here: what is said, most of it by Streamlit. The other programs have a formatter of their own.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from streamlit import logger as streamlit_logger

if TYPE_CHECKING:
    from dashboard.settings import Settings

URL_PASSWORD = re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s:/@]*:)[^\s@/]+(?=@)", re.IGNORECASE)


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps({key: URL_PASSWORD.sub(r"\1***", said) for key, said in line.items()}, ensure_ascii=False)


def is_worth_a_line(record: logging.LogRecord) -> bool:
    """Streamlit's server sets its loggers' level itself, and tells every start and connection."""
    return record.levelno >= logging.WARNING


def start_logging(settings: Settings) -> None:
    """Streamlit's loggers too: they have streams of their own, whose format its options give only as a template."""
    for name in ("uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).addFilter(is_worth_a_line)
    is_text = sys.stderr.isatty() if settings.log_format is None else settings.log_format == "text"
    if is_text:
        return
    stream = logging.StreamHandler()
    stream.setFormatter(JsonFormatter())
    logging.basicConfig(level=logging.WARNING, handlers=[stream], force=True)

    def use_the_root(logger: logging.Logger) -> None:
        logger.handlers.clear()
        logger.propagate = True

    streamlit_logger.setup_formatter = use_the_root
    streamlit_logger.update_formatter()
