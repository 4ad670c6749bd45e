"""What the models of checks refuse, beyond what a file of the catalogue shows.

Not here: files and lines (test_loader).
"""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from scenarios.checks import Call, JsonCheck, LineSetCheck, ProgramCheck, RegexCheck
from scenarios.schema import ScenarioDefinition


def test_an_expected_null_is_an_expectation() -> None:
    assert not Call.model_validate_json('{"args": [1], "expected": null}').must_raise


@pytest.mark.parametrize("call", ['{"args": [1]}', '{"expected": 1, "expected_exception": "ValueError"}'])
def test_a_call_has_exactly_one_expectation(call: str) -> None:
    with pytest.raises(ValidationError, match="give either expected or expected_exception"):
        Call.model_validate_json(call)


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a/../../x", "a//b", ".", "a\nb", ""])
def test_a_program_gets_no_file_outside_its_folder(path: str) -> None:
    with pytest.raises(ValidationError):
        ProgramCheck(name="x", weight=1.0, files={path: "text"})
    with pytest.raises(ValidationError):
        ProgramCheck(name="x", weight=1.0, expected_files={path: None})


def test_a_regular_expression_must_compile() -> None:
    with pytest.raises(ValidationError, match="not a regular expression"):
        RegexCheck(name="x", weight=1.0, kind="regex", pattern="(")


def test_a_json_path_is_a_pointer() -> None:
    with pytest.raises(ValidationError, match="path"):
        JsonCheck(name="x", weight=1.0, kind="json", path="jobs.name", expected=1)


def test_a_set_of_labels_is_not_empty() -> None:
    with pytest.raises(ValidationError, match="expected"):
        LineSetCheck(name="x", weight=1.0, kind="line_set", expected=())


@pytest.mark.parametrize(
    ("answer", "grader", "reason"),
    [
        ({"kind": "text", "language": "python"}, "text", "code names its language, text has none"),
        ({"kind": "text"}, "function", "a grader of kind function can't grade text"),
        ({"kind": "code"}, "text", "code names its language, text has none"),
        ({"kind": "text", "entry": "f"}, "text", "the kind text has no entry"),
        ({"kind": "code", "language": "python"}, "function", "the kind function needs an answer with an entry"),
        ({"kind": "code", "language": "bash", "entry": "f"}, "function", "a grader of kind function can't grade bash"),
        ({"kind": "code", "language": "bash"}, "sql", "a grader of kind sql can't grade bash"),
        ({"kind": "code", "language": "python", "entry": "f g"}, "function", "should match pattern"),
    ],
)
def test_answer_and_grader_fit_each_other(answer: dict[str, Any], grader: str, reason: str) -> None:
    definition = {
        "id": "sql/x",
        "version": 1,
        "title": "x",
        "family": "sql",
        "difficulty": "easy",
        "licence": "MIT",
        "created": "2026-01-01",
        "canary": "aibaas-canary-00000000-0000-4000-8000-000000000001",
        "max_output_tokens": 10,
        "answer": answer,
        "grader": {"kind": grader},
    }
    with pytest.raises(ValidationError, match=reason):
        ScenarioDefinition.model_validate(definition, strict=False)
