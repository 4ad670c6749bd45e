"""Draws years of raw rows at once, for measuring the warehouse at a size that no test could wait for.

Not here: answers and their grading (simulated_models draw those one call at a time); loading the rows (storage).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from orchestration.records import CheckResult, PriceRow, ScenarioRow, SuiteRow, TargetRow, call_id_of, checks_id_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

SUITE = "synthetic"
PROVIDER = "synthetic"
HOURS_PER_DAY = 24
FAMILIES = ("bug-fixing", "code-generation", "data-wrangling", "sql")
CHECK_NAMES = ("returns the right rows", "keeps the order", "handles empty input", "handles bad input")
ANSWER_COUNT = 200
"""Different answers of a target to a scenario; which of them are given repeats, as it does at low temperatures."""

MISSING_HOUR_RATE, FAILED_RATE, UNGRADED_RATE = 0.01, 0.03, 0.002


class RawDay(NamedTuple):
    """One day's rows of three tables of schema raw, with the columns of each."""

    planned_calls: pl.DataFrame
    responses: pl.DataFrame
    scores: pl.DataFrame


@dataclass(frozen=True)
class SyntheticHistory:
    """The hours of `days` days from `first_day` on; equal arguments draw equal rows.

    Quality follows a model of item response: ability of a target N(0.8, 0.5), difficulty of a scenario N(0, 1.8), a
    drift AR(1) with phi 0.8 and a daily wave; 10 x Beta(18, 2) where solved, else 10 x Beta(1.2, 3.5).
    """

    first_day: date
    days: int
    seed: int = 1
    target_count: int = 12
    scenario_count: int = 20

    @property
    def call_count(self) -> int:
        return self.days * HOURS_PER_DAY * self.target_count * self.scenario_count

    def targets(self) -> list[TargetRow]:
        return [
            TargetRow(
                target_id=target_id,
                definition_sha256=_digest(target_id),
                recorded_at=self._start,
                label=f"Synthetic {number + 1}",
                provider=PROVIDER,
                model=target_id,
                host=PROVIDER,
                quantisation=None,
                reasoning_effort=None,
                sampling={},
                is_simulated=True,
                is_open_weights=False,
                lifecycle="active",
                training_cutoff=None,
                is_enabled=True,
                disabled_reason=None,
            )
            for number, target_id in enumerate(self._target_ids)
        ]

    def scenarios(self) -> list[ScenarioRow]:
        return [
            ScenarioRow(
                scenario_id=scenario_id,
                scenario_version=1,
                content_sha256=_digest(scenario_id),
                family=scenario_id.partition("/")[0],
                difficulty="medium",
                language="python",
                title=f"Synthetic task {number + 1}",
                licence="MIT",
                created_on=self.first_day,
                max_output_tokens=1000,
                recorded_at=self._start,
            )
            for number, scenario_id in enumerate(self._scenario_ids)
        ]

    def suite(self) -> list[SuiteRow]:
        return [SuiteRow(SUITE, 1, "hourly", scenario_id, 1, self._start) for scenario_id in self._scenario_ids]

    def prices(self) -> list[PriceRow]:
        return [
            PriceRow(
                price_id=f"{target_id}-price",
                provider=PROVIDER,
                model=target_id,
                valid_from=self._start,
                input_usd_per_mtok=Decimal(number + 1),
                output_usd_per_mtok=Decimal(4 * (number + 1)),
                cached_input_usd_per_mtok=None,
                cache_write_usd_per_mtok=None,
                reasoning_usd_per_mtok=None,
                source="drawn",
                checked_on=self.first_day,
            )
            for number, target_id in enumerate(self._target_ids)
        ]

    def raw_days(self) -> Iterator[RawDay]:
        """Day after day, oldest first. The calls of an hour stand in the order of targets, then scenarios."""
        return (self._raw_day(day) for day in range(self.days))

    @cached_property
    def _start(self) -> datetime:
        return datetime(self.first_day.year, self.first_day.month, self.first_day.day, tzinfo=UTC)

    @cached_property
    def _target_ids(self) -> list[str]:
        return [f"synthetic-{number + 1:02}" for number in range(self.target_count)]

    @cached_property
    def _scenario_ids(self) -> list[str]:
        return [
            f"{FAMILIES[number % len(FAMILIES)]}/synthetic-{number + 1:02}" for number in range(self.scenario_count)
        ]

    @cached_property
    def _traits(self) -> dict[str, NDArray[np.float64]]:
        """What stays as it is: abilities and speeds of targets, difficulties and lengths of scenarios."""
        draw = np.random.default_rng([self.seed, 0])
        return {
            "ability": draw.normal(0.8, 0.5, self.target_count),
            "speed": draw.normal(1.6, 0.4, self.target_count),
            "difficulty": draw.normal(0.0, 1.8, self.scenario_count),
            "length": draw.normal(5.5, 0.4, self.scenario_count),
        }

    @cached_property
    def _drift(self) -> NDArray[np.float64]:
        """The targets' ability beside its mean, shape (hours, targets): AR(1) of sd 0.12, a daily wave of 0.08."""
        hours = self.days * HOURS_PER_DAY
        draw = np.random.default_rng([self.seed, 1])
        phi = 0.8
        steps = draw.normal(0.0, 0.12 * np.sqrt(1 - phi**2), (hours, self.target_count))
        for hour in range(1, hours):
            steps[hour] += phi * steps[hour - 1]
        wave = 0.08 * np.sin(2 * np.pi * np.arange(hours) / HOURS_PER_DAY)
        return steps + wave[:, None]

    def checks(self) -> list[tuple[CheckResult, ...]]:
        """The results of an answer's checks by how many were passed; the last ones are of an answer without a grade."""
        return [
            *(
                tuple(CheckResult(name, 2.5, number < passed) for number, name in enumerate(CHECK_NAMES))
                for passed in range(len(CHECK_NAMES) + 1)
            ),
            (),
        ]

    def _raw_day(self, day: int) -> RawDay:
        calls = self._calls(day)
        answers = self._answers(day, calls)
        return RawDay(_planned(calls), _responses(answers), self._scores(day, answers))

    def _calls(self, day: int) -> pl.DataFrame:
        hours = [self._start + timedelta(days=day, hours=hour) for hour in range(HOURS_PER_DAY)]
        keys = [
            (hour, target, scenario) for hour in hours for target in self._target_ids for scenario in self._scenario_ids
        ]
        frame = pl.DataFrame(
            keys,
            schema={"benchmark_hour": pl.Datetime("us", "UTC"), "target_id": pl.String, "scenario_id": pl.String},
            orient="row",
        )
        ids = [str(call_id_of(hour, target, scenario, 1, 0, 0)) for hour, target, scenario in keys]
        return frame.with_columns(
            pl.Series("call_id", ids),
            scenario_version=pl.lit(1),
            variant_seed=pl.lit(0),
            sample_index=pl.lit(0),
            is_simulated=pl.lit(value=True),
        )

    def _answers(self, day: int, calls: pl.DataFrame) -> pl.DataFrame:
        """The calls that were made, with what was measured of each."""
        draw = np.random.default_rng([self.seed, 2, day])
        shape = (HOURS_PER_DAY, self.target_count, self.scenario_count)
        traits = self._traits
        is_made = np.broadcast_to(draw.random(shape[:2])[..., None] >= MISSING_HOUR_RATE, shape)
        output = np.exp(traits["length"] + draw.normal(0, 0.35, shape))
        latency = 1000 * np.exp(0.3 * traits["speed"][:, None] + draw.normal(0, 0.3, shape)) + 12 * output
        tokens = np.maximum(output.round(), 1).astype(np.int64)
        price = np.arange(1, self.target_count + 1)[:, None]
        choice = draw.integers(0, ANSWER_COUNT, shape)
        delay_s = draw.integers(300, 400, shape)
        return calls.with_columns(
            is_failed=pl.Series((draw.random(shape) < FAILED_RATE).ravel()),
            output_tokens=pl.Series(tokens.ravel()),
            latency_ms=pl.Series(latency.ravel()).round(1),
            time_to_first_token_ms=pl.Series((latency * draw.uniform(0.1, 0.3, shape)).ravel()).round(1),
            cost_usd=pl.Series(((300 + 4 * tokens) * price / 1e6).ravel()).round(9),
            started_at=pl.col("benchmark_hour") + pl.duration(seconds=pl.lit(pl.Series(delay_s.ravel()))),
            answer=pl.Series(choice.ravel()),
        ).filter(pl.Series(is_made.ravel()))

    def _scores(self, day: int, answers: pl.DataFrame) -> pl.DataFrame:
        draw = np.random.default_rng([self.seed, 3, day])
        made = answers.filter(~pl.col("is_failed"))
        traits = self._traits
        hour = made["benchmark_hour"].dt.hour().cast(pl.Int64).to_numpy() + HOURS_PER_DAY * day
        target = made["target_id"].str.slice(-2).cast(pl.Int64).to_numpy() - 1
        scenario = made["scenario_id"].str.slice(-2).cast(pl.Int64).to_numpy() - 1
        skill = traits["ability"][target] + self._drift[hour, target] - traits["difficulty"][scenario]
        is_solved = draw.random(made.height) < 1 / (1 + np.exp(-skill))
        score = 10 * np.where(is_solved, draw.beta(18, 2, made.height), draw.beta(1.2, 3.5, made.height))
        passed = np.rint(score / 10 * len(CHECK_NAMES)).astype(np.int64)
        outcome = pl.Series(np.where(passed == len(CHECK_NAMES), "ok", "wrong"))
        is_ungraded = pl.Series(draw.random(made.height) < UNGRADED_RATE)
        ids = [str(checks_id_of(checks)) for checks in self.checks()]
        return made.select(
            "benchmark_hour",
            "call_id",
            attempt=pl.lit(1),
            scorer=pl.lit("function"),
            scorer_version=pl.lit(1),
            grading_attempt=pl.lit(1),
            score=pl.when(~is_ungraded).then(pl.Series(score).round(1)),
            reason=pl.when(is_ungraded).then(pl.lit("infrastructure")),
            outcome=pl.when(is_ungraded).then(pl.lit("infrastructure")).otherwise(outcome),
            is_refusal=pl.lit(value=False),
            is_truncated=pl.lit(value=False),
            is_format_ok=pl.lit(value=True),
            checks_id=pl.when(is_ungraded).then(pl.lit(ids[-1])).otherwise(pl.Series(ids[:-1]).gather(passed)),
            sandbox_level=pl.lit("A"),
            wall_ms=pl.Series(draw.uniform(5, 60, made.height)).round(1),
            peak_memory_kb=pl.Series(draw.integers(9_000, 40_000, made.height)),
            graded_at=pl.col("started_at") + pl.duration(minutes=5),
        )


