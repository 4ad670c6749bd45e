"""Every route, asked with drawn parameters that keep to the OpenAPI document or break it, one by one and in chains: no
defect, no answer that is not documented, and none that is other than documented.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    import httpx
    from schemathesis import Case
    from schemathesis.schemas import BaseSchema

FEW = settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
MANY = settings(FEW, max_examples=1000, derandomize=False)


@pytest.fixture(scope="session")
def document(api: httpx.Client) -> BaseSchema:
    """The document as the running API serves it. A value that none of the marts holds is refused by name, so 422 is
    no failure of what keeps to the document.
    """
    schema = schemathesis.openapi.from_dict(api.get("/openapi.json").json())
    schema.config.update(base_url=str(api.base_url))
    schema.config.checks.positive_data_acceptance.expected_statuses = ["2xx", "404", "422"]
    return schema


@pytest.fixture(scope="session")
def session() -> requests.Session:
    made = requests.Session()
    made.trust_env = False
    return made


every_route = schemathesis.pytest.from_fixture("document")


@every_route.parametrize()
@FEW
def test_every_route_keeps_to_the_document(case: Case, session: requests.Session) -> None:
    case.call_and_validate(session=session)


@pytest.mark.soak
@every_route.parametrize()
@MANY
def test_every_route_keeps_to_the_document_for_long(case: Case, session: requests.Session) -> None:
    case.call_and_validate(session=session)


def machine_of(document: BaseSchema, session: requests.Session) -> Any:
    class Chain(document.as_state_machine()):  # type: ignore[misc]
        def get_call_kwargs(self, case: Case) -> dict[str, Any]:  # noqa: ARG002 - schemathesis' signature
            return {"session": session}

    return Chain


def test_what_one_route_tells_another_takes(document: BaseSchema, session: requests.Session) -> None:
    machine_of(document, session).run(settings=settings(FEW, max_examples=8, stateful_step_count=4))


@pytest.mark.soak
def test_what_one_route_tells_another_takes_for_long(document: BaseSchema, session: requests.Session) -> None:
    machine_of(document, session).run(settings=settings(MANY, max_examples=300, stateful_step_count=10))
