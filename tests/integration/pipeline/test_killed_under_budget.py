"""Collecting under a budget, killed while calls are in flight: what they may have cost is counted, none is repeated.

Not here: kills at every point of the accounts (integration.collection), nor whole runs that are killed (test_reruns).
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from aiohttp import web

from orchestration.defs.partitions import partition_key_of
from orchestration.records import benchmark_hour_of
from orchestration.settings import PROJECT_ROOT
from orchestration.simulator.serving import serving
from scenarios.loader import load_catalogue
from tests.support.product import SMALL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orchestration.storage.database import Database

ANSWERED, IN_FLIGHT = 5, 3
FILE = """
hosts:
  paid: {provider: openai, address: paid, protocol: openai, base_url: "ADDRESS", is_streamed: false}
targets:
  - {target_id: paid-one, label: One, host: paid, model: one}
"""
PRICES = """
prices:
  - {provider: openai, model: one, valid_from: 2026-01-01, source: a page, checked_on: 2026-11-01,
     usd_per_mtok: {input: "1", output: "2"}}
"""
COLLECT = """
import sys
from orchestration.defs.assets.catalog import prices, scenarios, targets
from orchestration.defs.assets.collection import planned_calls, responses
from tests.support.materialised import materialised
materialised([scenarios, targets, prices, planned_calls, responses], hour=sys.argv[1])
"""
"""The assets of an hour up to its answers, in a process that can be killed."""

USAGE = {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150}
COST = Decimal("0.0002")
"""Of that usage."""


@dataclass
class Host:
    """Answers every prompt but those of `held`, which it leaves without an answer."""

    held: set[str] = field(default_factory=set)
    asked: Counter[str] = field(default_factory=Counter)
    waiting: set[str] = field(default_factory=set)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self.complete)
        return app

    async def complete(self, request: web.Request) -> web.Response:
        asked: dict[str, Any] = await request.json()
        prompt = asked["messages"][-1]["content"]
        self.asked[prompt] += 1
        if prompt in self.held:
            self.waiting.add(prompt)
            await asyncio.Event().wait()  # until the other side is gone, which cancels this
        message = {"role": "assistant", "content": "42"}
        choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
        answer = {"id": "1", "object": "chat.completion", "created": 1, "model": "one", "choices": choices}
        return web.json_response(answer | {"usage": USAGE})


@dataclass(frozen=True)
class Installation:
    """One home and database with one paid target, and the hour that is measured."""

    home: Path
    database: Database
    files: dict[str, str]
    hour: str

    def command(self, budget: Decimal) -> dict[str, Any]:
        own = {"AIBAAS_HOME": str(self.home), "DATABASE_URL": self.database.url, "AIBAAS_CONCURRENCY": str(IN_FLIGHT)}
        limits = {"AIBAAS_BUDGET_DAY_USD": str(budget)}
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.home.parent)} | SMALL | own | self.files | limits
        return {"args": [sys.executable, "-c", COLLECT, self.hour], "cwd": PROJECT_ROOT, "env": environment}

    def collect(self, budget: Decimal) -> None:
        done = subprocess.run(**self.command(budget), capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr

    def collect_until_killed(self, budget: Decimal, host: Host) -> None:
        """Ends it with SIGKILL when nothing is left but the calls that hang."""
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = subprocess.Popen(**self.command(budget), **quiet, start_new_session=True)
        deadline = time.monotonic() + 120
        try:
            while not (host.waiting == host.held and self.journalled() == ANSWERED):
                assert process.poll() is None, "it ended before it could be killed"
                assert time.monotonic() < deadline
                time.sleep(0.01)
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(30)

    def journalled(self) -> int:
        journals = (self.home / "archive" / "journal").glob("*.jsonl")
        return sum(journal.read_bytes().count(b"\n") for journal in journals)

    def spent(self) -> set[Decimal]:
        """The sums of each account: hour, day and month, of the target and of all. They agree, whatever the hour is."""
        query = "SELECT sum(spent_usd) FROM raw.spending GROUP BY grain, target_id"
        with psycopg.connect(self.database.url) as connection:
            return {row[0] for row in connection.execute(query)}

    def statuses(self) -> Counter[tuple[str, int]]:
        query = "SELECT status, attempt FROM raw.responses"
        with psycopg.connect(self.database.url) as connection:
            return Counter((status, attempt) for status, attempt in connection.execute(query))


def bound_of(prompt: str, max_output_tokens: int) -> Decimal:
    """What docs/operations.md says is set aside: two bytes a token and all that may be written, in each of three tries.

    64 tokens are what the protocol puts around the prompt.
    """
    tokens = Decimal(len(prompt.encode()) // 2 + 64 + 2 * max_output_tokens)
    return 3 * (tokens / 1_000_000).quantize(Decimal("1e-9"), ROUND_CEILING)


def bounds() -> dict[str, Decimal]:
    """Of the prompts of the suite, in the order in which they are asked."""
    catalogue = load_catalogue(PROJECT_ROOT / "scenarios")
    asked = sorted(catalogue.suites["canary"].scenario_ids)
    variants = [catalogue.variant(name, catalogue.scenarios[name].version, 0) for name in asked]
    return {variant.prompt: bound_of(variant.prompt, variant.scenario.max_output_tokens) for variant in variants}


@pytest.fixture
def host() -> Iterator[tuple[Host, str]]:
    made = Host()
    with serving(made.app()) as address:
        yield made, address


@pytest.fixture
def installation(host: tuple[Host, str], database: Database, tmp_path: Path) -> Installation:
    targets, prices = tmp_path / "targets.yaml", tmp_path / "prices.yaml"
    targets.write_text(FILE.replace("ADDRESS", host[1]))
    prices.write_text(PRICES)
    files = {"AIBAAS_TARGETS_FILE": str(targets), "AIBAAS_PRICE_ROWS_FILE": str(prices)}
    return Installation(tmp_path / "home", database, files, partition_key_of(benchmark_hour_of(datetime.now(UTC))))


def test_calls_in_flight_at_a_kill_count_with_their_bound_and_answered_ones_are_not_asked_again(
    installation: Installation, host: tuple[Host, str]
) -> None:
    provider, set_aside = host[0], bounds()
    prompts = list(set_aside)
    provider.held = set(prompts[ANSWERED : ANSWERED + IN_FLIGHT])
    lost = sum(set_aside[prompt] for prompt in provider.held)
    budget = ANSWERED * COST + lost + max(set_aside.values())

    installation.collect_until_killed(budget, provider)
    assert installation.spent() == {ANSWERED * COST + lost}
    assert provider.asked == Counter(prompts[: ANSWERED + IN_FLIGHT])

    provider.held = set()
    installation.collect(budget)
    again = provider.asked.total() - ANSWERED - IN_FLIGHT
    assert 0 < again < len(prompts) - ANSWERED
    assert installation.spent() == {(ANSWERED + again) * COST + lost}
    assert (ANSWERED + again) * COST + lost <= budget
    assert installation.statuses() == {
        ("answered", 1): ANSWERED + again,
        ("budget", 1): len(prompts) - ANSWERED - again,
    }

    installation.collect(Decimal(1))
    assert installation.spent() == {len(prompts) * COST + lost}
    once_more = {prompt: 1 + (prompt in prompts[ANSWERED : ANSWERED + IN_FLIGHT]) for prompt in prompts}
    assert provider.asked == once_more
    assert installation.statuses()["answered", 2] == len(prompts) - ANSWERED - again
