"""`aibaas export`: from the marts to a configuration that litellm's own Router starts and fails over by."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from orchestration.records import Enrolment
from orchestration.settings import PROJECT_ROOT, keep_litellm_offline, settings
from orchestration.simulator.server import build_app
from orchestration.simulator.serving import serving
from orchestration.simulator.simulated_models import simulated_models
from orchestration.storage.database import COLLECTOR
from orchestration.storage.discovery_rows import record_enrolments
from tests.support.marts import create_marts, insert_rows
from tests.support.openai_server import ScriptedServer, Step
from tests.support.product import free_ports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from orchestration.storage.database import Database
    from tests.integration.cli.conftest import Result, RunAibaas

pytestmark = pytest.mark.filterwarnings("ignore")  # litellm's, about itself

END = datetime(2026, 11, 23, 21, tzinfo=UTC)
TWO_HOSTS = """
hosts:
  first: {{provider: first, address: first, protocol: openai, base_url: "{first}", api_key_variable: FIRST_API_KEY}}
  second: {{provider: second, address: second, protocol: openai, base_url_variable: SECOND_BASE_URL}}
targets:
  - {{target_id: first-best, label: First, host: first, model: best, sampling: {{temperature: 0}}}}
  - {{target_id: second-atlas, label: Second, host: second, model: atlas}}
"""


def standing(target_id: str, score: float | None, *, family: str = "sql", **changes: Any) -> dict[str, Any]:
    return {
        "target_id": target_id,
        "suite": "canary",
        "suite_version": 2,
        "family": family,
        "window_name": "7d",
        "window_start": END - timedelta(days=7),
        "window_end": END,
        "as_of": END,
        "score_mean": score,
        "score_ci95_lower": None if score is None else score - 0.5,
        "score_ci95_upper": None if score is None else score + 0.5,
        "response_count": 100,
        "scored_count": 0 if score is None else 100,
        "scenario_count": 0 if score is None else 12,
        "cost_per_task_usd": "0.010000000",
        "latency_p50_ms": 900.0,
        "error_rate": 0.01,
        "is_simulated": target_id.startswith("sim-"),
        "is_preliminary": False,
    } | changes


@pytest.fixture
def measured(database: Database) -> Callable[..., str]:
    """Puts standings into the marts and tells the database's URL."""

    def put(*standings: dict[str, Any]) -> str:
        with database.connect() as connection:
            create_marts(connection)
            if standings:
                insert_rows(connection, "fct_leaderboard", iter(standings))
        return database.url

    return put


@pytest.fixture(scope="module")
def simulator() -> Iterator[str]:
    models = simulated_models(settings().scenarios_dir, events_anchor=date(2026, 11, 20))
    with serving(build_app(models)) as url:
        yield url


def complaint(result: Result) -> str:
    assert result.returncode == 2, result.stderr
    assert result.stdout == ""
    assert result.stderr.startswith("aibaas: ")
    assert result.stderr.count("\n") == 1, result.stderr
    return result.stderr


def models(result: Result) -> list[tuple[str, str, int]]:
    """Family, litellm's name of the model and order, of each deployment."""
    assert result.returncode == 0, result.stderr
    return [
        (one["model_name"], one["litellm_params"]["model"], one["litellm_params"]["order"])
        for one in yaml.safe_load(result.stdout)["model_list"]
    ]


def test_the_order_of_every_family_is_exported_with_references_to_keys(
    aibaas: RunAibaas, measured: Callable[..., str]
) -> None:
    url = measured(
        standing("openai-gpt-6.1-sol-high", 9.0, cost_per_task_usd="0.050000000"),
        standing("openrouter-gpt-oss-120b-deepinfra", 8.6, cost_per_task_usd="0.001000000"),
        standing("google-gemini-3.8-flash", 7.0, cost_per_task_usd=None),
        standing("ollama-gpt-oss-20b", 5.0, cost_per_task_usd=None),
        standing("openai-compatible", 2.0, cost_per_task_usd=None),
        standing("openai-gpt-6-luna", None),
        standing("sim-atlas", 10.0),
        standing("anthropic-claude-opus-5-5", 9.0, family="all"),
        standing("openai-gpt-6-luna", 9.9, suite_version=1),
    )
    result = aibaas("export", "litellm-router", DATABASE_URL=url, OPENAI_API_KEY="sk-of-a-person")
    assert models(result) == [
        ("all", "anthropic/claude-opus-5-5", 1),
        ("sql", "openrouter/openai/gpt-oss-120b", 1),
        ("sql", "openai/gpt-6.1-sol", 2),
        ("sql", "gemini/gemini-3.8-flash", 3),
        ("sql", "ollama_chat/gpt-oss:20b", 4),
        ("sql", "hosted_vllm/default", 5),
    ]
    assert "sk-of-a-person" not in result.stdout + result.stderr
    entries = [one["litellm_params"] for one in yaml.safe_load(result.stdout)["model_list"]]
    assert [(entry.get("api_key"), entry["api_base"]) for entry in entries] == [
        ("os.environ/ANTHROPIC_API_KEY", "https://api.anthropic.com"),
        ("os.environ/OPENROUTER_API_KEY", "https://openrouter.ai/api/v1"),
        ("os.environ/OPENAI_API_KEY", "https://api.openai.com/v1"),
        ("os.environ/GEMINI_API_KEY", "https://generativelanguage.googleapis.com/v1beta"),
        (None, "os.environ/OLLAMA_API_BASE"),
        ("os.environ/OPENAI_COMPATIBLE_API_KEY", "os.environ/OPENAI_COMPATIBLE_BASE_URL"),
    ]
    assert entries[1]["extra_body"] == {"provider": {"order": ["deepinfra"], "allow_fallbacks": False}}
    assert (entries[2]["reasoning_effort"], entries[1]["temperature"]) == ("high", 0)


