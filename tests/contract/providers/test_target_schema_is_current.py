"""The committed JSON schema is the one that the model makes, editors find it, and the published targets follow it."""

from __future__ import annotations

import json

import jsonschema
import pytest

from orchestration.providers.target_file import SCHEMA_FILE, json_schema
from scenarios.marked_yaml import parse

TARGETS_FILE = SCHEMA_FILE.with_name("targets.yaml")


def test_the_committed_schema_is_current() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == json_schema(), (
        "run: python -m orchestration.providers.target_file"
    )


def test_the_published_targets_follow_it_and_name_it_for_editors() -> None:
    text = TARGETS_FILE.read_text(encoding="utf-8")
    assert text.startswith(f"# yaml-language-server: $schema={SCHEMA_FILE.name}\n")
    validator = jsonschema.Draft202012Validator(json.loads(json_schema()))
    definition = parse(TARGETS_FILE, text).value
    validator.validate(definition)
    definition["targets"][0]["lifecycle"] = "old"
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(definition)
