"""The API's answer about how it is measured, for the tests' own server.

Not here: the server (fake_api).
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

METHODOLOGY: Json = {
    "suites": [
        {
            "suite": suite,
            "suite_version": version,
            "cadence": cadence,
            "scenario_count": count,
            "recorded_at": "2026-11-01T00:00:00Z",
            "is_current": is_current,
        }
        for suite, version, cadence, count, is_current in (
            ("canary", 1, "hourly", 12, True),
            ("core", 2, "every-6-hours", 48, True),
            ("core", 1, "every-6-hours", 40, False),
            ("full", 1, "daily", 220, True),
        )
    ],
    "scorers": [{"scorer": "function", "scorer_version": 5, "suites": ["canary", "core", "full"]}],
    "detectors": [
        {
            "metric": "quality",
            "suite": "canary",
            "detector_version": 3,
            "watched_count": 6,
            "insufficient_count": 0,
            "last_hour": "2026-11-23T20:00:00Z",
        }
    ],
    "formulas": [
        {
            "name": "Score interval",
            "version": 2,
            "fields": ["score_ci95_lower", "score_ci95_upper"],
            "statement": "A 95% t interval over the means of scenarios.",
            "source": "Student 1908",
        }
    ],
}