def _planned(calls: pl.DataFrame) -> pl.DataFrame:
    return calls.with_columns(
        suite=pl.lit(SUITE), suite_version=pl.lit(1), status=pl.lit("planned"), planned_at=pl.col("benchmark_hour")
    )


def _responses(answers: pl.DataFrame) -> pl.DataFrame:
    """Rows of raw.responses; what a failed call has not is null."""
    is_answered = ~pl.col("is_failed")
    identity = pl.concat_str("target_id", "scenario_id", "answer", separator="|")
    known = ("output_tokens", "latency_ms", "time_to_first_token_ms", "cost_usd")
    return answers.select(
        "benchmark_hour", "call_id", "target_id", "scenario_id", "scenario_version", "variant_seed", "sample_index",
        "is_simulated", "started_at",
        *(pl.when(is_answered).then(pl.col(name)).alias(name) for name in known),
        attempt=pl.lit(1),
        is_late=pl.lit(value=False),
        scheduled_for=pl.col("benchmark_hour"),
        finished_at=pl.col("started_at") + pl.duration(milliseconds=pl.col("latency_ms").cast(pl.Int64)),
        status=pl.when(is_answered).then(pl.lit("answered")).otherwise(pl.lit("failed")),
        error_code=pl.when(~is_answered).then(pl.lit("timeout")),
        try_count=pl.when(is_answered).then(1).otherwise(3),
        answer_sha256=pl.when(is_answered).then(identity.map_elements(_digest, return_dtype=pl.String)),
        answer_bytes=pl.when(is_answered).then(pl.col("output_tokens") * 4),
        requested_model=pl.col("target_id"),
        served_model=pl.when(is_answered).then(pl.col("target_id")),
        finish_reason=pl.when(is_answered).then(pl.lit("stop")),
        input_tokens=pl.when(is_answered).then(300),
        price_id=pl.concat_str("target_id", pl.lit("-price")),
        prompt_sha256=pl.col("scenario_id").map_elements(_digest, return_dtype=pl.String),
        harness_version=pl.lit("0.1.0"),
        archive_file=pl.col("benchmark_hour").dt.strftime("date=%Y-%m-%d/hour=%H/synthetic.parquet"),
        run_id=pl.lit("00000000-0000-0000-0000-000000000000"),
        recorded_at=pl.col("benchmark_hour") + pl.duration(minutes=10),
    )  # fmt: skip


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
