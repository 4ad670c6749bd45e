"""What the dbt project promises to Dagster, to the API and to its readers, read from its manifest."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
PROJECT = ROOT / "dbt_project"

SCORES = {
    "status", "reason", "planned_count", "answered_count", "failed_count", "scored_count", "scenario_count",
    "score_mean", "score_sd", "score_ci95_lower", "score_ci95_upper", "cost_usd", "input_tokens", "output_tokens",
    "latency_p50_ms", "time_to_first_token_p50_ms", "is_simulated", "target_id", "suite", "suite_version", "family",
    "scorer_versions",
}  # fmt: skip
SPEED = {
    "target_id", "suite", "suite_version", "answered_count", "streamed_count", "is_simulated",
    *(f"{name}_p{percent}_{unit}" for percent in (50, 90, 95, 99) for name, unit in (
        ("time_to_first_token", "ms"), ("latency", "ms"), ("output_speed", "tokens_per_s"),
    )),
}  # fmt: skip
MARTS = {
    "dim_targets": {
        "target_id", "label", "provider", "model", "host", "quantisation", "reasoning_effort", "is_simulated",
        "is_open_weights", "lifecycle", "successor", "training_cutoff", "price_source", "is_enabled", "disabled_reason",
        "first_answered_at", "last_answered_at", "input_usd_per_mtok", "output_usd_per_mtok", "price_valid_from",
    },
    "fct_target_changes": {
        "target_id", "kind", "subject", "effective_at", "effective_hour", "old_value", "new_value", "source",
        "noticed_at", "is_simulated",
    },
    "fct_price_changes": {
        "provider", "model", "effective_at", "old_input_usd_per_mtok", "new_input_usd_per_mtok", "input_price_ratio",
        "old_output_usd_per_mtok", "new_output_usd_per_mtok", "output_price_ratio", "source", "noticed_at",
        "is_simulated",
    },
    "dim_scenarios": {
        "scenario_id", "scenario_version", "family", "difficulty", "language", "title", "licence", "created_on",
        "public_prompt", "public_prompt_length", "is_current",
    },
    "dim_suites": {
        "suite", "suite_version", "cadence", "scenario_id", "scenario_version", "recorded_at", "is_current",
    },
    "fct_scores_hourly": SCORES | {"benchmark_hour"},
    "fct_scores_daily": SCORES | {"score_date", "measured_hour_count", "planned_hour_count"},
    "fct_scores_weekly": {
        "target_id", "suite", "suite_version", "family", "score_week", "status", "reason", "planned_count",
        "answered_count", "scored_count", "scenario_count", "measured_hour_count", "planned_hour_count", "score_mean",
        "score_sd", "score_ci95_lower", "score_ci95_upper", "scorer_versions", "is_simulated",
    },
    "fct_scenario_scores_daily": {
        "target_id", "suite", "suite_version", "scenario_id", "scenario_version", "family", "score_date",
        "planned_count", "answered_count", "scored_count", "score_mean", "scorer_versions", "is_simulated",
    },
    "fct_latency_hourly": SPEED | {"benchmark_hour"},
    "fct_latency_daily": SPEED | {"family", "latency_date"},
    "fct_latency_weekly": SPEED | {"family", "latency_week"},
    "fct_reliability_hourly": {
        "target_id", "suite", "suite_version", "benchmark_hour", "planned_count", "asked_count", "answered_count",
        "failed_count", "first_try_count", "retry_count", "error_rate", "first_try_rate", "graded_count",
        "refusal_count", "truncated_count", "format_ok_count", "calls_by_outcome", "is_simulated",
    },
    "dim_prices": {
        "price_id", "provider", "model", "valid_from", "valid_to", "input_usd_per_mtok", "output_usd_per_mtok",
        "cached_input_usd_per_mtok", "cache_write_usd_per_mtok", "reasoning_usd_per_mtok", "tiers", "source",
        "checked_on",
    },
    "fct_leaderboard": {
        "target_id", "suite", "suite_version", "family", "window_name", "window_start", "window_end", "as_of",
        "score_mean", "score_sd", "response_count", "scored_count", "scenario_count", "score_ci95_lower",
        "score_ci95_upper", "cost_per_task_usd", "latency_p50_ms", "time_to_first_token_p50_ms", "error_rate",
        "last_benchmark_hour", "is_simulated", "is_preliminary", "measured_hour_count",
        "scorer_versions", "score_suite_ci95_lower", "score_suite_ci95_upper", "rank_ci95_lower", "rank_ci95_upper",
        "ranked_count", "cost_per_solved_task_usd", "solved_count", "latency_p95_ms", "time_to_first_token_p95_ms",
        "asked_count", "priced_count", "streamed_count", *(
            f"{number}_ci95_{end}" for end in ("lower", "upper") for number in (
                "cost_per_task", "error_rate", "latency_p50", "latency_p95", "time_to_first_token_p50",
                "time_to_first_token_p95",
            )
        ),
    },
    "fct_public_evidence": {
        "target_id", "scenario_id", "scenario_version", "family", "benchmark_hour", "answered_at", "score",
        "score_reason", "outcome", "is_refusal", "is_truncated", "is_format_ok", "scorer", "scorer_version", "checks",
        "sandbox_level", "wall_ms", "peak_memory_kb", "latency_ms", "time_to_first_token_ms", "cost_usd",
        "input_tokens", "output_tokens", "is_simulated",
    },
    "fct_pairwise": {
        "suite", "suite_version", "family", "window_name", "window_start", "window_end", "target_id", "other_target_id",
        "scenario_count", "score_difference", "score_difference_ci95_lower", "score_difference_ci95_upper", "p_value",
        "holm_p_value", "compared_count", "interval_method", "scorer_versions", "is_simulated",
    },
    "fct_pass_rates": {
        "target_id", "suite", "suite_version", "family", "window_name", "window_start", "window_end", "attempt_count",
        "scenario_count", "pass_at_k_rate", "pass_at_k_ci95_lower", "pass_at_k_ci95_upper", "pass_hat_k_rate",
        "pass_hat_k_ci95_lower", "pass_hat_k_ci95_upper", "scorer_versions", "is_simulated",
    },
    "fct_score_moves": {
        "target_id", "suite", "suite_version", "family", "window_start", "window_end", "scenario_count", "score_change",
        "score_change_ci95_lower", "score_change_ci95_upper", "p_value", "holm_p_value", "compared_count",
        "interval_method", "scorer_versions", "is_simulated",
    },
    "fct_cost_projections": {
        "target_id", "family", "horizon_day_count", "first_date", "last_date", "day_count", "answered_count",
        "suite_versions",
        "cost_per_task_usd", "cost_per_task_ci95_lower", "cost_per_task_ci95_upper", "input_tokens_per_task",
        "output_tokens_per_task", "is_simulated", "computed_at",
    },
    "fct_coverage": {
        "target_id", "suite", "suite_version", "benchmark_hour", "outcome", "reason", "call_count", "scored_count",
        "is_simulated",
    },
    "fct_costs_daily": {
        "target_id", "family", "cost_date", "planned_count", "answered_count", "solved_count", "cost_usd",
        "input_tokens", "output_tokens", "cost_per_task_usd", "cost_per_solved_task_usd", "cost_per_mtok_usd",
        "is_simulated",
    },
    "fct_budgets": {"target_id", "period", "period_started_at", "limit_usd", "spent_usd", "is_simulated"},
    "fct_publications": {"mart_name", "version", "published_at"},
    "fct_runs": {
        "run_id", "job", "first_benchmark_hour", "last_benchmark_hour", "status", "requested_at", "started_at",
        "ended_at", "seen_at",
    },
    "fct_reports": {
        "report_id", "kind", "period_start", "period_end", "suite_versions", "as_of", "body", "computed_at",
    },
    "fct_events": {"event_number", "topic", "kind", "subject", "content", "is_simulated", "recorded_at"},
    "fct_contamination": {
        "target_id", "suite", "suite_version", "family", "window_name", "window_start", "window_end", "scenario_count",
        "public_score_mean", "fresh_score_mean", "gap_mean", "gap_ci95_lower", "gap_ci95_upper", "interval_method",
        "reference_overlap_mean", "canary_count", "gap_holm_p_value",
        "training_cutoff", "scenarios_before_cutoff_count", "is_flagged", "reasons",
        "is_simulated", "scorer_versions", "reference_count", "before_cutoff_count", "after_cutoff_count",
        "cutoff_gap_mean", "cutoff_gap_ci95_lower", "cutoff_gap_ci95_upper", "cutoff_gap_holm_p_value",
    },
    "fct_anomalies": {
        "anomaly_id", "revision", "target_id", "suite", "metric", "direction", "is_worse", "state", "severity",
        "is_final", "raised_hour", "onset_hour", "onset_earliest_hour", "onset_latest_hour", "resolved_hour",
        "accepted_hour", "before_value", "before_ci95_lower", "before_ci95_upper", "after_value", "after_ci95_lower",
        "suite_version", "before_answer_count", "after_answer_count",
        "after_ci95_upper", "effect", "effect_ci95_lower", "effect_ci95_upper", "detectable_effect",
        "is_of_single_scenarios", "responsible_scenarios", "cause", "evidence", "incident_id", "verdict",
        "confirming_answer_count", "confirming_effect", "confirming_effect_ci95_lower", "confirming_effect_ci95_upper",
        "is_simulated", "computed_at", "acknowledged_count", "false_alarm_count", "note_count",
    },
    "fct_confirmations": {
        "confirmation_id", "target_id", "suite", "metric", "direction", "signal_hour", "onset_hour", "is_alarm",
        "signal_effect", "verdict", "answer_count", "hour_count", "effect", "effect_ci95_lower", "effect_ci95_upper",
        "is_simulated", "computed_at",
    },
    "fct_subscription_stops": {"subscription_id", "stopped_at", "reason"},
    "fct_watched_streams": {
        "target_id", "suite", "metric", "status", "first_hour", "last_hour", "launch_value", "detectable_effect",
        "is_simulated", "computed_at",
    },
}  # fmt: skip
COMMANDS = {"aibaas export litellm-router", "aibaas status", "aibaas report"}
"""Commands that read marts, but for `aibaas sql`, which asks what its user types."""
OTHER_WAYS = {"WebSocket /v1/live", "POST /graphql"}
"""Into the API, beside its routes."""
CHECK_NAMES = {
    "POST /v1/alert-subscriptions",
    "PATCH /v1/alert-subscriptions/{subscription_id}",
    "POST /v1/alert-answers",
}
"""Of an account's own routes about alerts those that read a mart."""
WITHOUT_NUMBERS = {
    "fct_publications",
    "fct_reports",
    "fct_runs",
    "fct_subscription_stops",
    "fct_target_changes",
    "fct_watched_streams",
}
BOUNCER = "from dbt_bouncer.main import app; app()"
LAYERS = {
    "staging": {"staging"},
    "intermediate": {"staging", "intermediate"},
    "marts": {"staging", "intermediate", "marts"},
}

