"""The shape of the answers about health.

Not here: what is looked at (queries.py).
"""

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class Health(BaseModel):
    """The process runs."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "ok"}]})

    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """The process can answer."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "status": "ready",
                    "database": "reachable",
                    "marts": ["dim_targets", "fct_leaderboard"],
                    "newest_benchmark_hour": "2026-11-23T20:00:00Z",
                    "newest_benchmark_hour_age_s": 4210,
                }
            ]
        }
    )

    status: Literal["ready"] = "ready"
    database: Literal["reachable"] = "reachable"
    marts: list[str] = Field(description="The published tables, all of which are there.")
    newest_benchmark_hour: AwareDatetime | None = Field(description="The newest measured hour; null before the first.")
    newest_benchmark_hour_age_s: int | None = Field(description="Seconds since that hour began.")
