from __future__ import annotations

import pytest

from orchestration.providers.rate_limit_headers import Allowance, allowances

DATE = {"date": "Thu, 26 Nov 2026 12:00:00 GMT"}


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        (
            {
                "x-ratelimit-limit-requests": "60",
                "x-ratelimit-remaining-requests": "30",
                "x-ratelimit-reset-requests": "1m30s",
                "x-ratelimit-limit-tokens": "150000",
                "x-ratelimit-remaining-tokens": "149984",
                "x-ratelimit-reset-tokens": "8ms",
            },
            [Allowance("requests", 30, 90, 30 / 90), Allowance("tokens", 149984, 0.008, 2000)],
        ),
        (
            {
                "anthropic-ratelimit-requests-limit": "50",
                "anthropic-ratelimit-requests-remaining": "0",
                "anthropic-ratelimit-requests-reset": "2026-11-26T12:01:00Z",
            },
            [Allowance("requests", 0, 60, 50 / 60)],
        ),
        ({"ratelimit": '"default";r=5;t=30'}, [Allowance("requests", 5, 30)]),
        ({"ratelimit": "limit=100, remaining=0, reset=7"}, [Allowance("requests", 0, 7)]),
        ({"ratelimit-limit": "9", "ratelimit-remaining": "4", "ratelimit-reset": "12"}, [Allowance("requests", 4, 12)]),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1795694460000"}, [Allowance("requests", 0, 60)]),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1795694460"}, [Allowance("requests", 0, 60)]),
        ({"x-ratelimit-remaining-requests": "3"}, []),
        ({"x-ratelimit-remaining-requests": "three", "x-ratelimit-reset-requests": "1s"}, []),
        ({"x-ratelimit-remaining-requests": "3", "x-ratelimit-reset-requests": "soon"}, []),
        ({"x-ratelimit-remaining-requests": "-3", "x-ratelimit-reset-requests": "1s"}, []),
        ({"ratelimit": "?1;;="}, []),
        ({}, []),
    ],
)
def test_what_hosts_say_of_their_limits_is_read(headers: dict[str, str], found: list[Allowance]) -> None:
    assert [_rounded(allowance) for allowance in allowances(DATE | headers)] == [_rounded(one) for one in found]


def _rounded(allowance: Allowance) -> tuple[str, float, float, float | None]:
    fill = allowance.fill_per_s
    return allowance.unit, allowance.remaining, round(allowance.reset_s, 3), fill and round(fill, 6)


def test_a_moment_is_read_against_the_host_s_own_clock() -> None:
    skewed = {
        "date": "Thu, 26 Nov 2026 09:00:00 GMT",
        "anthropic-ratelimit-tokens-remaining": "10",
        "anthropic-ratelimit-tokens-reset": "2026-11-26T09:00:20Z",
    }
    assert allowances(skewed) == [Allowance("tokens", 10, 20)]
