"""The rows that travel through the pipeline: what is planned, what was answered, what it scored.

Not here: how a row is stored (storage), nor the scenario vocabulary (scenarios.schema).
"""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

PlanStatus = Literal["planned", "skipped"]
ResponseStatus = Literal["answered", "failed", "budget"]
PriceService = Literal["standard", "batch"]


FIRST_BENCHMARK_HOUR = datetime(2026, 1, 1, tzinfo=UTC)
"""Where the hourly partitions begin."""


def benchmark_hour_of(moment: datetime) -> datetime:
    """The UTC hour that `moment` (aware) falls into."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class TargetRow:
    """What is measured: model, host, quantisation, effort and sampling, as one catalogue states it."""

    target_id: str
    definition_sha256: str
    recorded_at: datetime
    label: str
    provider: str
    model: str
    host: str
    quantisation: str | None
    reasoning_effort: str | None
    sampling: dict[str, Any]
    is_simulated: bool
    is_open_weights: bool
    lifecycle: str
    training_cutoff: date | None
    is_enabled: bool
    disabled_reason: str | None
    limits: dict[str, Any] | None = None
    price_source: str | None = None
    successor: str | None = None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A target that discovery or an operator added to those of the file, or one that was retired again.

    `definition` is the target as an entry of the targets file; the newest row of a target counts.
    """

    target_id: str
    recorded_at: datetime
    is_enrolled: bool
    definition: dict[str, Any]
    source: str


@dataclass(frozen=True, slots=True)
class ModelSighting:
    """When a host listed a model. `host` is its name in the targets file.

    `missed_since` is the first of the listings in a row that lack it, `vanished_at` the second one. `pricing` is what
    the newest listing states of its price, where the host publishes prices.
    """

    host: str
    model: str
    provider: str
    has_published_price: bool
    first_seen_at: datetime
    last_seen_at: datetime
    missed_since: datetime | None = None
    vanished_at: datetime | None = None
    pricing: Any = None


@dataclass(frozen=True, slots=True)
class ScenarioRow:
    """One scenario version as the catalogue holds it; of its public variant the beginning of the prompt."""

    scenario_id: str
    scenario_version: int
    content_sha256: str
    family: str
    difficulty: str
    language: str
    title: str
    licence: str
    created_on: date
    max_output_tokens: int
    recorded_at: datetime
    public_prompt: str | None = None
    public_prompt_length: int | None = None


@dataclass(frozen=True, slots=True)
class SuiteRow:
    """Membership of one scenario version in one suite version."""

    suite: str
    suite_version: int
    cadence: str
    scenario_id: str
    scenario_version: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class PriceTier:
    """Amounts in place of a price row's own, for calls of a service with more input than `above_input_tokens`."""

    service: PriceService
    above_input_tokens: int
    input_usd_per_mtok: Decimal | None
    output_usd_per_mtok: Decimal | None
    cached_input_usd_per_mtok: Decimal | None
    cache_write_usd_per_mtok: Decimal | None
    reasoning_usd_per_mtok: Decimal | None


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A price valid from a moment until the next row of the same provider and model. USD per million tokens.

    None means that the provider does not publish that price; a cost that needs it is unknown, never 0.
    """

    price_id: str
    provider: str
    model: str
    valid_from: datetime
    input_usd_per_mtok: Decimal | None
    output_usd_per_mtok: Decimal | None
    cached_input_usd_per_mtok: Decimal | None
    cache_write_usd_per_mtok: Decimal | None
    reasoning_usd_per_mtok: Decimal | None
    source: str
    checked_on: date
    tiers: tuple[PriceTier, ...] = ()


ChangeKind = Literal[
    "price",
    "listing",
    "enrolment",
    "lifecycle",
    "settings",
    "served_model",
    "fingerprint",
    "host",
    "limits",
    "libraries",
]


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was otherwise before: what charts mark and alerts weigh.

    `subject` is a target_id, `provider/model` or the host's address; `effective_at` is the moment from which the new
    value holds, `noticed_at` when it was found. None as a value is absence: a first sight has no old value, a model
    that vanished no new one.
    """

    kind: ChangeKind
    subject: str
    effective_at: datetime
    old_value: dict[str, Any] | None
    new_value: dict[str, Any] | None
    source: str
    noticed_at: datetime


