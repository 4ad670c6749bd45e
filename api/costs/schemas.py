"""The shape of projections of costs.

Not here: where their numbers come from (queries.py).
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from api.envelope import Meta
from api.parameters import ListedId, ProviderFilter, Simulated

EXAMPLE: dict[str, Any] = {
    "meta": {
        "as_of": "2026-11-23T21:04:12Z",
        "simulated": True,
        "days": 30,
        "tasks_per_day": 250.0,
        "tasks": [{"family": "bug-fixing", "tasks_per_day": 50.0}, {"family": "sql", "tasks_per_day": 200.0}],
    },
    "data": [
        {
            "target_id": "sim-atlas",
            "label": "Atlas",
            "provider": "simulator",
            "is_simulated": True,
            "cost_usd": 15.6,
            "cost_ci95_lower": 14.7,
            "cost_ci95_upper": 16.5,
            "reason": None,
            "families": [
                {
                    "family": "bug-fixing",
                    "tasks_per_day": 50.0,
                    "basis": "measured",
                    "reason": None,
                    "cost_usd": 4.2,
                    "cost_ci95_lower": 3.9,
                    "cost_ci95_upper": 4.5,
                    "cost_per_task_usd": 0.0028,
                    "cost_per_task_ci95_lower": 0.0026,
                    "cost_per_task_ci95_upper": 0.003,
                    "input_tokens_per_task": 612.4,
                    "output_tokens_per_task": 64.2,
                    "suite_versions": "canary:1, core:3",
                    "day_count": 28,
                    "answered_count": 1340,
                    "first_date": "2026-10-26",
                    "last_date": "2026-11-22",
                },
                {
                    "family": "sql",
                    "tasks_per_day": 200.0,
                    "basis": "measured",
                    "reason": None,
                    "cost_usd": 11.4,
                    "cost_ci95_lower": 10.8,
                    "cost_ci95_upper": 12.0,
                    "cost_per_task_usd": 0.0019,
                    "cost_per_task_ci95_lower": 0.0018,
                    "cost_per_task_ci95_upper": 0.002,
                    "input_tokens_per_task": 434.1,
                    "output_tokens_per_task": 40.0,
                    "suite_versions": "canary:1, core:3",
                    "day_count": 28,
                    "answered_count": 1338,
                    "first_date": "2026-10-26",
                    "last_date": "2026-11-22",
                },
            ],
        }
    ],
}
Tasks = Annotated[
    str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}:[0-9]{1,9}(\.[0-9]{1,3})?$", examples=["sql:200", "all:1000"])
]
Tokens = Annotated[
    int | None,
    Field(
        ge=0,
        le=10_000_000,
        description="Tokens of one task of yours, in place of those that ours take: then the price of now counts. "
        "`input_tokens` and `output_tokens` go together.",
    ),
]


def each_family_once(tasks: list[str]) -> list[str]:
    """Raises ValueError for a family that is named twice."""
    families = [entry.partition(":")[0] for entry in tasks]
    if len(set(families)) < len(families):
        raise ValueError("each family is named once")
    return tasks


class ProjectionQuery(BaseModel):
    """How much work of which kind, over how long, by which models."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tasks: Annotated[
        list[Tasks],
        Field(
            min_length=1,
            max_length=20,
            description="Tasks a day by family, as `family:count`; `all` is a mix like that of our suites.",
        ),
        AfterValidator(each_family_once),
    ]
    days_ahead: Annotated[Literal["1", "7", "30", "90"], Field(description="How far ahead.")] = "30"
    input_tokens: Tokens = None
    output_tokens: Tokens = None
    target_id: Annotated[
        list[ListedId], Field(max_length=20, description="Only these models; without it all that are measured.")
    ] = []
    provider: ProviderFilter = None
    simulated: Simulated = "any"


class FamilyTasks(BaseModel):
    """Tasks of one family."""

    family: str
    tasks_per_day: float


class FamilyCost(FamilyTasks):
    """What the tasks of one family come to."""

    basis: Literal["measured", "tokens", "unknown"] = Field(
        description="What the cost of a task rests on: what such tasks did cost, the tokens that you name at the price "
        "of now, or nothing."
    )
    reason: Literal["not_measured", "unknown_price", "few_days", "exact"] | None = Field(
        description="Why there is no cost, or no interval: fewer than 14 days, or tokens at a known price; else null."
    )
    cost_usd: float | None
    cost_ci95_lower: float | None = Field(description="Interval that the cost will lie in at 95%, at today's prices.")
    cost_ci95_upper: float | None
    cost_per_task_usd: float | None
    cost_per_task_ci95_lower: float | None
    cost_per_task_ci95_upper: float | None
    input_tokens_per_task: float | None
    output_tokens_per_task: float | None
    suite_versions: str | None = Field(
        description="Suites and versions whose tasks the cost of a task rests on; null where it rests on none."
    )
    day_count: int | None = Field(description="Days that the interval rests on.")
    answered_count: int | None = Field(description="Tasks that the mean rests on.")
    first_date: date | None
    last_date: date | None


class ModelCost(BaseModel):
    """What all of it would cost with one model."""

    target_id: str
    label: str
    provider: str
    is_simulated: bool
    cost_usd: float | None = Field(description="Null when the cost of any family is unknown: a part is no sum.")
    cost_ci95_lower: float | None = Field(
        description="Sum of the families' bounds, which errs on the wide side; null when any has none."
    )
    cost_ci95_upper: float | None
    reason: str | None = Field(description="Why there is no cost; null when there is one.")
    families: list[FamilyCost]


class ProjectionMeta(Meta):
    """About the whole projection."""

    days: int = Field(description="Days ahead.")
    tasks_per_day: float
    tasks: list[FamilyTasks]


class Projection(BaseModel):
    """Models by cost, the cheapest first; unknown costs come last. All of them: there are no pages."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    meta: ProjectionMeta
    data: list[ModelCost]
