"""The vocabulary of the catalogue: scenario, answer, grader, checks, suite, as strict models.

Not here: reading files (loader), nor what a seed makes of a scenario (variants).
Run as a module it rewrites scenario.schema.json.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    JsonValue,
    StringConstraints,
    Tag,
    field_validator,
    model_validator,
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


class NamedCheck(StrictModel):
    """One independent property of an answer. An answer's score is 10 x passed weight / whole weight.

    `needs` names other checks: where one of them fails, this one earns nothing. Weight 0 is for what others only need.
    """

    name: Line
    weight: Weight
    needs: tuple[Line, ...] = ()


class Call(StrictModel):
    """One call of the entry function. `expected` may be null, so presence counts, not truth.

    Numbers are equal within `tolerance` (absolute), when given; a tuple equals a list, True is not 1.
    `expected_exception` is met by that builtin exception and by its subclasses.
    """

    args: list[JsonValue] = []
    kwargs: dict[Identifier, JsonValue] = {}
    expected: JsonValue = None
    expected_exception: Identifier | None = None
    tolerance: Tolerance | None = None

    @property
    def must_raise(self) -> bool:
        return self.expected_exception is not None

    @model_validator(mode="after")
    def has_one_expectation(self) -> Self:
        if ("expected" in self.model_fields_set) == self.must_raise:
            raise ValueError("give either expected or expected_exception")
        return self


class FunctionCheck(NamedCheck):
    """Calls of the entry function, with fresh arguments each. `share: fraction` gives credit for each call."""

    calls: Annotated[tuple[Call, ...], Field(min_length=1)]
    share: Literal["all", "fraction"] = "all"


class StructureCheck(NamedCheck):
    """A measure of the code of a Python answer, which is not run: the largest of all functions, or that `of` one.

    complexity: McCabe's cyclomatic number (1976), a function in another counted with it; nesting: blocks inside of
    blocks; statements and parameters: their number; clone: statements of the longest run of at least two that stands
    twice in the code, whatever its names and constants.
    """

    kind: Literal["structure"]
    measure: Literal["complexity", "nesting", "statements", "parameters", "clone"]
    of: Identifier | None = None
    at_most: Annotated[int, Field(ge=0)]

    @model_validator(mode="after")
    def has_a_function(self) -> Self:
        if self.measure == "clone" and self.of is not None:
            raise ValueError("a clone is looked for in the whole code: take `of` out")
        return self


class UsesCheck(NamedCheck):
    """Names that the code of a Python answer uses: every one of `all_of`, none of `none_of`.

    A name begins with the module that it is imported from, `()` is what a call gives: `datetime.datetime.utcnow`,
    `sqlite3.connect().execute`; builtins and the answer's own functions stand alone: `eval`. It stands for everything
    below it: `pickle` for `pickle.loads`. With `keywords` a call of each of `all_of` passes all of them by name.
    """

    kind: Literal["uses"]
    all_of: tuple[DottedName, ...] = ()
    none_of: tuple[DottedName, ...] = ()
    keywords: tuple[Identifier, ...] = ()

    @model_validator(mode="after")
    def asks_for_something(self) -> Self:
        if not (self.all_of or self.none_of):
            raise ValueError("give all_of or none_of")
        return self


class InventoryCheck(NamedCheck):
    """Nothing in the code of a Python answer is invented, by the frozen inventories of `packages`.

    Imports are of these packages (`python` is the standard library) and of the scenario's own modules, the names are
    theirs, and calls fit their signatures. What the text does not show is not judged, and nothing is worth nothing.
    `share: fraction` gives the names that hold / the names that are judged.
    """

    kind: Literal["inventory"]
    packages: Annotated[tuple[str, ...], Field(min_length=1)]
    share: Literal["all", "fraction"] = "all"

    @field_validator("packages")
    @classmethod
    def are_frozen(cls, packages: tuple[str, ...]) -> tuple[str, ...]:
        for package in packages:
            if package not in frozen_packages():
                raise ValueError(f"there is no inventory of {package!r}: {', '.join(sorted(frozen_packages()))}")
        return packages


@lru_cache(maxsize=1)
def frozen_packages() -> frozenset[str]:
    return frozenset(file.stem for file in INVENTORIES.glob("*.json"))


class Change(StrictModel):
    """Text of an implementation that stands in it once, and what stands there in the mutant."""

    before: Annotated[str, StringConstraints(min_length=1)]
    after: str


class ImplementationCheck(NamedCheck):
    """The answer's tests, run on an implementation (a file of tests/): they must all pass on it, or one must fail.

    The tests import the entry from `module`, by default the file's name; so several files can stand for one module.
    With `change` it is the file with a mistake in it.
    """

    implementation: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.py$")]
    module: Identifier | None = None
    change: Change | None = None

    @property
    def file_stem(self) -> str:
        return self.implementation.removesuffix(".py")

    @property
    def is_mutant(self) -> bool:
        return self.change is not None


class ProgramCheck(NamedCheck):
    """One run of the answer as a script in a fresh folder that holds `files`.

    What is not stated is not compared. In `expected_files` null means that the file must not exist afterwards.
    `trailing-space` ignores white space at line ends and blank lines at the end, in output and in files.
    """

    stdin: str = ""
    argv: tuple[str, ...] = ()
    files: dict[RelativePath, str] = {}
    expected_stdout: str | None = None
    expected_exit: Annotated[int, Field(ge=0, le=255)] = 0
    expected_files: dict[RelativePath, str | None] = {}
    normalise: Literal["trailing-space", "none"] = "trailing-space"

    @field_validator("files", "expected_files")
    @classmethod
    def stay_inside(cls, files: dict[str, Any]) -> dict[str, Any]:
        if any(part in {".", ".."} for path in files for part in path.split("/")):
            raise ValueError("a path leaves its folder")
        return files


class ExpectedRows(StrictModel):
    """A result: names of columns when they count, and rows. Dates and times are ISO text, decimals are numbers."""

    columns: tuple[str, ...] | None = None
    rows: tuple[tuple[JsonValue, ...], ...]


class SqlCheck(NamedCheck):
    """The answer's one query, run on an in-memory DuckDB after `setup` (SQL, or the name of a .sql file in tests/)."""

    setup: str
    expected: ExpectedRows
    ordered: bool
    tolerance: Tolerance = 1e-9


