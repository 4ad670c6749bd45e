"""The server as clients of the protocol see it: the official one, litellm's, and plain HTTP."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import httpx
import openai
import pytest

from orchestration.settings import OperatorError, settings
from orchestration.simulator.server import build_app
from orchestration.simulator.serving import serving
from orchestration.simulator.simulated_models import SimulatedModels, simulated_models
from scenarios.loader import load_scenario
from scenarios.variants import instantiate

if TYPE_CHECKING:
    from collections.abc import Iterator

PAST = datetime(2026, 11, 8, 3, tzinfo=UTC)
ANCHOR_DAY = datetime(2026, 11, 20, tzinfo=UTC)
MODELS = {"atlas", "borealis", "cobalt", "dynamo", "ember", "flint"}
PROMPT = instantiate(load_scenario(settings().scenarios_dir / "core" / "bug-fixing" / "off-by-one-pager")).prompt


def question(text: str = PROMPT, model: str = "atlas", **changes: Any) -> dict[str, Any]:
    return {"model": model, "messages": [{"role": "user", "content": text}]} | changes


def at(moment: datetime, **headers: str) -> dict[str, str]:
    return {"x-simulated-time": moment.isoformat()} | headers


@pytest.fixture
def client(base_url: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(
        base_url=base_url, api_key="any", max_retries=0, http_client=httpx.Client(trust_env=False)
    ) as client:
        yield client


def answered_hour(http: httpx.Client, **changes: Any) -> datetime:
    """An hour in which the question of `changes` is answered, since some hours bring failures."""
    for hours in range(48):
        moment = PAST + timedelta(hours=hours)
        if http.post("/chat/completions", json=question(**changes), headers=at(moment)).status_code == 200:
            return moment
    raise AssertionError("no hour is answered")


def test_the_official_client_reads_an_answer(client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(**question(), extra_headers=at(PAST))
    assert answer.object == "chat.completion"
    assert answer.id.startswith("chatcmpl-")
    assert answer.model == "atlas"
    assert answer.created == pytest.approx(PAST.timestamp(), abs=60)
    assert (answer.system_fingerprint or "").startswith("fp_")
    assert answer.choices[0].message.role == "assistant"
    assert answer.choices[0].message.content
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage is not None
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
    assert answer.usage.completion_tokens_details is not None
    assert 0 < (answer.usage.completion_tokens_details.reasoning_tokens or 0) < answer.usage.completion_tokens


def test_a_stream_says_the_same_as_a_whole_answer(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(**question(), extra_headers=at(PAST))
    options = {"stream": True, "stream_options": {"include_usage": True}}
    chunks = list(client.chat.completions.create(**question(), **options, extra_headers=at(PAST)))
    assert chunks[0].choices[0].delta.role == "assistant"
    assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices) == whole.choices[0].message.content
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"
    assert chunks[-1].choices == []
    assert chunks[-1].usage == whole.usage
    assert all(chunk.usage is None for chunk in chunks[:-1])
    assert {chunk.id for chunk in chunks} == {whole.id}


def test_a_stream_is_framed_as_server_sent_events(http: httpx.Client) -> None:
    response = http.post("/chat/completions", json=question(stream=True), headers=at(PAST))
    assert response.headers["content-type"].startswith("text/event-stream")
    *events, done, rest = response.text.split("\n\n")
    assert (done, rest) == ("data: [DONE]", "")
    assert all(event.startswith("data: {") for event in events)
    assert all("usage" not in json.loads(event.removeprefix("data: ")) for event in events)


@pytest.mark.filterwarnings("ignore::UserWarning")  # pydantic's, about litellm's own types
def test_litellm_reads_answers_and_streams(base_url: str) -> None:
    litellm = pytest.importorskip("litellm")
    asked = question(model="openai/atlas") | {"api_base": base_url, "api_key": "any", "extra_headers": at(PAST)}

    async def both() -> tuple[Any, str]:
        whole = await litellm.acompletion(**asked)
        stream = await litellm.acompletion(**asked, stream=True, stream_options={"include_usage": True})
        return whole, "".join([chunk.choices[0].delta.content or "" async for chunk in stream if chunk.choices])

    whole, streamed = asyncio.run(both())
    assert whole.choices[0].message.content == streamed
    assert whole.usage.completion_tokens_details.reasoning_tokens > 0


def test_models_are_listed_with_dated_prices(client: openai.OpenAI, http: httpx.Client) -> None:
    assert {model.id for model in client.models.list()} == MODELS
    listed = {model["id"]: model["pricing"] for model in http.get("/models").json()["data"]}
    first, second = listed["borealis"]
    assert second["valid_from"] == "2026-11-14T00:00:00+00:00"
    assert first == {"valid_from": "2026-06-23T00:00:00+00:00", "prompt": "0.00000125", "completion": "0.000005"}
    assert Decimal(second["prompt"]) == 2 * Decimal(first["prompt"])
    assert all(len(pricing) == 1 for name, pricing in listed.items() if name != "borealis")


def test_a_past_hour_is_answered_at_once_with_its_times(http: httpx.Client) -> None:
    started = time.monotonic()
    response = http.post("/chat/completions", json=question(), headers=at(PAST))
    took_s = time.monotonic() - started
    first_ms, latency_ms = (float(response.headers[f"x-simulated-{name}-ms"]) for name in ("ttft", "latency"))
    assert took_s * 1000 < latency_ms
    assert 300 < first_ms < latency_ms
    started_at = datetime.fromisoformat(response.headers["x-simulated-started-at"])
    assert PAST <= started_at < PAST + timedelta(minutes=1)


def test_an_outage_fails_with_its_times(http: httpx.Client) -> None:
    moment = ANCHOR_DAY - timedelta(days=8) + timedelta(hours=12)
    response = http.post("/chat/completions", json=question(model="ember"), headers=at(moment))
    assert response.status_code == 503
    assert response.json()["error"]["type"] == "server_error"
    assert float(response.headers["x-simulated-latency-ms"]) > 0
    assert datetime.fromisoformat(response.headers["x-simulated-started-at"]) >= moment


@pytest.mark.parametrize("streamed", [False, True])
def test_a_present_call_really_takes_its_time(http: httpx.Client, streamed: bool) -> None:
    asked = question("Hello?", model="dynamo", stream=streamed, max_tokens=30)
    started = time.monotonic()
    with http.stream("POST", "/chat/completions", json=asked) as response:
        assert response.status_code == 200
        assert "x-simulated-latency-ms" not in response.headers
        arrivals = [time.monotonic() - started for _ in response.iter_raw()]
    assert 0.1 < arrivals[-1] < 5
    assert len(arrivals) > 3 if streamed else True
    assert arrivals[-1] - arrivals[0] > 0.03 if streamed else True


def test_an_hour_ago_is_still_the_present(http: httpx.Client) -> None:
    recent = datetime.now(UTC) - timedelta(minutes=59)
    response = http.post("/chat/completions", json=question("Hello?", model="flint", max_tokens=5), headers=at(recent))
    assert "x-simulated-latency-ms" not in response.headers


def test_two_servers_answer_alike(http: httpx.Client) -> None:
    again = simulated_models(settings().scenarios_dir, events_anchor=ANCHOR_DAY.date())
    with serving(build_app(again)) as url, httpx.Client(base_url=url, trust_env=False) as other:
        for hours in range(24):
            for model in sorted(MODELS):
                asked, headers = question(model=model), at(PAST + timedelta(hours=hours))
                one, two = (c.post("/chat/completions", json=asked, headers=headers) for c in (http, other))
                assert (one.status_code, one.content) == (two.status_code, two.content)
                assert one.headers.get("x-simulated-latency-ms") == two.headers.get("x-simulated-latency-ms")


def test_another_seed_answers_otherwise(http: httpx.Client) -> None:
    seeded = simulated_models(settings().scenarios_dir, events_anchor=ANCHOR_DAY.date(), seed=1)
    with serving(build_app(seeded)) as url, httpx.Client(base_url=url, trust_env=False) as other:
        one, two = (c.post("/chat/completions", json=question(), headers=at(PAST)) for c in (http, other))
    assert one.headers["x-simulated-latency-ms"] != two.headers["x-simulated-latency-ms"]


@pytest.mark.parametrize(
    ("asked", "status", "error"),
    [
        (question(model="zircon"), 404, openai.NotFoundError),
        (question(messages=[]), 400, openai.BadRequestError),
        (question(max_tokens=0.5), 400, openai.BadRequestError),
    ],
)
def test_mistakes_of_a_client_are_told_in_the_protocol(
    client: openai.OpenAI, asked: dict[str, Any], status: int, error: type[openai.APIStatusError]
) -> None:
    with pytest.raises(error) as raised:
        client.chat.completions.create(**asked)
    assert raised.value.status_code == status
    assert raised.value.type == "invalid_request_error"


def test_an_unknown_path_is_told_in_the_protocol(http: httpx.Client) -> None:
    assert http.get("/nothing").json()["error"]["message"] == "Not Found: /v1/nothing"
    assert http.get("/chat/completions").status_code == 405


def test_a_bad_key_is_refused(models: SimulatedModels) -> None:
    with serving(build_app(models, api_key="right")) as url:
        for key, status in (("right", 200), ("wrong", 401), ("rightly", 401)):
            response = httpx.get(f"{url}/models", headers={"Authorization": f"Bearer {key}"}, trust_env=False)
            assert response.status_code == status
        assert response.json()["error"]["code"] == "invalid_api_key"
        assert httpx.get(f"{url}/models", trust_env=False).status_code == 401


@pytest.mark.parametrize(
    ("fault", "status", "retry_after"),
    [
        ("401", 401, None),
        ("404", 404, None),
        ("429", 429, "2"),
        ("429-no-retry-after", 429, None),
        ("500", 500, None),
        ("503", 503, None),
        ("504", 504, None),
        ("529", 529, None),
    ],
)
def test_a_failure_on_demand(http: httpx.Client, fault: str, status: int, retry_after: str | None) -> None:
    headers = at(PAST, **{"x-simulated-fault": fault})
    response = http.post("/chat/completions", json=question(), headers=headers)
    assert response.status_code == status
    assert response.headers.get("retry-after") == retry_after
    assert set(response.json()["error"]) == {"message", "type", "param", "code"}
    assert float(response.headers["x-simulated-latency-ms"]) > 0


def test_a_clock_that_is_ahead_on_demand(http: httpx.Client) -> None:
    moment, ahead = answered_hour(http), timedelta(hours=2)
    answer, limited = (
        http.post("/chat/completions", json=question(), headers=at(moment, **{"x-simulated-fault": fault}))
        for fault in ("clock-skew", "429-skewed-date")
    )
    assert answer.json()["created"] == pytest.approx((moment + ahead).timestamp(), abs=60)
    dates = [parsedate_to_datetime(response.headers["date"]) for response in (answer, limited)]
    assert all(date - datetime.now(UTC) == pytest.approx(ahead, abs=timedelta(seconds=5)) for date in dates)
    assert parsedate_to_datetime(limited.headers["retry-after"]) - dates[1] == timedelta(seconds=2)


@pytest.mark.parametrize("streamed", [False, True])
def test_malformed_json_on_demand(http: httpx.Client, streamed: bool) -> None:
    headers = at(answered_hour(http), **{"x-simulated-fault": "malformed-json"})
    response = http.post("/chat/completions", json=question(stream=streamed), headers=headers)
    assert response.status_code == 200
    bodies = [e.removeprefix("data: ") for e in response.text.split("\n\n") if e.startswith("data: {")]
    with pytest.raises(json.JSONDecodeError):
        [json.loads(body) for body in bodies or [response.text]]


@pytest.mark.parametrize("streamed", [False, True])
def test_a_cut_answer_on_demand(http: httpx.Client, streamed: bool) -> None:
    headers = at(answered_hour(http), **{"x-simulated-fault": "cut-stream"})
    with pytest.raises(httpx.RemoteProtocolError):
        http.post("/chat/completions", json=question(stream=streamed), headers=headers)


def test_a_hang_on_demand_lasts_until_the_client_gives_up(http: httpx.Client) -> None:
    headers = at(PAST, **{"x-simulated-fault": "hang"})
    with pytest.raises(httpx.ReadTimeout):
        http.post("/chat/completions", json=question(), headers=headers, timeout=0.3)
    assert http.get("/models").status_code == 200


def test_wrong_usage_and_another_model_on_demand(http: httpx.Client) -> None:
    moment = answered_hour(http)
    wrong = http.post("/chat/completions", json=question(), headers=at(moment, **{"x-simulated-fault": "wrong-usage"}))
    usage = wrong.json()["usage"]
    assert usage["total_tokens"] < usage["prompt_tokens"] + usage["completion_tokens"]
    other = http.post("/chat/completions", json=question(), headers=at(moment, **{"x-simulated-fault": "other-model"}))
    assert other.json()["model"] == "atlas-mini"


def test_an_unknown_fault_is_refused(http: httpx.Client) -> None:
    response = http.post("/chat/completions", json=question(), headers={"x-simulated-fault": "flood"})
    assert response.status_code == 400
    assert "429-no-retry-after" in response.json()["error"]["message"]


def test_armed_faults_meet_the_next_calls_of_their_model(http: httpx.Client, base_url: str) -> None:
    control = f"{base_url.removesuffix('/v1')}/simulator/faults"
    moment = answered_hour(http, model="flint")
    armed = http.post(control, json={"model": "flint", "fault": "529", "count": 2})
    assert armed.json() == {"flint": ["529", "529"]}
    ask = {"json": question(model="flint"), "headers": at(moment)}
    assert [http.post("/chat/completions", **ask).status_code for _ in range(3)] == [529, 529, 200]
    http.post(control, json={"model": "flint", "fault": "500"})
    assert http.delete(control).json() == {}
    assert http.post("/chat/completions", **ask).status_code == 200


@pytest.mark.parametrize(
    "wanted",
    [{}, [], {"model": "atlas", "fault": "flood"}, {"model": "atlas", "fault": "500", "count": 0}, {"fault": "500"}],
)
def test_a_wrong_arming_is_refused(http: httpx.Client, base_url: str, wanted: Any) -> None:
    response = http.post(f"{base_url.removesuffix('/v1')}/simulator/faults", json=wanted)
    assert response.status_code == 400


def test_a_taken_port_is_told(models: SimulatedModels, base_url: str) -> None:
    taken = httpx.URL(base_url).port or 0
    with (
        pytest.raises(OperatorError, match=f"port {taken}: address already in use"),
        serving(build_app(models), port=taken),
    ):
        pass
