"""YAML as the catalogue reads it: values, lines, and what it does with rubbish.

Not here: the fields of a scenario (test_loader).
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scenarios.errors import CatalogueError
from scenarios.marked_yaml import parse

FILE = Path("some.yaml")


def test_every_part_knows_its_line() -> None:
    tree = parse(FILE, "a:\n  - 1\n  - b: x\n    c: [1,\n      2]\n")
    assert tree.value == {"a": [1, {"b": "x", "c": [1, 2]}]}
    lines = {("a",): 1, ("a", 0): 2, ("a", 1, "b"): 3, ("a", 1, "c"): 4, ("a", 1, "c", 1): 5}
    assert lines.items() <= dict(tree.lines).items()


def test_an_error_is_placed_at_the_nearest_known_part() -> None:
    tree = parse(FILE, "a:\n  b: 1\n")
    assert str(tree.error(("a", "missing"), "is missing")) == "some.yaml:1: a.missing: is missing"
    assert str(tree.error(("a", "Model", "b"), "is bad")) == "some.yaml:2: a.b: is bad"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("null", None),
        ("~", None),
        ("true", True),
        ("True", "True"),
        ("no", "no"),
        ("-7", -7),
        ("007", "007"),
        ("0o7", "0o7"),
        ("1.50", 1.5),
        ("1e3", 1000.0),
        (".5", ".5"),
        ("1_000", "1_000"),
        ("2026-01-01", "2026-01-01"),
        ("12:30:45", "12:30:45"),
        ("'7'", "7"),
        ('"null"', "null"),
        ("9" * 30, "9" * 30),
    ],
)
def test_plain_scalars_are_read_as_json_would(text: str, value: object) -> None:
    found = parse(FILE, f"x: {text}").value["x"]
    assert (found, type(found)) == (value, type(value))


@given(st.text(max_size=60) | st.text(alphabet="[]{}&*!|>-:,#'\"\n ax1", max_size=60))
@example("\x00")
@example("x: '\\ud800'")
@example("? [a]\n: b")
@example("%YAML 9.9\n---\nx")
@example("<<: {a: 1}")
@settings(max_examples=300, deadline=None)
def test_rubbish_is_read_or_refused_but_never_breaks(text: str) -> None:
    message = ""
    try:
        parse(FILE, text)
    except CatalogueError as refused:
        message = str(refused)
    assert message.isprintable()


def test_a_field_with_a_line_break_in_its_name_is_reported_on_one_line() -> None:
    with pytest.raises(CatalogueError, match=r"a\\nb: duplicate key"):
        parse(FILE, '"a\\nb": 1\n"a\\nb": 2\n')
