"""The shape of the versions of the method.

Not here: where they come from (queries.py, formulas.py).
"""

from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.envelope import Meta

EXAMPLE: dict[str, Any] = {
    "meta": {"as_of": "2026-11-23T21:04:12Z", "simulated": None},
    "data": {
        "suites": [
            {
                "suite": "canary",
                "suite_version": 4,
                "cadence": "hourly",
                "scenario_count": 12,
                "recorded_at": "2026-11-09T20:59:10Z",
                "is_current": True,
            }
        ],
        "scorers": [{"scorer": "function", "scorer_version": 5, "suites": ["canary", "core", "full"]}],
        "detectors": [
            {
                "metric": "quality",
                "suite": "canary",
                "detector_version": 1,
                "watched_count": 6,
                "insufficient_count": 0,
                "last_hour": "2026-11-23T20:00:00Z",
            }
        ],
        "formulas": [
            {
                "name": "pass_hat_k",
                "version": 1,
                "fields": ["pass_hat_k_rate"],
                "statement": "C(c, k) / C(n, k), mean over scenarios; t(S - 1) on the logit scale.",
                "source": "Yao et al. 2024, arXiv 2406.12045",
            }
        ],
    },
}


class SuiteVersion(BaseModel):
    """One version of a suite. Numbers of different versions are never compared."""

    suite: str
    suite_version: int
    cadence: str = Field(description="How often it is asked, such as `hourly`.")
    scenario_count: int
    recorded_at: AwareDatetime = Field(description="When it was recorded first.")
    is_current: bool


class ScorerVersion(BaseModel):
    """A scorer in a version that published means rest on."""

    scorer: str
    scorer_version: int
    suites: list[str]


class Detector(BaseModel):
    """How many streams of one measure are watched for changes."""

    metric: str
    suite: str
    detector_version: int
    watched_count: int
    insufficient_count: int = Field(description="Streams with fewer than 14 days or 168 hours, where nothing is told.")
    last_hour: AwareDatetime


class Formula(BaseModel):
    """One formula behind published fields."""

    name: str
    version: int = Field(description="Rises with every change that can change a number.")
    fields: list[str] = Field(description="The fields that it gives.")
    statement: str
    source: str


class Methodology(BaseModel):
    """By what the numbers come about."""

    suites: list[SuiteVersion] = Field(description="By name, the newest version first.")
    scorers: list[ScorerVersion]
    detectors: list[Detector]
    formulas: list[Formula]


class MethodologyAnswer(BaseModel):
    """The methodology."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    meta: Meta
    data: Methodology
