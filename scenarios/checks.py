"""The checks that an answer is graded by, as strict models.

Not here: the scenario around them (schema), nor how a check is judged (the graders).
"""

import re
from functools import lru_cache
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    Discriminator,
    Field,
    JsonValue,
    StringConstraints,
    Tag,
    field_validator,
    model_validator,
)

from scenarios.schema import INVENTORIES, DottedName, Identifier, Line, RelativePath, StrictModel, Tolerance, Weight


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

    args: list[JsonValue] = Field(default_factory=list)
    kwargs: dict[Identifier, JsonValue] = Field(default_factory=dict)
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
    """Calls of the entry function, with fresh arguments each. `share: fraction` gives credit for each call.

    `through` names a function of a Python file of tests/ (`trial.observed`) that is called in its place, with the
    entry function in front of the arguments: it makes what no YAML can hold, and tells what the entry did.
    """

    through: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")] | None = None
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


def frozen_package(name: str) -> str:
    if name not in frozen_packages():
        raise ValueError(f"there is no inventory of {name!r}: {', '.join(sorted(frozen_packages()))}")
    return name


@lru_cache(maxsize=1)
def frozen_packages() -> frozenset[str]:
    return frozenset(file.stem for file in INVENTORIES.glob("*.json"))


Package = Annotated[str, AfterValidator(frozen_package)]


class UsesCheck(NamedCheck):
    """Names that the code of a Python answer uses: every one of `all_of`, none of `none_of`.

    A name begins with the module that it is imported from, `()` is what a call gives: `datetime.datetime.utcnow`,
    `sqlite3.connect().execute`; builtins and the answer's own functions stand alone: `eval`. It stands for everything
    below it: `pickle` for `pickle.loads`. With `keywords` a call of each of `all_of` passes all of them by name.
    With `packages` a name may be one of their inventories as well, whatever leads there: `polars.DataFrame.group_by`.
    """

    kind: Literal["uses"]
    all_of: tuple[DottedName, ...] = ()
    none_of: tuple[DottedName, ...] = ()
    keywords: tuple[Identifier, ...] = ()
    packages: tuple[Package, ...] = ()

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
    packages: Annotated[tuple[Package, ...], Field(min_length=1)]
    share: Literal["all", "fraction"] = "all"


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
    files: dict[RelativePath, str] = Field(default_factory=dict)
    expected_stdout: str | None = None
    expected_exit: Annotated[int, Field(ge=0, le=255)] = 0
    expected_files: dict[RelativePath, str | None] = Field(default_factory=dict)
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
    arguments: dict[str, JsonValue] = Field(default_factory=dict)
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
