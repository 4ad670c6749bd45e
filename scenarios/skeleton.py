"""A new scenario to start from: a toy of its kind that is graded as it should be, with marks where its author writes.

Not here: where it is put (the command line), nor what else has to hold (orchestration.scoring.proof).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from scenarios.loader import EXTENSION_OF

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from scenarios.schema import Family, GraderKind, Language, Scenario

MARK: Final = "TO" + "DO(author)"
"""Stands where something is still to be written; in two parts because no code of ours may be unfinished."""

COMMENT_OF: Final[Mapping[str, str]] = {"python": "# {}", "bash": "# {}", "sql": "-- {}", "javascript": "// {}"}
LANGUAGE_OF: Final[Mapping[GraderKind, Language | None]] = {
    "function": "python",
    "program": "python",
    "sql": "sql",
    "text": None,
    "asserts": "python",
    "tests": "python",
}
"""What an answer is written in unless its author says otherwise."""

DOUBLED: Final = {0: 0, 2: 4, 3: 6, -1: -2}


@dataclass(frozen=True, slots=True)
class Toy:
    """The answers (right, half right, hardly right) with what the wrong ones score, and the form that is asked for."""

    task: str
    form: str
    checks: str
    answers: tuple[str, str, str]
    scores: tuple[float, float] = (5, 2.5)
    files: Mapping[str, str] = field(default_factory=dict)
    entry: str | None = None


def skeleton(
    scenario_id: str, family: Family, kind: GraderKind, language: Language | None, canary: str, created: date
) -> dict[str, str]:
    """The files of a new scenario by their path in its folder."""
    toy = TOYS[kind](language or "text")
    extension = EXTENSION_OF[language or "text"]
    notes = (10, "the reference"), (toy.scores[0], f"{MARK}: why"), (toy.scores[1], f"{MARK}: why")
    names = ("reference", "wrong_square", "wrong_same")
    solutions = {
        f"solutions/{name}{extension}": f"{header(language, score, note)}\n{answer}"
        for name, answer, (score, note) in zip(names, toy.answers, notes, strict=True)
    }
    prompt = f"{MARK}: say what a developer needs, in 150 to 500 words.\n\n{toy.task}\n\n{toy.form}\n"
    checks = f"# {canary}\n# {MARK}: 6 to 12 independent checks, none over a fifth of the weight\n{toy.checks}"
    definition = definition_text(scenario_id, family, kind, language, toy.entry, canary, created)
    return {
        "scenario.yaml": definition,
        "prompt.md": prompt,
        "tests/checks.yaml": checks,
        **toy.files,
        **solutions,
    }


def definition_text(
    scenario_id: str,
    family: Family,
    kind: GraderKind,
    language: Language | None,
    entry: str | None,
    canary: str,
    created: date,
) -> str:
    answer = f"kind: code, language: {language}" if language else "kind: text"
    return f"""\
