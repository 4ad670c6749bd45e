"""Results about how it is measured: suites, graders, detectors and formulas, each with its version.

Not here: what was measured.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic reads it at run time

from dashboard.api_client.result import Meta, Result


class SuiteVersion(Result):
    """A version of a suite; numbers of different versions are never compared."""

    suite: str
    suite_version: int
    cadence: str
    scenario_count: int
    recorded_at: datetime
    is_current: bool


class ScorerVersion(Result):
    """A grader in use."""

    scorer: str
    scorer_version: int
    suites: tuple[str, ...]


class Detector(Result):
    """What the detection of changes watches."""

    metric: str
    suite: str
    detector_version: int
    watched_count: int
    insufficient_count: int
    last_hour: datetime


class Formula(Result):
    """How published numbers are computed, and where that comes from."""

    name: str
    version: int
    fields: tuple[str, ...]
    statement: str
    source: str


class Methodology(Result):
    suites: tuple[SuiteVersion, ...]
    scorers: tuple[ScorerVersion, ...]
    detectors: tuple[Detector, ...]
    formulas: tuple[Formula, ...]


class MethodologyAnswer(Result):
    meta: Meta
    data: Methodology
