"""What the API measures of itself, scraped over HTTP as Prometheus does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client.parser import text_string_to_metric_families

from api.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    import httpx

Labels = frozenset[tuple[str, str]]


def scraped(api: httpx.Client) -> dict[tuple[str, Labels], float]:
    response = api.get("/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain")
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


def requests_of(found: dict[tuple[str, Labels], float], route: str, status: str) -> float:
    labels = frozenset({"method": "GET", "route": route, "status": status}.items())
    return found.get(("aibaas_api_requests_total", labels), 0.0)


def test_requests_are_counted_by_route_and_status_and_ids_make_no_series(
    serve_api: Callable[[Settings], AbstractContextManager[httpx.Client]], marts_url: str
) -> None:
    with serve_api(Settings(database_url=marts_url)) as api:
        for target_id in ("sim-atlas", "acme-ohm", "no-such-model"):
            api.get(f"/v1/models/{target_id}")
        for path in ("/nothing/1", "/nothing/2"):
            assert api.get(path).status_code == 404
        found = scraped(api)
    assert requests_of(found, "/v1/models/{model_id}", "200") == 2
    assert requests_of(found, "/v1/models/{model_id}", "404") == 1
    assert requests_of(found, "none", "404") == 2
    routes = {dict(labels)["route"] for name, labels in found if name == "aibaas_api_requests_total"}
    assert routes == {"/v1/models/{model_id}", "none", "/healthz"}
    in_buckets = frozenset({"method": "GET", "route": "/v1/models/{model_id}", "le": "+Inf"}.items())
    assert found["aibaas_api_request_duration_seconds_bucket", in_buckets] == 3
    assert found["aibaas_api_requests_in_progress", frozenset()] == 1


def test_the_pool_says_how_much_of_it_is_used(
    serve_api: Callable[[Settings], AbstractContextManager[httpx.Client]], marts_url: str
) -> None:
    with serve_api(Settings(database_url=marts_url, pool_size=3)) as api:
        api.get("/v1/models")
        found = scraped(api)
    pool = {dict(labels)["state"]: value for (name, labels), value in found.items() if name.endswith("connections")}
    assert pool["limit"] == 3
    assert 1 <= pool["open"] <= 3
    assert 0 <= pool["in_use"] <= pool["open"]


def test_metrics_answer_while_the_database_is_down(
    serve_api: Callable[[Settings], AbstractContextManager[httpx.Client]],
) -> None:
    down = Settings(database_url="postgresql://nobody@127.0.0.1:1/none", connect_timeout_s=0.2)
    with serve_api(down) as api:
        assert api.get("/v1/models").status_code == 503
        found = scraped(api)
    assert requests_of(found, "/v1/models", "503") == 1