id: {scenario_id}
version: 1
title: "{MARK}: a line that names the trap"
family: {family}
difficulty: medium
licence: MIT
created: {created}
canary: {canary}
max_output_tokens: 1500
answer: {{{answer}{f", entry: {entry}" if entry else ""}}}
grader: {{kind: {kind}}}
# {MARK}: parameters that change names, constants and data, never the difficulty
"""


def header(language: Language | None, score: float, note: str) -> str:
    comment = COMMENT_OF[language] if language else "<!-- {} -->"
    return comment.format(f"score: {score:g} - {note}")


def unwritten_in(scenario: Scenario) -> Iterator[tuple[Path, int]]:
    """The files and their lines where a mark still stands."""
    for path in sorted(scenario.directory.rglob("*")):
        if path.is_file():
            for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
                if MARK in line:
                    yield path, number


def checks_text(body: str) -> str:
    """One check for each number, `{given}` and `{expected}` put into the lines behind its name and weight."""
    return "".join(
        f"- name: doubles {given}\n  weight: 1\n" + body.format(given=given, expected=expected)
        for given, expected in DOUBLED.items()
    )


def function_toy(language: str) -> Toy:
    checks = checks_text("  calls:\n    - args: [{given}]\n      expected: {expected}\n")
    return code_toy(language, "Write `double(number)`, which gives twice a number.", checks)


def asserts_toy(language: str) -> Toy:
    test = "assert double({given}) == {expected}"
    if language == "javascript":
        test = 'if (double({given}) !== {expected}) throw new Error("another number")'
    return code_toy(
        language, "Write `double(number)`, which gives twice a number.", checks_text(f"  tail: |2\n\n    {test}\n")
    )


def code_toy(language: str, task: str, checks: str) -> Toy:
    start, end = (
        ("def double(number):\n    return ", "\n") if language == "python" else ("const double = (number) => ", ";\n")
    )
    same, twice, square = "number", "number * 2", "number ** 2"
    answers = (f"{start}{twice}{end}", f"{start}{square}{end}", f"{start}{same}{end}")
    form = f"Answer with one fenced `{language}` block that holds the function."
    return Toy(task, form, checks, answers, entry="double")


def program_toy(language: str) -> Toy:
    templates = {
        "python": "number = int(input())\nprint({})\n",
        "bash": 'read -r number\necho "$(({}))"\n',
        "javascript": 'const number = Number(require("fs").readFileSync(0, "utf8"));\nconsole.log({});\n',
    }
    template = templates[language]
    return Toy(
        "Write a program that reads a number from its standard input and prints twice that number.",
        f"Answer with one fenced `{language}` block that holds the program.",
        checks_text('  stdin: "{given}\\n"\n  expected_stdout: "{expected}\\n"\n'),
        (template.format("number * 2"), template.format("number ** 2"), template.format("number")),
    )


def sql_toy(_: str) -> Toy:
    query = "SELECT {} AS doubled FROM numbers\n"
    setup = "CREATE TABLE numbers (number INTEGER); INSERT INTO numbers VALUES ({given})"
    return Toy(
        "The table `numbers` has a column `number`. Give twice each number in a column `doubled`.",
        "Answer with one fenced `sql` block that holds one query.",
        checks_text(
            f"  setup: {setup}\n  ordered: false\n  expected: {{{{columns: [doubled], rows: [[{{expected}}]]}}}}\n"
        ),
        (query.format("number * 2"), query.format("number * number"), query.format("number")),
    )


def text_toy(_: str) -> Toy:
    checks = "".join(
        f"- name: doubles {given}\n  weight: 1\n  kind: json\n  path: /{place}\n  expected: {expected}\n"
        for place, (given, expected) in enumerate(DOUBLED.items())
    )
    return Toy(
        "Double each of these numbers: 0, 2, 3, -1.",
        "Answer with one JSON list of numbers.",
        checks,
        ("[0, 4, 6, -2]\n", "[0, 4, 9, 1]\n", "[0, 2, 3, -1]\n"),
    )


def tests_toy(_: str) -> Toy:
    mistakes = {
        "a square": "number ** 2",
        "the same": "number",
        "three times": "number * 3",
        "one more": "number * 2 + 1",
    }
    checks = "- name: passes on a right one\n  weight: 0\n  implementation: doubling.py\n" + "".join(
        f"- name: finds {name}\n  weight: 1\n  implementation: doubling.py\n"
        f'  change: {{before: "number * 2", after: "{text}"}}\n  needs: [passes on a right one]\n'
        for name, text in mistakes.items()
    )
    test = "from doubling import double\n\n\ndef test_double():\n"
    line = "    assert double({}) == {}\n"
    return Toy(
        "Write tests for `double(number)` of the module `doubling`, which gives twice a number.",
        "Answer with one fenced `python` block that holds a test module for pytest.",
        checks,
        (test + line.format(2, 4) + line.format(3, 6), test + line.format(2, 4), test + line.format(0, 0)),
        scores=(7.5, 2.5),
        files={"tests/doubling.py": "def double(number):\n    return number * 2\n"},
        entry="double",
    )


TOYS: Final = {
    "function": function_toy,
    "program": program_toy,
    "sql": sql_toy,
    "text": text_toy,
    "asserts": asserts_toy,
    "tests": tests_toy,
}
