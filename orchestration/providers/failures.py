"""How a call fails: one tree of errors, and the one place where statuses, bodies and exceptions become it.

Not here: when a failed call is tried again (litellm_client), nor what it means for others of its host (host_gate).

::

    ProviderError
    |-- PermanentError                                 asking again brings the same
    |   |-- AuthenticationError        authentication  401, a key that the host refuses
    |   |   `-- AccessDeniedError      authentication  403: the key is known, this model or place is not for it
    |   |-- NotFoundError              not_found       404, 410, a redirect: no such model or path
    |   |-- ContentFilteredError       content_filter  the host withheld the prompt or the whole answer
    |   |-- ContextTooLongError        context_length  413, or a 400 that says so
    |   |-- OutOfBudgetError           budget          402, no credit left at the host, or our own budget
    |   |-- UnreadableAnswerError      malformed       sound JSON of a shape that can't be read: paid, not asked again
    |   `-- RequestRefusedError        unknown         any other 4xx
    `-- TransientError                                 asking again may help
        |-- RateLimitedError           rate_limit      429 (Retry-After is honoured)
        |-- OverloadedError            overloaded      503, 529, "overloaded" said by any status
        |-- CallTimedOutError          timeout         the deadline of the call, 408, 504
        |-- ConnectionFailedError      connection      no connection, or lost before any answer
        |-- MalformedAnswerError       malformed       not JSON, HTML, an empty body
        |   `-- TruncatedAnswerError   malformed       a body or a stream that was cut before its end
        `-- ProviderFaultError         unknown         500 and any other 5xx

Which retry layer hears what (every retry here is a paid call, so each failure has one listener):

=============================  ==========================  =====================  ==============================
failure                        client retry                Dagster op retry       Dagster run retry
                               (within the call's          (the asset again, asks (the run again, asks
                               deadline, 3 tries)          only missing calls)    only missing calls)
=============================  ==========================  =====================  ==============================
TransientError                 yes, while the circuit of   no: becomes a row      no
                               the host is not given up
                               and the hour has time left
PermanentError                 no: becomes a row at once   no                     no
open circuit, hour's deadline  never asked: a row at once  no                     no
database goes away             no                          yes, 3 times, once it  yes, where Dagster itself
                                                           is back                lost it in noting a step
archive fails                  no                          no: the run fails      no
SIGINT, SIGTERM                no: the grace, then sealed  no: the run ends       no: somebody wants it to end
process killed, worker lost    no                          no                     yes, when the daemon started it
OperatorError (a person mends) no                          no                     no
=============================  ==========================  =====================  ==============================
"""

from __future__ import annotations

import email.utils
import math
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orchestration.providers.interface import CallRecord

ErrorCode = Literal[
    "authentication",
    "not_found",
    "rate_limit",
    "overloaded",
    "timeout",
    "connection",
    "content_filter",
    "context_length",
    "malformed",
    "budget",
    "unknown",
]

SUCCESS = range(200, 300)
REDIRECTS = range(300, 400)
REFUSALS = range(400, 600)
SERVER_FAULTS = range(500, 600)

_DETAIL_CHARACTERS = 300


