"""The shape of the leaderboard.

Not here: where its numbers come from (queries.py).
"""

from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.envelope import WindowMeta
from api.leaderboard.queries import STANDINGS
from api.ordering import SORT, OrderedQuery, SortableBy
from api.parameters import Ceiling, FamilyName, ProviderFilter, Simulated, SuiteName, Window

EXAMPLE: dict[str, Any] = {
    "meta": {
        "as_of": "2026-11-23T21:04:12Z",
        "simulated": True,
        "suite": "canary",
        "suite_version": 1,
        "family": "all",
        "window_name": "7d",
        "window_start": "2026-11-16T21:00:00Z",
        "window_end": "2026-11-23T21:00:00Z",
    },
    "data": [
        {
            "target_id": "sim-atlas",
            "label": "Atlas (simulated)",
            "provider": "simulator",
            "model": "atlas",
            "host": "simulator",
            "quantisation": None,
            "reasoning_effort": None,
            "is_open_weights": False,
            "suite": "canary",
            "suite_version": 1,
            "family": "all",
            "window_name": "7d",
            "window_start": "2026-11-16T21:00:00Z",
            "window_end": "2026-11-23T21:00:00Z",
            "as_of": "2026-11-23T21:04:12Z",
            "score_mean": 8.4125,
            "score_sd": 2.9113,
            "score_ci95_lower": 7.0211,
            "score_ci95_upper": 9.8039,
            "score_suite_ci95_lower": 8.2011,
            "score_suite_ci95_upper": 8.6239,
            "rank_ci95_lower": 1,
            "rank_ci95_upper": 2,
            "ranked_count": 6,
            "scorer_versions": "function:5, sql:2",
            "asked_count": 2034,
            "response_count": 2016,
            "priced_count": 2016,
            "streamed_count": 2016,
            "scored_count": 1998,
            "solved_count": 1402,
            "scenario_count": 12,
            "measured_hour_count": 168,
            "cost_per_task_usd": 0.001834,
            "cost_per_task_ci95_lower": 0.001801,
            "cost_per_task_ci95_upper": 0.001868,
            "cost_per_solved_task_usd": 0.002637,
            "input_usd_per_mtok": 3.0,
            "output_usd_per_mtok": 15.0,
            "latency_p50_ms": 1840.5,
            "latency_p50_ci95_lower": 1802.0,
            "latency_p50_ci95_upper": 1881.5,
            "latency_p95_ms": 4120.0,
            "latency_p95_ci95_lower": 3980.5,
            "latency_p95_ci95_upper": 4310.0,
            "time_to_first_token_p50_ms": 412.0,
            "time_to_first_token_p50_ci95_lower": 404.5,
            "time_to_first_token_p50_ci95_upper": 420.0,
            "time_to_first_token_p95_ms": 980.5,
            "time_to_first_token_p95_ci95_lower": 941.0,
            "time_to_first_token_p95_ci95_upper": 1033.5,
            "error_rate": 0.0089,
            "error_rate_ci95_lower": 0.0052,
            "error_rate_ci95_upper": 0.0152,
            "attempt_count": 3,
            "pass_at_k_rate": 0.8533,
            "pass_at_k_ci95_lower": 0.6241,
            "pass_at_k_ci95_upper": 0.9528,
            "pass_hat_k_rate": 0.5417,
            "pass_hat_k_ci95_lower": 0.2913,
            "pass_hat_k_ci95_upper": 0.7726,
            "score_change_7d": -0.1208,
            "score_change_7d_ci95_lower": -0.3342,
            "score_change_7d_ci95_upper": 0.0926,
            "score_change_7d_holm_p_value": 1.0,
            "is_score_change_7d_significant": False,
            "last_benchmark_hour": "2026-11-23T20:00:00Z",
            "is_simulated": True,
            "is_preliminary": False,
            "sparkline": None,
        }
    ],
    "next_cursor": None,
}


SIGNIFICANCE = 0.05
"""The Holm-adjusted p-value below which a change is called one."""


class LeaderboardQuery(OrderedQuery):
    """Filters and order of the leaderboard."""

    window: Window = "7d"
    suite: SuiteName = "canary"
    family: FamilyName = "all"
    provider: ProviderFilter = None
    simulated: Simulated = "any"
    open_weights: Annotated[
        Literal["true", "false", "any"], Field(description="Only models with published weights, only others, or any.")
    ] = "any"
    effort: Annotated[
        str | None,
        Field(
            pattern=r"^[a-z0-9][a-z0-9._-]{0,62}$",
            description="Only with this reasoning effort; `default` is the provider's own.",
        ),
    ] = None
    max_input_usd_per_mtok: Ceiling = None
    max_output_usd_per_mtok: Ceiling = None
    max_cost_per_task_usd: Ceiling = None
    attempts: Annotated[
        Literal["1", "3", "5", "10"], Field(description="The number k of attempts of `pass_at_k` and `pass_hat_k`.")
    ] = "3"
    sort: Annotated[str, SortableBy(STANDINGS), Field(description=SORT)] = "-score_mean"
    include: Annotated[
        Literal["sparkline"] | None, Field(description="`sparkline` adds the daily means of the last 30 days.")
    ] = None


class DayMean(BaseModel):
    """One UTC day; a gap is a day too, with a null mean."""

    score_date: date
    score_mean: float | None
    scored_count: int
    reason: str | None = Field(description="Why there is no mean; null when there is one.")


