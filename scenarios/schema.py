"""The vocabulary of the catalogue: scenario, answer, grader, checks, suite, as strict models.

Not here: reading files (loader), nor what a seed makes of a scenario (variants).
Run as a module it rewrites scenario.schema.json.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
    field_validator,
)

from scenarios.marked_yaml import MarkedTree
from scenarios.repositories import Question
from scenarios.templates import SolutionTemplate, TextTemplate

PUBLIC_SEED: Final = 0
FULL_SCORE: Final = 10.0
SCHEMA_FILE: Final = Path(__file__).with_name("scenario.schema.json")
INVENTORIES: Final = Path(__file__).with_name("inventories")

Family = Literal[
    "code-generation",
    "bug-fixing",
    "refactoring",
    "test-writing",
    "code-review",
    "sql",
    "data-wrangling",
    "api-use",
    "security",
    "shell-config",
    "long-context",
    "adversarial-wording",
]
Difficulty = Literal["easy", "medium", "hard"]
Language = Literal["python", "sql", "bash", "javascript"]
GraderKind = Literal["function", "program", "sql", "text", "asserts", "tests"]
Licence = Literal["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "CC-BY-4.0"]
Cadence = Literal["hourly", "every-6-hours", "daily"]
HOURS_OF: Final[dict[Cadence, int]] = {"hourly": 1, "every-6-hours": 6, "daily": 24}
"""A suite is due in the hours of the day (UTC) that this number divides."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
ScenarioId = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*$", max_length=120)
]
Canary = Annotated[
    str,
    StringConstraints(pattern=r"^aibaas-canary-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"),
]
Line = Annotated[str, StringConstraints(pattern=r"^\S(.*\S)?$", max_length=120)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
ParameterName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
DottedName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*|\(\))*$", max_length=120)]
Weight = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
Tolerance = Annotated[float, Field(ge=0, allow_inf_nan=False)]
RelativePath = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_. -]+(/[A-Za-z0-9_. -]+)*$", max_length=200)]

LANGUAGES_OF: Final[dict[GraderKind, frozenset[str | None]]] = {
    "function": frozenset({"python", "javascript"}),
    "program": frozenset({"python", "bash", "javascript"}),
    "sql": frozenset({"sql"}),
    "text": frozenset({None}),
    "asserts": frozenset({"python", "javascript"}),
    "tests": frozenset({"python"}),
}
NEEDS_ENTRY: Final[frozenset[GraderKind]] = frozenset({"function", "tests"})
TAKES_ENTRY: Final[frozenset[GraderKind]] = NEEDS_ENTRY | {"asserts"}


class StrictModel(BaseModel):
    """Frozen, no unknown fields, no coercion: a number in quotes is a mistake."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Answer(StrictModel):
    """What a model has to hand in. `entry` is the function that the grader calls, or that the answer's tests call."""

    kind: Literal["code", "text"]
    language: Language | None = None
    entry: Identifier | None = None


class Grader(StrictModel):
    kind: GraderKind


class Limits(StrictModel):
    """What one run of an answer may use."""

    wall_s: Annotated[float, Field(gt=0, le=60, allow_inf_nan=False)] = 5.0
    memory_mb: Annotated[int, Field(ge=16, le=4096)] = 512
    output_kb: Annotated[int, Field(ge=1, le=4096)] = 64


class RepositoryDefinition(StrictModel):
    """A generated repository: what is asked about it, how many files it has, and how many of them there are.

    `{{repository.listing}}` is its text; the facts of the question are other parts of the value `repository`.
    """

    question: Question
    files: Annotated[int, Field(ge=45, le=80)]
    seeds: Annotated[int, Field(ge=2, le=64)]


