"""The shape of the leaderboard.

Not here: where its numbers come from (queries.py).
"""

from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.envelope import Meta
from api.pagination import PageQuery
from api.parameters import FamilyName, ProviderFilter, Simulated, SuiteName, Window

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
            "response_count": 2016,
            "scored_count": 1998,
            "scenario_count": 12,
            "cost_per_task_usd": 0.001834,
            "latency_p50_ms": 1840.5,
            "time_to_first_token_p50_ms": 412.0,
            "error_rate": 0.0089,
            "last_benchmark_hour": "2026-11-23T20:00:00Z",
            "is_simulated": True,
            "is_preliminary": False,
        }
    ],
    "next_cursor": None,
}


class LeaderboardQuery(PageQuery):
    """Filters of the leaderboard."""

    window: Window = "7d"
    suite: SuiteName = "canary"
    family: FamilyName = "all"
    provider: ProviderFilter = None
    simulated: Simulated = "any"


class LeaderboardEntry(BaseModel):
    """One model's numbers in one window, of one suite version and family."""

    target_id: str
    label: str
    provider: str
    model: str
    host: str
    quantisation: str | None
    reasoning_effort: str | None
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
    response_count: int
    scored_count: int
    scenario_count: int = Field(description="The clusters that the interval rests on.")
    cost_per_task_usd: float | None = Field(description="Mean cost of an answered call; null when a price is unknown.")
    latency_p50_ms: float | None
    time_to_first_token_p50_ms: float | None
    error_rate: float | None = Field(description="Failed calls by calls made in time, 0 to 1; never part of the score.")
    last_benchmark_hour: AwareDatetime | None
    is_simulated: bool
    is_preliminary: bool = Field(description="Too few scenarios or hours to rank on.")


class LeaderboardMeta(Meta):
    """About the whole leaderboard. Window and suite version are null when no model has a row."""

    suite: str
    suite_version: int | None
    family: str
    window_name: str
    window_start: AwareDatetime | None
    window_end: AwareDatetime | None = Field(description="Exclusive.")


class Leaderboard(BaseModel):
    """Models by score, best first; those without a score come last."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    meta: LeaderboardMeta
    data: list[LeaderboardEntry]
    next_cursor: str | None = Field(description="`cursor` of the next page; null on the last.")