def test_a_family_is_judged_by_the_suite_that_asks_most_of_it(aibaas: RunAibaas, measured: Callable[..., str]) -> None:
    url = measured(
        standing("openai-gpt-6-luna", 9.0, scenario_count=1, scored_count=168),
        standing("google-gemini-3.8-flash", 5.0, scenario_count=1, scored_count=168),
        standing("openai-gpt-6-luna", 4.0, suite="core", suite_version=1, scenario_count=9, scored_count=90),
        standing("google-gemini-3.8-flash", 8.0, suite="core", suite_version=1, scenario_count=9, scored_count=90),
    )
    assert models(aibaas("export", "litellm-router", "--family", "sql", DATABASE_URL=url)) == [
        ("sql", "gemini/gemini-3.8-flash", 1),
        ("sql", "openai/gpt-6-luna", 2),
    ]


def test_simulated_targets_are_exported_by_themselves_and_say_so(
    aibaas: RunAibaas, measured: Callable[..., str], tmp_path: Path
) -> None:
    url = measured(standing("sim-atlas", 7.0), standing("sim-flint", 9.0), standing("openai-gpt-6-luna", 10.0))
    file = tmp_path / "router.yaml"
    result = aibaas("export", "litellm-router", "--simulated", "--output", str(file), DATABASE_URL=url)
    assert (result.returncode, result.stdout) == (0, "")
    text = file.read_text()
    assert text.startswith("# SIMULATED")
    exported = yaml.safe_load(text)["model_list"]
    assert [one["model_info"]["id"] for one in exported] == ["sql/sim-flint", "sql/sim-atlas"]
    assert all(one["model_info"]["aibaas"]["is_simulated"] for one in exported)
    assert all("api_key" not in one["litellm_params"] for one in exported)


def test_a_target_that_is_withdrawn_or_unknown_is_left_out_and_named(
    aibaas: RunAibaas, measured: Callable[..., str], tmp_path: Path
) -> None:
    file = tmp_path / "targets.yaml"
    shipped = (PROJECT_ROOT / "orchestration" / "providers" / "targets.yaml").read_text()
    file.write_text(shipped.replace("model: gpt-6-luna\n", "model: gpt-6-luna\n    lifecycle: retired\n"))
    url = measured(standing("openai-gpt-6-luna", 9.0), standing("of-old", 8.0), standing("openai-gpt-6.1-sol", 7.0))
    result = aibaas("export", "litellm-router", DATABASE_URL=url, AIBAAS_TARGETS_FILE=str(file))
    assert models(result) == [("sql", "openai/gpt-6.1-sol", 1)]
    assert result.stderr == ("left out: of-old (no longer a target), openai-gpt-6-luna (retired by its provider)\n")


def test_an_enrolled_target_is_exported_like_one_of_the_file(
    aibaas: RunAibaas, measured: Callable[..., str], database: Database
) -> None:
    url = measured(standing("openai-found", 9.0), standing("openai-gone", 8.0))
    with database.connect(COLLECTOR) as connection:
        found, gone = (
            {"target_id": f"openai-{name}", "label": name, "host": "openai", "model": name}
            for name in ("found", "gone")
        )
        record_enrolments(
            connection,
            [
                Enrolment("openai-found", END, is_enrolled=True, definition=found, source="operator"),
                Enrolment("openai-gone", END, is_enrolled=False, definition=gone, source="operator"),
            ],
        )
    result = aibaas("export", "litellm-router", DATABASE_URL=url)
    assert models(result) == [("sql", "openai/found", 1)]
    assert "openai-gone (retired by an operator)" in result.stderr


