"""What can go wrong between a page and the API, each in one line that a reader of the page can act on.

    ApiError
      ApiUnreachableError   nobody answers at the address
      ApiTooSlowError       no answer within the time limit
      ApiRefusedError       the API answered with problem details (RFC 9457): status, title, detail
        ApiNotFoundError    ... because what was asked for does not exist
        ApiDeniedError      ... because the key is unknown, or does not open this
      ApiUnreadableError    an answer that is not what its OpenAPI file promises

Not here: when they are raised (transport), nor how a page shows them.
"""

from __future__ import annotations


class ApiError(Exception):
    """What went wrong and how to mend it."""


class ApiUnreachableError(ApiError):
    """Nobody answers at the address."""


class ApiTooSlowError(ApiError):
    """No answer within the time limit."""


class ApiRefusedError(ApiError):
    """The API says no, and why."""


class ApiNotFoundError(ApiRefusedError):
    """The API does not know what was asked for."""


class ApiDeniedError(ApiRefusedError):
    """The API does not know the key, or the key does not open what was asked for."""


class ApiUnreadableError(ApiError):
    """The answer is not what the API promises."""
