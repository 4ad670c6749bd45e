"""Every route, asked with drawn parameters that keep to the OpenAPI document or break it, one by one and in chains: no
defect, no answer that is not documented, and none that is other than documented.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings

from api.openapi import render
from tests.support.api_accounts import open_account

if TYPE_CHECKING:
    import httpx
    from schemathesis import Case

FEW = settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
MANY = settings(FEW, max_examples=1000, derandomize=False)
# Events have no end, and tests of their own.
DOCUMENT = schemathesis.openapi.from_dict(json.loads(render())).exclude(path="/v1/events")
# A value that none of the marts holds is refused by its name, and so are drawn keys and what stands already: none of them
# is a failure of what keeps to the document.
DOCUMENT.config.checks.positive_data_acceptance.expected_statuses = ["2xx", "401", "403", "404", "409", "422"]


@pytest.fixture(scope="module")
def session(accounts_url: str) -> requests.Session:
    """Of an account that may do everything."""
    made = requests.Session()
    made.trust_env = False
    made.headers.update(open_account(accounts_url, "enterprise").headers)
    return made


def check(case: Case, api: httpx.Client, session: requests.Session) -> None:
    """All checks of schemathesis."""
    case.call_and_validate(base_url=str(api.base_url), session=session)


@DOCUMENT.parametrize()
@FEW
def test_every_route_keeps_to_the_document(case: Case, keyed_api: httpx.Client, session: requests.Session) -> None:
    check(case, keyed_api, session)


@pytest.mark.soak
@DOCUMENT.parametrize()
@MANY
def test_every_route_keeps_to_the_document_for_long(
    case: Case, keyed_api: httpx.Client, session: requests.Session
) -> None:
    check(case, keyed_api, session)


def chained(api: httpx.Client, session: requests.Session, limits: settings) -> None:
    """Chains of requests, each with what an answer before it told."""

    class Chain(DOCUMENT.as_state_machine()):  # type: ignore[misc]
        def get_call_kwargs(self, case: Case) -> dict[str, Any]:  # noqa: ARG002 - schemathesis' signature
            return {"base_url": str(api.base_url), "session": session}

    Chain.run(settings=limits)


def test_what_one_route_tells_another_takes(keyed_api: httpx.Client, session: requests.Session) -> None:
    chained(keyed_api, session, settings(FEW, max_examples=8, stateful_step_count=4))


@pytest.mark.soak
def test_what_one_route_tells_another_takes_for_long(keyed_api: httpx.Client, session: requests.Session) -> None:
    chained(keyed_api, session, settings(MANY, max_examples=300, stateful_step_count=10))