class ProviderError(Exception):
    """A call that brought no answer. `record` is set once the call is given up."""

    code: ClassVar[ErrorCode] = "unknown"
    is_permanent: ClassVar[bool] = True

    def __init__(self, detail: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(_one_line(detail))
        self.retry_after_s = retry_after_s
        self.record: CallRecord | None = None

    @property
    def detail(self) -> str:
        return str(self.args[0])


class PermanentError(ProviderError):
    """Asking again brings the same."""


class AuthenticationError(PermanentError):
    code = "authentication"


class AccessDeniedError(AuthenticationError):
    """What is asked for is refused, other things may be granted: it says nothing of the host's other models."""


class NotFoundError(PermanentError):
    code = "not_found"


class ContentFilteredError(PermanentError):
    code = "content_filter"


class ContextTooLongError(PermanentError):
    code = "context_length"


class OutOfBudgetError(PermanentError):
    code = "budget"


class UnreadableAnswerError(PermanentError):
    code = "malformed"


class RequestRefusedError(PermanentError):
    code = "unknown"


class TransientError(ProviderError):
    """Asking again may help."""

    is_permanent = False


class RateLimitedError(TransientError):
    code = "rate_limit"


class OverloadedError(TransientError):
    code = "overloaded"


class CallTimedOutError(TransientError):
    code = "timeout"


class ConnectionFailedError(TransientError):
    code = "connection"


class MalformedAnswerError(TransientError):
    code = "malformed"


class TruncatedAnswerError(MalformedAnswerError):
    """A body or a stream that ended before its end; never presented as a finished answer."""


class ProviderFaultError(TransientError):
    code = "unknown"


_BY_STATUS: Mapping[int, type[ProviderError]] = {
    401: AuthenticationError,
    402: OutOfBudgetError,
    403: AccessDeniedError,
    404: NotFoundError,
    408: CallTimedOutError,
    410: NotFoundError,
    413: ContextTooLongError,
    425: RateLimitedError,
    429: RateLimitedError,
    503: OverloadedError,
    504: CallTimedOutError,
    524: CallTimedOutError,
    529: OverloadedError,
}

# What hosts write in the body of an error whose status alone says too little. First match wins; the statuses are
# those for which the words are trusted (a 500 that quotes a prompt about "context length" is still a 500).
_BY_WORDS: tuple[tuple[range, re.Pattern[str], type[ProviderError]], ...] = (
    (
        range(400, 600),
        re.compile(r"overloaded_error|server_overloaded|\bis overloaded\b", re.IGNORECASE),
        OverloadedError,
    ),
    (
        range(400, 430),
        re.compile(
            r"insufficient_quota|credit balance is too low|billing_hard_limit|insufficient credits", re.IGNORECASE
        ),
        OutOfBudgetError,
    ),
    (
        range(400, 404),
        re.compile(r"api[_ ]key[_ ](not valid|invalid)|invalid[_ ]api[_ ]key", re.IGNORECASE),
        AuthenticationError,
    ),
    (
        range(400, 423),
        re.compile(
            r"context_length_exceeded|maximum context length|prompt is too long|exceeds the maximum number of tokens",
            re.IGNORECASE,
        ),
        ContextTooLongError,
    ),
    (
        range(400, 423),
        re.compile(r"content_filter|content_policy_violation|content management policy", re.IGNORECASE),
        ContentFilteredError,
    ),
)


def failure_of_status(status: int, body: str, headers: Mapping[str, str]) -> ProviderError:
    """What an HTTP answer with an error status means. `headers` have lower-case names."""
    detail = f"HTTP {status}: {body.strip() or 'empty body'}"
    return _kind_of(status, body)(detail, retry_after_s=retry_after_s(headers))


def failure_of_event(error: object, headers: Mapping[str, str]) -> ProviderError:
    """What an `error` object inside a 200 answer or a stream means; its code is a status or a word."""
    said = error if isinstance(error, dict) else {"message": str(error)}
    code = said.get("code")
    status = code if isinstance(code, int) and code in REFUSALS else _status_of_type(str(said.get("type") or code))
    text = str(said.get("message") or said)
    return _kind_of(status, f"{said.get('type')} {code} {text}")(
        f"error in the answer: {text}", retry_after_s=retry_after_s(headers)
    )


def failure_of_dialect(error: Exception) -> ProviderError:
    """What an exception means that litellm raised while it built a request or read a sound HTTP answer."""
    status = getattr(error, "status_code", None)
    if isinstance(status, int) and status in REFUSALS and getattr(error, "llm_provider", None):
        return _kind_of(status, str(error))(f"litellm: {error}")
    said, _, _ = str(error).partition("Traceback")
    return UnreadableAnswerError(f"litellm could not read the answer: {type(error).__name__}: {said}")


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Seconds that the host asks to wait: `retry-after-ms`, or `Retry-After` as seconds or as an HTTP date.

    A date is read against the host's own clock, so that its clock may be wrong.
    """
    milliseconds = finite_number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    stated = headers.get("retry-after")
    seconds = finite_number(stated)
    if seconds is not None or stated is None:
        return seconds
    until = _http_date(stated)
    return max(0.0, (until - host_clock(headers)).total_seconds()) if until else None


def host_clock(headers: Mapping[str, str]) -> datetime:
    """The time by the host's Date header; by our clock where it states none."""
    return _http_date(headers.get("date", "")) or datetime.now(UTC)


def _kind_of(status: int, body: str) -> type[ProviderError]:
    for statuses, words, kind in _BY_WORDS:
        if status in statuses and words.search(body):
            return kind
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status in SERVER_FAULTS:
        return ProviderFaultError
    return NotFoundError if status in REDIRECTS else RequestRefusedError


_STATUS_OF_TYPE: Mapping[str, int] = {
    "overloaded_error": 529,
    "rate_limit_error": 429,
    "rate_limit_exceeded": 429,
    "authentication_error": 401,
    "permission_error": 403,
    "not_found_error": 404,
    "invalid_request_error": 400,
    "timeout_error": 504,
}


def _status_of_type(name: str) -> int:
    return _STATUS_OF_TYPE.get(name, 500)


def finite_number(text: str | None) -> float | None:
    """The number that a header states; None for one that is negative, endless or no number."""
    try:
        value = float(text) if text is not None else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None


def _http_date(text: str) -> datetime | None:
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _DETAIL_CHARACTERS else f"{line[: _DETAIL_CHARACTERS - 3]}..."