Node = dict[str, Any]


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the manifest of the project is; any warning or deprecation fails, and no database is asked."""
    scratch = tmp_path_factory.mktemp("dbt") / "target"
    places = [
        f"--project-dir={PROJECT}",
        f"--profiles-dir={PROJECT}",
        f"--target-path={scratch}",
        f"--log-path={scratch}",
    ]
    done = subprocess.run(
        [str(Path(sys.executable).with_name("dbt")), "--warn-error", "parse", "--show-all-deprecations", *places],
        env={name: value for name, value in os.environ.items() if not name.startswith("AIBAAS_")},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout
    return scratch


@pytest.fixture(scope="module")
def manifest(parsed: Path) -> dict[str, dict[str, Node]]:
    return json.loads((parsed / "manifest.json").read_text())  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def models(manifest: dict[str, dict[str, Node]]) -> dict[str, Node]:
    return {node["name"]: node for node in manifest["nodes"].values() if node["resource_type"] == "model"}


def parents(node: Node, kind: str) -> set[str]:
    """Names of the models or tables that a node reads."""
    return {name.rsplit(".", 1)[1] for name in node["depends_on"]["nodes"] if name.startswith(f"{kind}.")}


def test_every_model_is_described_from_its_grain_to_its_columns(models: dict[str, Node]) -> None:
    for name, model in models.items():
        assert model["description"].startswith("One row per "), name
        assert model["columns"], name
        assert all(column["description"] for column in model["columns"].values()), name


def test_models_are_named_for_their_layer_and_live_in_its_schema(models: dict[str, Node]) -> None:
    prefixes = {"staging": ("stg_",), "intermediate": ("int_",), "marts": ("fct_", "dim_")}
    for name, model in models.items():
        layer = model["fqn"][1]
        assert model["schema"] == layer
        assert name.startswith(prefixes[layer])
        assert "__" in name or layer != "staging"


def test_layers_read_only_what_lies_before_them(models: dict[str, Node]) -> None:
    for name, model in models.items():
        layer = model["fqn"][1]
        assert {models[parent]["fqn"][1] for parent in parents(model, "model")} <= LAYERS[layer], name
        assert len(parents(model, "source")) == (1 if layer == "staging" else 0), name


def test_the_first_group_never_reads_the_second_nor_the_intervals(models: dict[str, Node]) -> None:
    group = {name: model["tags"] for name, model in models.items()}
    assert {tag for tags in group.values() for tag in tags} == {"resolved", "published"}
    assert all(len(tags) == 1 for tags in group.values())
    for name, model in models.items():
        if group[name] == ["resolved"]:
            assert all(group[parent] == ["resolved"] for parent in parents(model, "model"))
            assert "score_intervals" not in parents(model, "source")
    assert group["stg_statistics__score_intervals"] == ["published"]
    assert all(group[mart] == ["published"] for mart in MARTS)


def test_no_test_reads_models_of_both_groups(manifest: dict[str, dict[str, Node]], models: dict[str, Node]) -> None:
    for node in manifest["nodes"].values():
        if node["resource_type"] == "test":
            assert len({tuple(models[parent]["tags"]) for parent in parents(node, "model")}) == 1, node["name"]


def test_marts_are_enforced_contracts_with_the_agreed_columns(models: dict[str, Node]) -> None:
    assert {name for name, model in models.items() if model["fqn"][1] == "marts"} == set(MARTS)
    for name, columns in MARTS.items():
        assert models[name]["config"]["contract"]["enforced"], name
        assert models[name]["config"]["grants"] == {"select": ["aibaas_api", "aibaas_collector"]}
        assert set(models[name]["columns"]) == columns, name
        assert all(column["data_type"] for column in models[name]["columns"].values()), name


def test_every_mart_and_the_spine_have_a_test_of_their_key(manifest: dict[str, dict[str, Node]]) -> None:
    kinds = {"unique_combination", "unique"}
    tested = {
        node["attached_node"].rsplit(".", 1)[1]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test" and node["test_metadata"]["name"] in kinds
    }
    assert tested >= {*MARTS, "int_calls_resolved"}


def test_sources_are_the_assets_of_schema_raw(manifest: dict[str, dict[str, Node]]) -> None:
    for source in manifest["sources"].values():
        assert source["schema"] == "raw"
        assert source["meta"]["dagster"]["asset_key"] == ["raw", source["name"]]
        assert source["description"]


def test_what_every_hour_writes_tells_when_it_is_stale(manifest: dict[str, dict[str, Node]]) -> None:
    fresh = {source["name"] for source in manifest["sources"].values() if source["freshness"]["warn_after"]["count"]}
    assert fresh >= {"planned_calls", "responses", "scores"}


def test_the_conventions_of_the_project_hold(parsed: Path) -> None:
    """dbt-bouncer looks for the manifest beside its configuration."""
    configuration = shutil.copy(PROJECT / "dbt-bouncer.yml", parsed.parent)
    done = subprocess.run(
        [sys.executable, "-c", BOUNCER, "run", "--config-file", configuration, "--show-all-failures"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout


def test_every_mart_of_facts_is_tested_for_its_range(manifest: dict[str, dict[str, Node]]) -> None:
    tests = [node for node in manifest["nodes"].values() if node["resource_type"] == "test"]
    ranged = {
        parent for test in tests if test["test_metadata"]["name"] == "within" for parent in parents(test, "model")
    }
    assert {mart for mart in MARTS if mart.startswith("fct_")} - ranged == WITHOUT_NUMBERS


def routes_that_read_marts() -> set[str]:
    """Method and path of every route of a resource whose statements name a mart."""
    resources = [file.parent.name for file in (ROOT / "api").glob("*/queries.py") if "marts." in file.read_text()]
    routers = [import_module(f"api.{resource}.router").router for resource in resources]
    routes = [route for router in routers for route in router.routes if route.path != "/healthz"]
    found = {f"{method} {route.path}" for route in routes for method in route.methods - {"HEAD"}}
    return {route for route in found if "/v1/alert-" not in route} | CHECK_NAMES


def pages() -> set[str]:
    """The titles in the navigation: keys of the dictionaries within SECTIONS."""
    tree = ast.parse((ROOT / "dashboard" / "app.py").read_text())
    (sections,) = (
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "SECTIONS"
    )
    assert isinstance(sections, ast.Dict)
    titles = [key for pages in sections.values if isinstance(pages, ast.Dict) for key in pages.keys]
    return {f"{title.value} page" for title in titles if isinstance(title, ast.Constant)}


def test_every_consumer_is_an_exposure_of_the_marts_that_it_reads(
    manifest: dict[str, dict[str, Node]],
) -> None:
    labels = {exposure["label"] for exposure in manifest["exposures"].values()}
    assert len(pages()) >= 3
    assert labels == routes_that_read_marts() | pages() | COMMANDS | OTHER_WAYS
    for exposure in manifest["exposures"].values():
        assert parents(exposure, "model") <= set(MARTS)


def test_nothing_is_fetched_and_nothing_is_reported() -> None:
    assert not (PROJECT / "packages.yml").exists()
    assert not (PROJECT / "dependencies.yml").exists()
    assert "send_anonymous_usage_stats: false" in (PROJECT / "dbt_project.yml").read_text()