class LeaderboardEntry(BaseModel):
    """One model's numbers in one window, of one suite version and family."""

    ALWAYS: ClassVar = (
        "target_id",
        "asked_count",
        "response_count",
        "priced_count",
        "streamed_count",
        "scored_count",
        "is_simulated",
    )

    target_id: str
    label: str
    provider: str
    model: str
    host: str
    quantisation: str | None
    reasoning_effort: str | None = Field(description="Null is the provider's default.")
    is_open_weights: bool
    suite: str
    suite_version: int = Field(description="Numbers of different suite versions are never compared.")
    family: str
    window_name: str
    window_start: AwareDatetime
    window_end: AwareDatetime = Field(description="Exclusive.")
    as_of: AwareDatetime | None
    score_mean: float | None = Field(description="0 to 10; null when nothing could be scored.")
    score_sd: float | None
    score_ci95_lower: float | None = Field(
        description="95% interval of the mean for tasks like these, clustered by scenario; not cut at 0 or 10; "
        "null when it can't be estimated."
    )
    score_ci95_upper: float | None
    score_suite_ci95_lower: float | None = Field(
        description="The mean's other 95% interval: exactly these tasks on other days, with days as clusters; null "
        "with scores on fewer than two days."
    )
    score_suite_ci95_upper: float | None
    rank_ci95_lower: int | None = Field(
        description="Best rank that the scores allow at 95% among models of the same kind, simulated or real; null "
        "where too few scenarios are common to rank on."
    )
    rank_ci95_upper: int | None = Field(description="Worst rank of the same range.")
    ranked_count: int | None = Field(description="Models that were ranked together.")
    scorer_versions: str | None = Field(description="Scorers and versions that the mean rests on.")
    asked_count: int = Field(description="Calls answered or failed in time: what `error_rate` rests on.")
    response_count: int = Field(description="Calls answered in time: what latencies rest on.")
    priced_count: int = Field(description="Those of known cost: what `cost_per_task_usd` rests on.")
    streamed_count: int = Field(description="Those whose first token was timed: what times to it rest on.")
    scored_count: int
    solved_count: int = Field(description="Answers with the full score.")
    scenario_count: int = Field(description="The clusters that the interval rests on.")
    measured_hour_count: int = Field(description="Hours of the window in which anything was scored on time.")
    cost_per_task_usd: float | None = Field(description="Mean cost of an answered call; null when a price is unknown.")
    cost_per_task_ci95_lower: float | None = Field(
        description="95% interval: the same tasks on other days, with days as clusters; null with fewer than two days, "
        "and where these are all alike."
    )
    cost_per_task_ci95_upper: float | None
    cost_per_solved_task_usd: float | None = Field(
        description="Cost of the answers over those with the full score; null when a cost is unknown or none has it."
    )
    input_usd_per_mtok: float | None = Field(description="USD per million tokens now; null is unknown, never 0.")
    output_usd_per_mtok: float | None
    latency_p50_ms: float | None
    latency_p50_ci95_lower: float | None = Field(
        description="95% interval in ms, observed times: the same tasks on other days, days being clusters; null with "
        "fewer than two days, and where these tell too little."
    )
    latency_p50_ci95_upper: float | None
    latency_p95_ms: float | None
    latency_p95_ci95_lower: float | None
    latency_p95_ci95_upper: float | None
    time_to_first_token_p50_ms: float | None
    time_to_first_token_p50_ci95_lower: float | None
    time_to_first_token_p50_ci95_upper: float | None
    time_to_first_token_p95_ms: float | None
    time_to_first_token_p95_ci95_lower: float | None
    time_to_first_token_p95_ci95_upper: float | None
    error_rate: float | None = Field(description="Failed calls by calls made in time, 0 to 1; never part of the score.")
    error_rate_ci95_lower: float | None = Field(
        description="95% interval: other days, with days as clusters; null with fewer than two days."
    )
    error_rate_ci95_upper: float | None
    attempt_count: int | None = Field(
        description="The number k of attempts; null, with the rates, where a scenario has fewer scored answers."
    )
    pass_at_k_rate: float | None = Field(description="Chance that one of k attempts solves a task, 0 to 1.")
    pass_at_k_ci95_lower: float | None
    pass_at_k_ci95_upper: float | None
    pass_hat_k_rate: float | None = Field(description="Chance that each of k attempts solves a task, 0 to 1.")
    pass_hat_k_ci95_lower: float | None
    pass_hat_k_ci95_upper: float | None
    score_change_7d: float | None = Field(
        description="Mean of the last seven days minus that of the seven before, paired by scenario, whatever the "
        "window; null without scores in both."
    )
    score_change_7d_ci95_lower: float | None
    score_change_7d_ci95_upper: float | None
    score_change_7d_holm_p_value: float | None = Field(description="Adjusted for all models of the same kind.")
    is_score_change_7d_significant: bool | None = Field(
        description=f"Whether that p-value is below {SIGNIFICANCE}; null without one."
    )
    last_benchmark_hour: AwareDatetime | None
    is_simulated: bool
    is_preliminary: bool = Field(description="Too few scenarios or hours to rank on.")
    sparkline: list[DayMean] | None = Field(
        description="The planned days of the last 30, or of as many as your tier has, oldest first; null unless "
        "`include=sparkline`."
    )


class Leaderboard(BaseModel):
    """Models in the order asked, best score first by default; what is unknown comes last."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    meta: WindowMeta
    data: list[LeaderboardEntry]
    next_cursor: str | None = Field(description="`cursor` of the next page; null on the last.")
