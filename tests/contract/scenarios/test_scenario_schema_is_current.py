"""The committed JSON schema is the one that the model makes, and editors may trust it.

Not here: what the loader checks beyond the schema.
"""

from __future__ import annotations

import json

import jsonschema
import pytest

from scenarios.marked_yaml import parse
from scenarios.schema import SCHEMA_FILE, json_schema

FILES = sorted((SCHEMA_FILE.parent / "core").glob("*/*/scenario.yaml"))


def test_the_committed_schema_is_current() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == json_schema(), "run: python -m scenarios.schema"


@pytest.mark.parametrize("name", [f"{file.parent.parent.name}/{file.parent.name}" for file in FILES])
def test_every_published_scenario_follows_it(name: str) -> None:
    file = SCHEMA_FILE.parent / "core" / name / "scenario.yaml"
    definition = parse(file, file.read_text(encoding="utf-8")).value
    jsonschema.Draft202012Validator(json.loads(json_schema())).validate(definition)
