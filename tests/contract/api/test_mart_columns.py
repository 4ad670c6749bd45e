"""What the API's statements read is what the marts promise, and what dbt's exposures say of it is true."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

import pytest
import sqlglot
import yaml
from sqlglot import exp
from sqlglot.errors import OptimizeError
from sqlglot.optimizer.qualify import qualify

from api.health.queries import MARTS
from api.known_values import KNOWN_VALUES
from tests.support.marts import MARTS_DIR, mart_columns

EXPOSURES = {
    "leaderboard": ("api_leaderboard",),
    "models": ("api_models", "api_model", "api_model_history"),
    "providers": ("api_providers",),
    "status": ("api_status",),
    "coverage": ("api_coverage", "api_coverage_calendar"),
    "compare": ("api_compare",),
    "recommendations": ("api_recommendations",),
    "scenarios": ("api_scenarios", "api_scenario"),
    "anomalies": ("api_anomalies", "api_anomaly"),
    "changes": ("api_changes",),
    "prices": ("api_prices", "api_price_history"),
    "costs": ("api_cost_projection",),
    "reports": ("api_reports", "api_report"),
    "methodology": ("api_methodology",),
    "health": ("api_readiness",),
    "realtime": ("api_events",),
    "alert_answers": ("api_alert_answers",),
    "alert_subscriptions": ("api_alert_subscriptions",),
}
"""Resource folder to dbt exposures."""
RESOURCES = tuple(EXPOSURES)


@cache
def statements(resource: str) -> dict[str, str]:
    """Every SQL constant of a resource's queries.py, by name."""
    constants = vars(import_module(f"api.{resource}.queries"))
    return {
        name: value
        for name, value in constants.items()
        if name.isupper()
        and isinstance(value, str)
        and "SELECT" in value
        and not any(schema in value for schema in ("information_schema", "account."))
    }


ALL = [(resource, name) for resource in RESOURCES for name in statements(resource)]


def tables_of(resource: str) -> set[str]:
    trees = [sqlglot.parse_one(statement, dialect="postgres") for statement in statements(resource).values()]
    return {table.name for tree in trees for table in tree.find_all(exp.Table) if table.db}


def check_columns(statement: str) -> None:
    schema: dict[str, Any] = {"marts": mart_columns()}
    qualify(sqlglot.parse_one(statement, dialect="postgres"), schema=schema, dialect="postgres")


@pytest.mark.parametrize(("resource", "name"), ALL)
def test_every_column_that_a_statement_reads_is_in_the_marts_yml(resource: str, name: str) -> None:
    check_columns(statements(resource)[name])


def test_every_column_of_the_known_values_is_in_the_marts_yml() -> None:
    check_columns(KNOWN_VALUES)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT scores.nothing FROM marts.fct_leaderboard AS scores",
        "SELECT 1 AS one FROM marts.fct_leaderboard AS scores WHERE scores.nothing = 1",
    ],
)
def test_a_column_that_is_not_there_would_be_found(statement: str) -> None:
    with pytest.raises(OptimizeError):
        check_columns(statement)


@pytest.mark.parametrize("resource", RESOURCES)
def test_only_marts_are_read(resource: str) -> None:
    for name, statement in statements(resource).items():
        tables = sqlglot.parse_one(statement, dialect="postgres").find_all(exp.Table)
        assert {table.db for table in tables} <= {"marts", ""}, name
    assert tables_of(resource) <= set(mart_columns())


def test_readiness_looks_at_every_mart_that_is_read() -> None:
    assert set().union(*map(tables_of, RESOURCES)) == set(MARTS)


@pytest.mark.parametrize("resource", sorted(EXPOSURES))
def test_the_exposures_name_every_mart_that_a_resource_reads(resource: str) -> None:
    declared: set[str] = set()
    for file in MARTS_DIR.rglob("_*__exposures.yml"):
        for exposure in yaml.safe_load(file.read_text(encoding="utf-8"))["exposures"]:
            if exposure["name"] in EXPOSURES[resource]:
                declared |= {reference.split("'")[1] for reference in exposure["depends_on"]}
    assert tables_of(resource) <= declared
