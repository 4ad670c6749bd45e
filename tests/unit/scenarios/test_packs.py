"""Tasks as folders, packs in their places, modules of JavaScript as scripts.

Not here: whole sets (tests/integration/cli/test_packs), nor what is refused (tests/unit/scoring/test_pack_import).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.errors import CatalogueError
from scenarios.loader import load_scenario
from scenarios.marked_yaml import parse
from scenarios.packs.exercism_javascript import Spec
from scenarios.packs.folder import files_of, write_scenario, yaml_text
from scenarios.packs.placing import alone, new_pack
from scenarios.packs.python_code import entry_of, packages_needed, split_docstring
from scenarios.packs.task import Task, UnsuitedError, fenced, slug_of
from scenarios.variants import instantiate

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def task(**changes: Any) -> Task:
    fields: dict[str, Any] = {
        "name": "Set/1",
        "slug": "1-double",
        "title": "Double",
        "prompt": "Double it.\n",
        "check": {"tail": "\nassert double(2) == 4\n"},
        "reference": "def double(x):\n    return 2 * x\n",
        "licence": "MIT",
        "source": "Set/1 of nowhere",
        "created": date(2020, 2, 29),
        "family": "code-generation",
        "entry": "double",
    }
    return Task(**(fields | changes))


@given(st.dictionaries(st.sampled_from("abc"), TEXTS | st.lists(TEXTS | st.integers(-(10**17), 10**17)), max_size=3))
def test_yaml_that_is_written_is_read_as_it_was(value: dict[str, Any]) -> None:
    assert parse(Path("x"), yaml_text([value])).value == [value]


@given(TEXTS, TEXTS)
def test_a_task_of_any_text_is_a_scenario_that_says_the_same(
    tmp_path_factory: pytest.TempPathFactory, tail: str, code: str
) -> None:
    folder = tmp_path_factory.mktemp("packs") / "set" / "1-double"
    tail, code = tail.replace("\r\n", "\n"), f"x = {code!r}\n"
    write_scenario(folder, task(check={"tail": tail}, reference=code), "set", folder.parent / "none")
    variant = instantiate(load_scenario(folder, "pack"))
    assert variant.checks[0].tail == tail  # type: ignore[union-attr] # it is an AssertsCheck
    assert variant.reference.text == code


def test_a_canary_follows_from_the_task() -> None:
    first, same, other, elsewhere = (
        files_of(task(**changes), pack, version)["tests/checks.yaml"].split("\n")[0]
        for changes, pack, version in (({}, "a", 1), ({}, "a", 2), ({"prompt": "x"}, "a", 1), ({}, "b", 1))
    )
    assert first == same
    assert len({first, other, elsewhere}) == 3


def test_a_pack_takes_the_place_of_the_one_before_only_when_it_is_whole(tmp_path: Path) -> None:
    def fill(text: str) -> None:
        with new_pack(tmp_path, "set") as folder:
            (folder / "file").write_text(text)
            if text == "broken":
                raise OSError("disk")

    fill("first")
    with pytest.raises(OSError, match="disk"):
        fill("broken")
    assert (tmp_path / "set" / "file").read_text() == "first"
    fill("second")
    assert (tmp_path / "set" / "file").read_text() == "second"
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", "set"]


def test_a_pack_that_a_killed_import_has_moved_aside_comes_back(tmp_path: Path) -> None:
    aside = tmp_path / ".import" / "old" / "set"
    aside.mkdir(parents=True)
    with new_pack(tmp_path, "other") as folder:
        (folder / "file").touch()
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", "other", "set"]


def test_two_imports_at_once_are_refused(tmp_path: Path) -> None:
    with (
        alone(tmp_path / ".lock"),
        pytest.raises(CatalogueError, match="another import is writing here"),
        new_pack(tmp_path, "set"),
    ):
        pass


SPEC = (
    "import Box, { double as twice } from './double';\nimport { expect } from '@jest/globals';\ntest('x', () => 1);\n"
)


def test_a_module_becomes_a_script() -> None:
    spec = Spec.of("double.js", {"double.spec.js": SPEC})
    code = "export default class Box {}\nexport async function double() {}\nconst a = 1;\nexport { a, a as b };\n"
    assert spec.plain(code) == "class Box {}\nasync function double() {}\nconst a = 1;\nconst b = a;\n"
    assert spec.plain("export default (x) => x;\n") == "const Box = (x) => x;\n"
    assert "\nconst twice = double;\ntest('x', () => 1);\n\nrunTests();\n" in spec.tail()


@pytest.mark.parametrize("line", ["import * as all from './double';", "import x from './other';", "require('lodash');"])
def test_what_a_script_can_not_have_is_refused(line: str) -> None:
    with pytest.raises(UnsuitedError):
        Spec.of("double.js", {"double.spec.js": f"{line}\n"}).tail()


def test_code_says_what_it_defines_and_needs_without_being_run() -> None:
    code = "import json, numpy.linalg\nfrom .own import x\ndef one(): pass\nclass Two: pass\n"
    assert packages_needed(code, {"own"}) == ["numpy"]
    assert entry_of(code, "assert Two() and one") == "Two"
    assert entry_of(code, "not python (") is None
    assert split_docstring('x = 1\n\n\n"""\nSays.\n"""\n') == ("x = 1\n", "Says.")
    assert split_docstring("x = 1\n") == ("x = 1\n", "")


def test_fences_and_slugs_hold_whatever_the_text_has() -> None:
    assert fenced("a ```` b\n", "python") == "`````python\na ```` b\n`````"
    assert slug_of("HumanEval/7", "Is_It?") == "humaneval-7-is-it"
    assert len(slug_of("x" * 100)) == 60