def is_asked_otherwise(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether the values of a change of the served model tell that another one was asked for."""
    return old.get("requested_models") != new.get("requested_models")


def id_of(*parts: object) -> uuid.UUID:
    """The same for the same parts: the first half of the SHA-256 of them as text."""
    return uuid.UUID(bytes=hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()[:16])


def call_id_of(
    benchmark_hour: datetime,
    target_id: str,
    scenario_id: str,
    scenario_version: int,
    variant_seed: int,
    sample_index: int,
) -> uuid.UUID:
    """The stable identity of one call, from its natural key."""
    hour = benchmark_hour.astimezone(UTC).isoformat()
    return id_of(hour, target_id, scenario_id, scenario_version, variant_seed, sample_index)


@dataclass(frozen=True, slots=True)
class Selection:
    """The targets and scenarios that a run is confined to; an empty set is no limit."""

    target_ids: frozenset[str] = frozenset()
    scenario_ids: frozenset[str] = frozenset()

    @property
    def is_whole(self) -> bool:
        return not self.target_ids and not self.scenario_ids

    def includes_target(self, target_id: str) -> bool:
        return not self.target_ids or target_id in self.target_ids

    def includes(self, target_id: str, scenario_id: str) -> bool:
        return self.includes_target(target_id) and (not self.scenario_ids or scenario_id in self.scenario_ids)


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """One call that ought to happen in a benchmark hour, or the reason why it is left out."""

    benchmark_hour: datetime
    call_id: uuid.UUID
    suite: str
    suite_version: int
    target_id: str
    scenario_id: str
    scenario_version: int
    variant_seed: int
    sample_index: int
    is_simulated: bool
    status: PlanStatus
    reason: str | None
    planned_at: datetime
    is_partial: bool = False
    """Whether the run that planned it was confined to a part of the hour, which is not planned whole then."""


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """Tokens by kind as the provider counted them; None is unknown.

    `input_tokens` includes cached and cache-write tokens, `output_tokens` includes reasoning tokens.
    """

    input_tokens: int | None = None
    cached_input_tokens: int | None = None
    cache_write_tokens: int | None = None
    output_tokens: int | None = None
    reasoning_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class GoneAnswer:
    """What is known of an answer whose text is no longer kept; `size` in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Response:
    """One call's answer and its measurements. One that failed or was left out has an `error_code` and no `answer`.

    An answer whose text is no longer kept is `gone` instead.

    `scheduled_for` is the benchmark hour's time, `started_at` and `finished_at` are when it ran. `cost_usd` is tokens
    times our price, `reported_cost_usd` what the host says that it charged. A call of status `budget` was not made.
    """

    benchmark_hour: datetime
    call_id: uuid.UUID
    attempt: int
    target_id: str
    scenario_id: str
    scenario_version: int
    variant_seed: int
    sample_index: int
    is_simulated: bool
    scheduled_for: datetime
    started_at: datetime
    finished_at: datetime
    status: ResponseStatus
    error_code: str | None
    error_detail: str | None
    try_count: int
    answer: str | None
    requested_model: str
    served_model: str | None
    system_fingerprint: str | None
    provider_request_id: str | None
    finish_reason: str | None
    usage: TokenUsage
    time_to_first_token_ms: float | None
    latency_ms: float | None
    price_id: str | None
    cost_usd: Decimal | None
    prompt_sha256: str
    harness_version: str
    reported_cost_usd: Decimal | None = None
    forced_by: str | None = None
    """The first run of those that were told to ask again what was answered already, and asked this call."""
    gone: GoneAnswer | None = None

    @property
    def is_late(self) -> bool:
        """True when the call did not start within its own benchmark hour."""
        return not self.benchmark_hour <= self.started_at < self.benchmark_hour + timedelta(hours=1)

    @property
    def answer_sha256(self) -> str | None:
        if self.answer is None:
            return None if self.gone is None else self.gone.sha256
        return hashlib.sha256(self.answer.encode()).hexdigest()

    @property
    def answer_bytes(self) -> int | None:
        if self.answer is None:
            return None if self.gone is None else self.gone.size
        return len(self.answer.encode())


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One independent check of an answer. `detail` explains a failure without expected values."""

    name: str
    weight: float
    passed: bool
    detail: str | None = None


@lru_cache(maxsize=4096)
def checks_id_of(checks: tuple[CheckResult, ...]) -> uuid.UUID:
    """The same for equal results, by their JSON."""
    return id_of(json.dumps([asdict(check) for check in checks]))


@dataclass(frozen=True, slots=True)
class Score:
    """What one response is worth: 0 to 10, or None with a `reason`. Never 0 for a failure of the infrastructure."""

    benchmark_hour: datetime
    call_id: uuid.UUID
    attempt: int
    scorer: str
    scorer_version: int
    grading_attempt: int
    score: float | None
    reason: str | None
    outcome: str
    is_refusal: bool
    is_truncated: bool
    is_format_ok: bool
    checks: tuple[CheckResult, ...]
    sandbox_level: str
    wall_ms: float | None
    peak_memory_kb: int | None
    tool_call_count: int | None
    valid_tool_call_count: int | None
    reference_overlap: float | None
    has_canary: bool | None
    graded_at: datetime