class ScenarioDefinition(StrictModel):
    """The contents of scenario.yaml."""

    model_config = ConfigDict(title="AIBaaS scenario")

    id: ScenarioId
    version: Annotated[int, Field(ge=1)]
    title: Line
    family: Family
    difficulty: Difficulty
    licence: Licence
    source: Line | None = None
    created: date
    canary: Canary
    max_output_tokens: Annotated[int, Field(ge=1, le=64_000)]
    answer: Answer
    grader: Grader
    limits: Limits = Limits()
    repository: RepositoryDefinition | None = None
    parameters: dict[ParameterName, Annotated[list[JsonValue], Field(min_length=1)]] = {}

    @field_validator("grader")
    @classmethod
    def suits_the_answer(cls, grader: Grader, info: Any) -> Grader:
        answer = info.data.get("answer")
        if answer is None:
            return grader
        if (answer.kind == "code") != (answer.language is not None):
            raise ValueError("code names its language, text has none")
        if answer.language not in LANGUAGES_OF[grader.kind]:
            raise ValueError(f"a grader of kind {grader.kind} can't grade {answer.language or answer.kind}")
        if grader.kind in NEEDS_ENTRY and answer.entry is None:
            raise ValueError(f"the kind {grader.kind} needs an answer with an entry")
        if answer.entry is not None and grader.kind not in TAKES_ENTRY:
            raise ValueError(f"the kind {grader.kind} has no entry")
        return grader

    @field_validator("parameters")
    @classmethod
    def parts_agree(cls, parameters: dict[str, list[JsonValue]], info: Any) -> dict[str, list[JsonValue]]:
        if info.data.get("repository") and "repository" in parameters:
            raise ValueError("the repository has the name of a parameter")
        for name, values in parameters.items():
            shapes = {tuple(sorted(value)) if isinstance(value, dict) else type(value).__name__ for value in values}
            if len(shapes) > 1:
                raise ValueError(f"the values of {name} differ in type or parts")
        return parameters

    @property
    def language(self) -> str:
        """The language of the answer, `text` for prose and JSON."""
        return self.answer.language or "text"


@dataclass(frozen=True, eq=False)
class Scenario:
    """A loaded scenario: what scenario.yaml says, where it lies, and the templates that a seed fills.

    `content_sha256` covers all files and the public repository; two scenarios are equal when it and the folder are.
    """

    id: str
    version: int
    title: str
    family: Family
    difficulty: Difficulty
    licence: Licence
    source: str | None
    created: date
    canary: str
    max_output_tokens: int
    answer: Answer
    grader: Grader
    limits: Limits
    parameters: Mapping[str, list[JsonValue]] = field(repr=False)
    repository: RepositoryDefinition | None
    content_sha256: str
    directory: Path
    prompt_template: TextTemplate = field(repr=False)
    checks_template: MarkedTree = field(repr=False)
    dialogue_template: MarkedTree | None = field(repr=False)
    fixtures: Mapping[str, TextTemplate] = field(repr=False)
    solution_templates: tuple[SolutionTemplate, ...] = field(repr=False)

    @property
    def language(self) -> str:
        """The language of the answer, `text` for prose and JSON."""
        return self.answer.language or "text"

    @property
    def is_core(self) -> bool:
        """Whether it is the project's own, not one of the community or of a pack."""
        return self.directory.parents[1].name == "core"

    def __hash__(self) -> int:
        return hash((self.content_sha256, self.directory))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Scenario):
            return NotImplemented
        return (self.content_sha256, self.directory) == (other.content_sha256, other.directory)


class Suite(StrictModel):
    """A versioned set of scenarios with a cadence; numbers of two versions are never mixed.

    `variants` says whether each scenario is asked in its public variant alone or in the fresh one of the month too.
    """

    name: Slug
    version: Annotated[int, Field(ge=1)]
    cadence: Cadence
    variants: Literal["public", "public-and-fresh"] = "public"
    scenario_ids: Annotated[tuple[ScenarioId, ...], Field(min_length=1)]


class SuitesFile(StrictModel):
    """The contents of suites.yaml."""

    suites: Annotated[tuple[Suite, ...], Field(min_length=1)]


def json_schema() -> str:
    """The JSON schema of scenario.yaml, as the committed file holds it."""
    return json.dumps(ScenarioDefinition.model_json_schema(), indent=2, sort_keys=True) + "\n"


def write_json_schema(file: Path = SCHEMA_FILE) -> None:
    file.write_text(json_schema(), encoding="utf-8")


if __name__ == "__main__":
    write_json_schema()
