"""Small mistakes that a machine puts into a reference, one at a time.

Not here: what the checks of a scenario make of them (mutants).

The engines are tools of development: mutmut's operators for Python, universalmutator's rules for JavaScript, Bash and
SQL. Rules know no grammar, so many of their mutants are no programs; and a line that they add says little: behind a
return it is never reached. JSON is changed here.
"""

from __future__ import annotations

import contextlib
import copy
import difflib
import io
import json
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

RULES: Final = {
    "javascript": ("universal.rules", "c_like.rules", "javascript.rules"),
    "bash": ("universal.rules", str(Path(__file__).with_name("bash.rules"))),
    "sql": ("universal.rules", str(Path(__file__).with_name("sql.rules"))),
}
ENGINES: Final = {"python": "mutmut", **dict.fromkeys(RULES, "universalmutator")}
LEFT_OUT: Final = object()
COMMENTS: Final = [r"^\s*(//|#|--)"]
SAYS_NOTHING: Final = {"Annotation", "Import", "ImportFrom", "Raise"}
"""Parts of Python where a change changes no behaviour that a check sees: of an exception only the type is compared."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed reference. `change` shows it in one line: where, old text, arrow, new text."""

    text: str
    change: str


def missing_engine(language: str) -> str | None:
    """The tool of development that has to be installed before answers in this language can be mutated, if any."""
    name = ENGINES.get(language)
    return name if name and find_spec(name) is None else None


def code_mutants(code: str, language: str) -> Iterator[Mutant]:
    """All mutants, in the order of the text. The language's engine has to be installed."""
    for text in python_texts(code) if language == "python" else ruled_texts(code, language):
        yield Mutant(text, change_between(code, text))


def python_texts(code: str) -> Iterator[str]:
    """Those that Python can still compile: a `return` outside a function is none."""
    import libcst  # noqa: PLC0415 - a tool of development
    from mutmut.mutation.mutators import mutation_operators  # noqa: PLC0415

    module: Any = libcst.parse_module(code)
    for node in places(module):
        for kind, operator in mutation_operators:
            if isinstance(node, kind):
                texts = (module.deep_replace(node, replaced).code for replaced in operator(node))
                yield from filter(is_python, texts)


def places(node: Any) -> Iterator[Any]:
    """The nodes of a syntax tree where a change may change behaviour. A text that stands alone is a docstring."""
    name = type(node).__name__
    if name in SAYS_NOTHING or (name == "Expr" and type(node.value).__name__.endswith("String")):
        return
    yield node
    for child in node.children:
        yield from places(child)


def is_python(text: str) -> bool:
    try:
        compile(text, "mutant.py", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


def ruled_texts(code: str, language: str) -> Iterator[str]:
    from universalmutator.mutator import mutants_regexp  # noqa: PLC0415 - a tool of development

    lines = code.splitlines(keepends=True)
    with contextlib.redirect_stdout(io.StringIO()):
        found = mutants_regexp(lines, ruleFiles=list(RULES[language]), ignorePatterns=COMMENTS)
    for number, line, *_ in found:
        if line.count("\n") == 1:
            yield "".join([*lines[: number - 1], line, *lines[number:]])


def text_mutants(text: str) -> Iterator[Mutant]:
    """Prose loses its last word or gains one."""
    try:
        yield from json_mutants(json.loads(text))
    except ValueError:
        yield Mutant(" ".join(text.split()[:-1]), "the last word left out")
        yield Mutant(f"{text.strip()} not", "'not' added at the end")


def json_mutants(whole: Any) -> Iterator[Mutant]:
    """Each leaf changed, each item and member left out, an item added to each list."""
    for path, value in parts_of(whole):
        place = "/".join(map(str, path)) or "the whole"
        if isinstance(value, list):
            item = changed(value[0]) if value else "added"
            yield json_mutant(whole, path, [*value, item], f"{place}: {json.dumps(item)} added")
        elif not isinstance(value, dict):
            item = changed(value)
            yield json_mutant(whole, path, item, f"{place}: {json.dumps(value)} -> {json.dumps(item)}")
        if path:
            yield json_mutant(whole, path, LEFT_OUT, f"{place}: {json.dumps(value)} left out")


def json_mutant(whole: Any, path: tuple[Any, ...], value: Any, change: str) -> Mutant:
    """`whole` with another value at `path`."""
    root = [copy.deepcopy(whole)]
    *owners, last = (0, *path)
    owner: Any = root
    for key in owners:
        owner = owner[key]
    if value is LEFT_OUT:
        del owner[last]
    else:
        owner[last] = value
    return Mutant(json.dumps(root[0]), change)


def parts_of(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    yield path, value
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from parts_of(child, (*path, key))


def changed(value: Any) -> Any:
    """Another value of the same form, with another leaf in each place."""
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case dict():
            return {key: changed(item) for key, item in value.items()}
        case list():
            return [changed(item) for item in value]
    return "changed" if value is None else f"{value}x"


def change_between(old: str, new: str) -> str:
    """The first line that differs, its number, and what it becomes."""
    lines = list(difflib.unified_diff(old.splitlines(), new.splitlines(), n=0, lineterm=""))[2:]
    number = lines[0].split()[1].lstrip("-").partition(",")[0] if lines else "0"
    before, after = (" / ".join(line[1:].strip() for line in lines if line[0] == sign) for sign in "-+")
    return f"{number}: {before} -> {after}"
