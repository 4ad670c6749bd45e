"""What a machine changes in a text, and in what words it is told."""

from __future__ import annotations

import json

import pytest

from orchestration.scoring.mutations import RULES, code_mutants, missing_engine, text_mutants


def changes(text: str) -> dict[str, str]:
    return {mutant.change: mutant.text for mutant in text_mutants(text)}


def test_each_leaf_of_json_is_changed_and_each_part_left_out_once() -> None:
    found = {change: json.loads(text) for change, text in changes('{"a": [1, {"b": true}], "c": null}').items()}
    assert found == {
        "a: 2 added": {"a": [1, {"b": True}, 2], "c": None},
        'a: [1, {"b": true}] left out': {"c": None},
        "a/0: 1 -> 2": {"a": [2, {"b": True}], "c": None},
        "a/0: 1 left out": {"a": [{"b": True}], "c": None},
        'a/1: {"b": true} left out': {"a": [1], "c": None},
        "a/1/b: true -> false": {"a": [1, {"b": False}], "c": None},
        "a/1/b: true left out": {"a": [1, {}], "c": None},
        'c: null -> "changed"': {"a": [1, {"b": True}], "c": "changed"},
        "c: null left out": {"a": [1, {"b": True}]},
    }


def test_an_item_that_is_added_is_like_none_of_the_list() -> None:
    (added,) = [text for change, text in changes('[{"line": 4, "kind": "leak"}]').items() if change.endswith("added")]
    assert json.loads(added) == [{"line": 4, "kind": "leak"}, {"line": 5, "kind": "leakx"}]
    assert json.loads(changes("[]")['the whole: "added" added']) == ["added"]


def test_prose_loses_its_last_word_or_gains_one() -> None:
    assert set(changes("It is safe.\n").values()) == {"It is", "It is safe. not"}


def test_python_is_changed_where_a_change_may_be_seen() -> None:
    code = (
        '"""Doc."""\nimport re\n\n\ndef f(a: "int"):\n    """Doc."""\n    if a > 1:\n        raise ValueError("no")\n'
    )
    found = {mutant.change for mutant in code_mutants(code, "python")}
    assert found == {"7: if a > 1: -> if a >= 1:", "7: if a > 1: -> if a > 2:"}


def test_what_python_cannot_compile_is_no_mutant() -> None:
    texts = [mutant.text for mutant in code_mutants("for a in b:\n    if a:\n        break\n", "python")]
    assert not any("return" in text for text in texts)


@pytest.mark.skipif(missing_engine("sql") is not None, reason="universalmutator is not installed")
@pytest.mark.parametrize(
    ("language", "code", "some"),
    [
        ("sql", "-- a < b\nSELECT a FROM t\nWHERE a < 5 AND b\n", "3: WHERE a < 5 AND b -> WHERE a < 5 OR b"),
        ("bash", "if [[ $a -lt 3 ]]; then\n  echo x\nfi\n", "1: if [[ $a -lt 3 ]]; then -> if [[ $a -le 3 ]]; then"),
        ("javascript", "function f(a) {\n  return a === 1;\n}\n", "2: return a === 1; -> return a !== 1;"),
    ],
)  # fmt: skip
def test_rules_change_one_line_and_no_comment(language: str, code: str, some: str) -> None:
    found = list(code_mutants(code, language))
    assert some in {mutant.change for mutant in found}
    assert all(mutant.text.count("\n") == code.count("\n") for mutant in found)
    assert not any(mutant.change.startswith("1: --") for mutant in found)


def test_every_language_of_answers_has_an_engine_or_needs_none() -> None:
    assert set(RULES) == {"javascript", "bash", "sql"}
    assert missing_engine("text") is None
    assert missing_engine("python") is None
