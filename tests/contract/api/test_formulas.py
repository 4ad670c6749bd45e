"""What the API states of the method is what the pipeline works by."""

from __future__ import annotations

import json
from typing import Any

from api.documentation import OPENAPI_FILE
from api.methodology.formulas import DETECTOR_VERSION, FORMULAS
from orchestration.stats import change_points

SCHEMAS = json.loads(OPENAPI_FILE.read_text(encoding="utf-8"))["components"]["schemas"]


def test_the_detector_is_of_the_version_that_is_stated() -> None:
    assert change_points.DETECTOR_VERSION == DETECTOR_VERSION


def test_every_field_of_a_formula_is_one_that_the_api_publishes() -> None:
    published = {name for schema in SCHEMAS.values() for name in schema.get("properties", ())}
    assert {name for formula in FORMULAS for name in formula.fields} <= published
    assert len({formula.name for formula in FORMULAS}) == len(FORMULAS)


def test_every_number_of_the_leaderboard_has_its_definition() -> None:
    stated = {name for formula in FORMULAS for name in formula.fields}
    numbers = {name for name, schema in SCHEMAS["LeaderboardEntry"]["properties"].items() if is_number(schema)}
    assert {"score_mean", "error_rate", "scenario_count"} <= numbers
    assert numbers - stated == {"suite_version"}, "a version counts nothing"
    assert {"is_preliminary", "is_score_change_7d_significant"} <= stated


def is_number(schema: dict[str, Any]) -> bool:
    return any(each.get("type") in {"integer", "number"} for each in (schema, *schema.get("anyOf", ())))