class SaidCheck(NamedCheck):
    """A check of what the model says. In a dialogue `turn` counts its messages to the user from 0, -1 is the last."""

    turn: int = -1


class EqualsCheck(SaidCheck):
    """The whole answer, without white space around it, is `expected`."""

    kind: Literal["equals"]
    expected: str
    ignore_case: bool = False


class OneOfCheck(SaidCheck):
    """The whole answer, without white space around it, is one of `expected`."""

    kind: Literal["one_of"]
    expected: Annotated[tuple[str, ...], Field(min_length=1)]
    ignore_case: bool = False


class RegexCheck(SaidCheck):
    """Python's `re.search` in the answer; `must_match: false` turns it round."""

    kind: Literal["regex"]
    pattern: str
    must_match: bool = True

    @field_validator("pattern")
    @classmethod
    def compiles(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from None
        return pattern


class JsonCheck(SaidCheck):
    """The answer's JSON has `expected` at `path`, a JSON pointer (RFC 6901: "" is the whole, "/jobs/0/name" a part)."""

    kind: Literal["json"]
    path: Annotated[str, StringConstraints(pattern=r"^(/.*)?$")] = ""
    expected: JsonValue
    tolerance: Tolerance | None = None


class LineSetCheck(SaidCheck):
    """The labels found in a JSON list of the answer, against the expected ones.

    `path` points to the list (JSON pointer). With `fields` an item's label is its values of these fields joined by `:`
    (`{"line": 14, "kind": "sql-injection"}` is `14:sql-injection`), without them it is the item as text.
    recall = found and expected / expected; precision = found and (expected or allowed) / found, 0 when nothing is
    found; f1 = their harmonic mean. The check passes from `at_least` on; `share: fraction` gives the measure as credit.
    """

    kind: Literal["line_set"]
    path: Annotated[str, StringConstraints(pattern=r"^(/.*)?$")] = ""
    fields: tuple[Identifier, ...] = ()
    expected: Annotated[tuple[str, ...], Field(min_length=1)]
    allowed: tuple[str, ...] = ()
    measure: Literal["recall", "precision", "f1"] = "f1"
    at_least: Annotated[float, Field(gt=0, le=1)] = 1.0
    share: Literal["all", "fraction"] = "all"


class AssertsCheck(NamedCheck):
    """A published task's own test: the program `pre` + answer + `tail` exits with 0."""

    pre: str = ""
    tail: str


class ToolCallsCheck(NamedCheck):
    """Valid calls of `tool` (of any tool without it) whose arguments hold `arguments`, counted over the dialogue.

    `after` names a tool that must have been called before the first of them, `at_most` 0 forbids the call. Calls whose
    arguments hold one of `other_than` are left out: with `at_most` 0 those are the only ones allowed.
    """

    kind: Literal["tool_calls"]
    tool: Identifier | None = None
    arguments: dict[str, JsonValue] = {}
    other_than: tuple[dict[str, JsonValue], ...] = ()
    at_least: Annotated[int, Field(ge=0)] = 1
    at_most: Annotated[int, Field(ge=0)] | None = None
    after: Identifier | None = None


TextCheck = Annotated[
    EqualsCheck | OneOfCheck | RegexCheck | JsonCheck | LineSetCheck | ToolCallsCheck,
    Field(discriminator="kind"),
]
CodeCheck = Annotated[
    Annotated[FunctionCheck, Tag("calls")]
    | Annotated[StructureCheck, Tag("structure")]
    | Annotated[UsesCheck, Tag("uses")]
    | Annotated[InventoryCheck, Tag("inventory")],
    Discriminator(lambda value: value.get("kind", "calls") if isinstance(value, dict) else "calls"),
]
Check = (
    FunctionCheck
    | StructureCheck
    | UsesCheck
    | InventoryCheck
    | ProgramCheck
    | SqlCheck
    | EqualsCheck
    | OneOfCheck
    | RegexCheck
    | JsonCheck
    | LineSetCheck
    | ToolCallsCheck
    | AssertsCheck
    | ImplementationCheck
)


def json_schema() -> str:
    """The JSON schema of scenario.yaml, as the committed file holds it."""
    return json.dumps(ScenarioDefinition.model_json_schema(), indent=2, sort_keys=True) + "\n"


def write_json_schema(file: Path = SCHEMA_FILE) -> None:
    file.write_text(json_schema(), encoding="utf-8")


if __name__ == "__main__":
    write_json_schema()
