"""Budgets over a real server and a real ledger: what is left out, what is made up for, and that no cent is too much.

Not here: the accounts themselves (integration.storage), nor what a call is priced at (unit.collection).
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from orchestration.collection.budget import Budget
from orchestration.collection.call_prices import CallPricer
from orchestration.collection.collect import Collector, HourSummary
from orchestration.collection.plan import plan_hour
from orchestration.collection.runner import RunLimits
from orchestration.pricing.price_book import PriceBook, identified
from orchestration.providers.litellm_client import LiteLLMClient, RetryPolicy
from orchestration.providers.target_file import Budget as Limits
from orchestration.records import PriceRow
from orchestration.storage.archive import Archive
from orchestration.storage.archive_loading import load_archived_hour
from orchestration.storage.database import COLLECTOR
from orchestration.storage.raw_tables import call_statuses
from orchestration.storage.spending import Account, SpendingLedger
from tests.support.openai_server import ScriptedServer, Step
from tests.support.scripted_targets import scripted_target

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from orchestration.providers.targets import Target
    from orchestration.storage.bulk_insert import Connection
    from orchestration.storage.database import Database

NOW = datetime(2026, 11, 26, 5, 30, tzinfo=UTC)
HOUR = NOW.replace(minute=0)
MAX_OUTPUT = 50
SCENARIOS = {
    f"family/task-{n}": SimpleNamespace(id=f"family/task-{n}", version=1, max_output_tokens=MAX_OUTPUT)
    for n in range(6)
}
CATALOGUE: Any = SimpleNamespace(scenarios=SCENARIOS)
SUITE: Any = SimpleNamespace(name="canary", version=1, scenario_ids=tuple(SCENARIOS), variants="public")
USAGE = {"prompt_tokens": 20, "completion_tokens": 10, "total_tokens": 30}
COST = Decimal("0.00004")
"""Of a call with that usage at 1 and 2 USD per million tokens; its bound is 3 tries of 0.000171 at most."""


def variant(scenario_id: str, _version: int, _seed: int) -> Any:
    return SimpleNamespace(prompt=f"solve {scenario_id}", dialogue=None, scenario=SCENARIOS[scenario_id])


def price(model: str, usd: str = "1") -> PriceRow:
    amounts = (Decimal(usd), 2 * Decimal(usd), None, None, None)
    return identified(
        PriceRow("", "openai-compatible", model, datetime(2026, 1, 1, tzinfo=UTC), *amounts, "test", date(2026, 1, 1))
    )


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.connect(COLLECTOR) as connection:
        yield connection


@dataclass
class Money:
    """One installation: targets on one server, their prices, its limits and its archive."""

    root: Path
    connection: Connection
    limits: Limits
    models: Sequence[str] = ("atlas", "flint")
    own: Mapping[str, Limits] = field(default_factory=dict)
    price_source: str = "price_rows"
    prices: Sequence[PriceRow] = (price("atlas"), price("flint"))
    ledger: SpendingLedger | None = None
    tries: int = 3
    concurrency: int = 4
    forced_by: str | None = None

    def targets(self, base_url: str) -> list[Target]:
        made = (
            scripted_target(base_url, name=f"real-{m}", model=m, price_source=self.price_source, host=f"host-{m}")
            for m in self.models
        )
        return [replace(target, budget=self.own.get(target.model)) for target in made]

    async def collect(self, server: ScriptedServer) -> HourSummary:
        targets = self.targets(server.base_url)
        book = PriceBook.from_rows(self.prices)
        collector = Collector(
            targets=targets,
            client=LiteLLMClient(RetryPolicy(tries=self.tries, first_wait_s=0.001)),
            archive=Archive(self.root),
            price_book=book,
            variants=variant,
            limits=RunLimits(concurrency=self.concurrency),
            budget=Budget(
                targets=targets,
                limits=self.limits,
                pricer=CallPricer(book, variant, tries=self.tries),
                ledger=self.ledger or SpendingLedger(self.connection),
                clock=lambda: NOW,
            ),
            forced_by=self.forced_by,
        )
        return await collector.collect_hour(HOUR, plan_hour(HOUR, CATALOGUE, SUITE, targets, planned_at=HOUR))

    def run(self, script: list[Step] | None = None) -> tuple[HourSummary, int]:
        """The summary and how many requests were made."""

        async def run() -> tuple[HourSummary, int]:
            async with ScriptedServer(script or [Step(usage=USAGE)]) as server:
                return await self.collect(server), len(server.seen)

        return asyncio.run(run())

    @property
    def spent(self) -> Decimal:
        account = Account("day", NOW.replace(hour=0, minute=0), "")
        return SpendingLedger(self.connection).spent([account])[account]

    def rows(self) -> list[tuple[str, int, str]]:
        return [(row.target_id, row.attempt, row.status) for row in Archive(self.root).read(HOUR)]


def test_answers_that_are_asked_for_again_are_charged_and_no_money_leaves_the_old_ones(
    tmp_path: Path, connection: Connection
) -> None:
    Money(tmp_path, connection, Limits()).run()
    again = Money(tmp_path, connection, Limits(), forced_by="run-1")
    assert again.run()[1] == 12
    assert again.spent == 24 * COST
    poor = Money(tmp_path, connection, Limits(usd_per_day=Decimal("0.000961")), forced_by="run-2")
    summary, asked = poor.run()
    assert (summary.budget_count, asked) == (12, 0)
    assert Counter(row[1:] for row in poor.rows()) == {(1, "answered"): 12, (2, "answered"): 12}


def test_without_a_limit_everything_is_asked_and_its_cost_recorded(tmp_path: Path, connection: Connection) -> None:
    money = Money(tmp_path, connection, Limits())
    summary, asked = money.run()
    assert (summary.answered_count, summary.budget_count, asked) == (12, 0, 12)
    assert (summary.cost_usd, money.spent) == (12 * COST, 12 * COST)


def test_what_there_is_no_money_for_is_a_row_and_is_asked_when_the_budget_is_raised(
    tmp_path: Path, connection: Connection
) -> None:
    poor = Money(tmp_path, connection, Limits(usd_per_day=Decimal("0.0007")))
    summary, asked = poor.run()
    assert summary.answered_count + summary.budget_count == 12
    assert (asked, summary.errors) == (summary.answered_count, Counter())
    assert 0 < poor.spent == asked * COST <= Decimal("0.0007")
    left = [row for row in Archive(tmp_path).read(HOUR) if row.status == "budget"]
    assert {(row.error_code, row.answer, row.cost_usd, row.try_count) for row in left} == {("budget", None, None, 0)}
    assert all(row.error_detail and "budget of all targets per day: of 0.0007 USD" in row.error_detail for row in left)
    again, asked_again = poor.run()
    assert (asked_again, again.budget_count, len(poor.rows())) == (0, summary.budget_count, 12)
    rich, asked_now = replace(poor, limits=Limits(usd_per_day=Decimal(1))).run()
    assert (rich.answered_count, asked_now, rich.budget_count) == (12 - asked, 12 - asked, 0)
    assert Counter((attempt, status) for _, attempt, status in poor.rows()) == {
        (1, "answered"): asked, (1, "budget"): 12 - asked, (2, "answered"): 12 - asked,
    }  # fmt: skip
    assert poor.spent == 12 * COST
    assert load_archived_hour(connection, Archive(tmp_path), HOUR, run_id="r") == 24 - asked
    assert set(call_statuses(connection, HOUR).values()) == {"answered"}


def test_targets_lose_the_same_scenarios(tmp_path: Path, connection: Connection) -> None:
    money = Money(tmp_path, connection, Limits(usd_per_hour=Decimal("0.0006")), concurrency=1)
    money.run()
    answered = Counter(target for target, _, status in money.rows() if status == "answered")
    assert sum(answered.values()) < 12
    assert max(answered.values()) - min(answered.values()) <= 1


def test_a_budget_of_one_target_leaves_the_other_alone(tmp_path: Path, connection: Connection) -> None:
    money = Money(tmp_path, connection, Limits(), own={"atlas": Limits(usd_per_month=Decimal("0.0006"))})
    summary, _ = money.run()
    states = Counter((target, status) for target, _, status in money.rows())
    assert states["real-flint", "answered"] == 6
    assert states["real-atlas", "budget"] == summary.budget_count > 0
    left = next(row for row in Archive(tmp_path).read(HOUR) if row.status == "budget")
    assert "budget of target real-atlas per month" in (left.error_detail or "")


def test_a_target_of_unknown_price_is_not_asked_under_a_budget_and_asked_without_one(
    tmp_path: Path, connection: Connection
) -> None:
    limited = Money(tmp_path / "a", connection, Limits(usd_per_day=Decimal(1)), prices=[price("atlas")])
    limited.run()
    states = Counter((target, status) for target, _, status in limited.rows())
    assert states == {("real-atlas", "answered"): 6, ("real-flint", "budget"): 6}
    left = next(row for row in Archive(tmp_path / "a").read(HOUR) if row.status == "budget")
    assert "no price of openai-compatible/flint is known" in (left.error_detail or "")
    summary, _ = Money(tmp_path / "b", connection, Limits(), prices=[price("atlas")]).run()
    assert (summary.answered_count, summary.unpriced_count) == (12, 6)
    free = Money(tmp_path / "c", connection, Limits(usd_per_day=Decimal("0.000001")), price_source="none", prices=[])
    assert free.run()[0].answered_count == 12


def test_failures_count_with_what_the_host_may_have_charged(tmp_path: Path, connection: Connection) -> None:
    refusing = Money(tmp_path / "a", connection, Limits(usd_per_day=Decimal(1)))
    refusing.run([Step(status=404)])
    assert refusing.spent == 0
    garbled = Money(tmp_path / "b", connection, Limits(usd_per_day=Decimal("0.001")), models=["atlas"], tries=1)
    summary, asked = garbled.run([Step(body="<html>", content_type="text/html")])
    assert 0 < summary.failed_count == asked < 6
    assert asked * COST < garbled.spent <= Decimal("0.001")


def test_more_than_the_bound_is_charged_and_told(tmp_path: Path, connection: Connection) -> None:
    usage = {"prompt_tokens": 20, "completion_tokens": 5000, "total_tokens": 5020}
    money = Money(tmp_path, connection, Limits(usd_per_day=Decimal(1)), models=["atlas"])
    summary, _ = money.run([Step(usage=usage), Step(usage=USAGE)])
    (exceeded,) = summary.overruns.values()
    assert exceeded > Decimal("0.009")
    assert money.spent == summary.cost_usd > Decimal("0.01")


def test_the_host_is_believed_when_it_says_that_it_charged_more(tmp_path: Path, connection: Connection) -> None:
    money = Money(tmp_path, connection, Limits(usd_per_day=Decimal(1)), models=["atlas"])
    summary, _ = money.run([Step(usage=USAGE | {"cost": 0.00009})])
    assert (summary.cost_usd, money.spent) == (6 * COST, 6 * Decimal("0.00009"))
    assert {row.reported_cost_usd for row in Archive(tmp_path).read(HOUR)} == {Decimal("0.00009")}


class Killed(BaseException):
    """Stands for the end of the program: nothing after it is done."""


class MortalLedger(SpendingLedger):
    """Dies with its program at one of its operations, before or after the database has done it."""

    def __init__(self, connection: Connection, dies_at: int, *, is_done: bool) -> None:
        super().__init__(connection)
        self._left = dies_at
        self._is_done = is_done

    def set_aside(self, amount_usd: Decimal, limits: Mapping[Account, Decimal | None]) -> Any:
        return self._mortal(super().set_aside, amount_usd, limits)

    def correct(self, difference_usd: Decimal, accounts: Collection[Account]) -> None:
        self._mortal(super().correct, difference_usd, accounts)

    def _mortal(self, act: Any, *arguments: Any) -> Any:
        self._left -= 1
        if self._left < 0 or (self._left == 0 and not self._is_done):
            raise Killed
        result = act(*arguments)
        if self._left == 0:
            raise Killed
        return result


def random_script(chance: random.Random) -> list[Step]:
    """Answers of random usage within what was asked for, and failures, some of which may have been charged."""
    steps = []
    for _ in range(80):
        made, given = chance.randint(1, MAX_OUTPUT), chance.randint(1, 40)
        usage = {"prompt_tokens": given, "completion_tokens": made, "total_tokens": given + made}
        kinds = [Step(usage=usage), Step(body="<html>", content_type="text/html"), Step(status=500), Step(usage=None)]
        steps.append(chance.choices(kinds, [10, 1, 1, 1])[0])
    return steps


def truly_charged(script: Sequence[Step], served: int, usd: Decimal) -> Decimal:
    """What the server charged: a garbled answer and one without counts took all that was allowed."""
    charged = Decimal(0)
    for index in range(served):
        step = script[min(index, len(script) - 1)]
        if step.status == 200:
            usage = step.usage if step.usage and step.body is None else {"prompt_tokens": 40, "completion_tokens": 50}
            charged += (usage["prompt_tokens"] + 2 * usage["completion_tokens"]) * usd / 1_000_000
    return charged


@pytest.mark.parametrize("seed", range(12))
def test_whatever_happens_no_more_is_spent_than_the_budget_and_nothing_asked_twice(
    tmp_path: Path, connection: Connection, seed: int
) -> None:
    chance = random.Random(seed)
    usd = Decimal(chance.choice(["0.5", "1", "7"]))
    limit = (Decimal(chance.randint(1, 60)) * usd / 10_000).quantize(Decimal("0.000001"))
    grain = chance.choice(["usd_per_hour", "usd_per_day", "usd_per_month"])
    models = ["atlas", "flint", "ember"][: chance.randint(1, 3)]
    script = random_script(chance)
    money = Money(
        tmp_path,
        connection,
        Limits(**{grain: limit}),
        models=models,
        prices=[price(model, str(usd)) for model in models],
        concurrency=chance.randint(1, 6),
        tries=chance.randint(1, 3),
    )
    kills = chance.randint(0, 3)

    async def run() -> tuple[HourSummary, int, int]:
        async with ScriptedServer(script) as server:
            for _ in range(kills):
                ledger = MortalLedger(connection, chance.randint(1, 20), is_done=chance.random() < 0.5)
                try:
                    await replace(money, ledger=ledger).collect(server)
                except Killed:
                    assert truly_charged(script, len(server.seen), usd) <= limit
            before = len(server.seen)
            return await money.collect(server), before, len(server.seen)

    summary, _, served = asyncio.run(run())
    assert truly_charged(script, served, usd) <= money.spent <= limit
    rows = Archive(tmp_path).read(HOUR)
    made = Counter(row.call_id for row in rows if row.status != "budget")
    assert max(made.values(), default=0) <= 1
    assert len({row.call_id for row in rows}) == summary.planned_count == 6 * len(models)
    assert max(Counter((row.call_id, row.attempt) for row in rows).values()) == 1
    in_flight = kills * money.concurrency * money.tries
    assert served <= sum(row.try_count for row in rows) + in_flight
    assert money.run()[1] == 0 or summary.budget_count


def test_simulated_targets_spend_no_real_money(tmp_path: Path, connection: Connection) -> None:
    past = HOUR - timedelta(days=1)
    book = PriceBook.from_rows([replace(price("atlas"), provider="simulator")])

    async def run(own: Limits | None) -> HourSummary:
        step = Step(usage=USAGE, headers={"x-simulated-latency-ms": "5", "x-simulated-started-at": past.isoformat()})
        async with ScriptedServer([step]) as server:
            target = scripted_target(
                server.base_url, name="sim", model="atlas", is_simulated=True, price_source="published"
            )
            targets = [replace(target, budget=own)]
            collector = Collector(
                targets=targets,
                client=LiteLLMClient(),
                archive=Archive(tmp_path / ("own" if own else "none")),
                price_book=book,
                variants=variant,
                budget=Budget(
                    targets=targets,
                    limits=Limits(usd_per_month=Decimal("0.000001")),
                    pricer=CallPricer(book, variant),
                    ledger=SpendingLedger(connection),
                ),
            )
            return await collector.collect_hour(past, plan_hour(past, CATALOGUE, SUITE, targets, planned_at=past))

    assert asyncio.run(run(None)).answered_count == 6
    limited = asyncio.run(run(Limits(usd_per_hour=Decimal("0.0006"))))
    assert (limited.answered_count > 0, limited.budget_count > 0) == (True, True)