def test_what_cannot_be_exported_is_told_in_one_line(aibaas: RunAibaas, measured: Callable[..., str]) -> None:
    assert "nothing has been measured yet" in complaint(aibaas("export", "litellm-router"))
    url = measured(standing("sim-atlas", 7.0), standing("of-old", 8.0, family="security", window_name="24h"))
    assert "--simulated" in complaint(aibaas("export", "litellm-router", DATABASE_URL=url))
    said = complaint(aibaas("export", "litellm-router", "--simulated", "--family", "poems", DATABASE_URL=url))
    assert "'poems': there are sql" in said
    said = complaint(aibaas("export", "litellm-router", "--window", "24h", DATABASE_URL=url))
    assert "every target with a score is left out: of-old (no longer a target)" in said
    said = complaint(aibaas("export", "litellm-router", "--window", "30d", DATABASE_URL=url))
    assert "no target has a score in the window 30d" in said
    said = complaint(
        aibaas("export", "litellm-router", "--simulated", "--output", "/nowhere/router.yaml", DATABASE_URL=url)
    )
    assert "can't write /nowhere/router.yaml" in said


def test_a_database_without_marts_has_nothing_to_export(aibaas: RunAibaas, database: Database) -> None:
    assert "nothing has been measured yet" in complaint(aibaas("export", "litellm-router", DATABASE_URL=database.url))


@pytest.fixture
def two_hosts(aibaas: RunAibaas, measured: Callable[..., str], tmp_path: Path) -> Callable[[str], dict[str, Any]]:
    """The configuration that is exported where the best target's host is at the given address."""
    url = measured(standing("first-best", 9.0), standing("second-atlas", 5.0))

    def export(first: str) -> dict[str, Any]:
        file, output = tmp_path / "targets.yaml", tmp_path / "router.yaml"
        file.write_text(TWO_HOSTS.format(first=first))
        told = aibaas(
            "export", "litellm-router", "--output", str(output), DATABASE_URL=url, AIBAAS_TARGETS_FILE=str(file)
        )
        assert told.returncode == 0, told.stderr
        found: dict[str, Any] = yaml.safe_load(output.read_text())
        return found

    return export


async def routed(config: dict[str, Any]) -> tuple[str, str, str]:
    """The served model of an answer and of a streamed one, as litellm's Router brings them, and the answer's text."""
    keep_litellm_offline()
    import litellm  # noqa: PLC0415 - takes seconds

    router = litellm.Router(model_list=config["model_list"], **config["router_settings"])
    question: dict[str, Any] = {"model": "sql", "messages": [{"role": "user", "content": "hi"}], "max_tokens": 20}
    answer = await router.acompletion(**question)
    chunks = [chunk async for chunk in await router.acompletion(**question, stream=True)]
    return answer.model, chunks[0].model, answer.choices[0].message.content


@pytest.fixture
def keys(simulator: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRST_API_KEY", "sk-first")
    monkeypatch.setenv("SECOND_BASE_URL", simulator)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-openai-alone")


@pytest.mark.usefixtures("keys")
def test_a_first_target_that_refuses_connections_is_failed_over(two_hosts: Callable[[str], dict[str, Any]]) -> None:
    (port,) = free_ports(1)
    served, streamed, text = asyncio.run(routed(two_hosts(f"http://127.0.0.1:{port}/v1")))
    assert "atlas" in served
    assert "atlas" in streamed
    assert text


@pytest.mark.usefixtures("keys")
@pytest.mark.parametrize("status", [500, 429])
def test_a_first_target_that_fails_is_failed_over_and_asked_once(
    two_hosts: Callable[[str], dict[str, Any]], status: int
) -> None:
    async def run() -> list[tuple[dict[str, str], dict[str, Any]]]:
        async with ScriptedServer([Step(status=status)]) as first:
            served, streamed, _ = await routed(two_hosts(first.base_url))
            assert "atlas" in served
            assert "atlas" in streamed
            return first.seen

    seen = asyncio.run(run())
    assert 1 <= len(seen) <= 2
    assert {headers["authorization"] for headers, _ in seen} == {"Bearer sk-first"}
    assert all((asked["model"], asked["temperature"]) == ("best", 0) for _, asked in seen)


@pytest.mark.usefixtures("keys")
def test_a_first_target_that_answers_is_the_one_that_is_used(two_hosts: Callable[[str], dict[str, Any]]) -> None:
    async def run() -> tuple[str, str, str]:
        async with ScriptedServer([Step(text="from the first")]) as first:
            return await routed(two_hosts(first.base_url))

    assert asyncio.run(run())[2] == "from the first"


def test_a_host_without_a_key_is_never_sent_the_key_of_openai(
    two_hosts: Callable[[str], dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-openai-alone")

    async def run() -> list[tuple[dict[str, str], dict[str, Any]]]:
        async with ScriptedServer() as second:
            monkeypatch.setenv("SECOND_BASE_URL", second.base_url)
            await routed(two_hosts("http://127.0.0.1:1/v1"))
            return second.seen

    seen = asyncio.run(run())
    assert len(seen) == 2
    assert all("sk-of-openai-alone" not in str(headers) for headers, _ in seen)
