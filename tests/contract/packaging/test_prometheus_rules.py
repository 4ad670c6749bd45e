"""The alert rules that are shipped name metrics and labels that the exporter has."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
RULES: list[dict[str, Any]] = yaml.safe_load((ROOT / "docs" / "prometheus-rules.yml").read_text(encoding="utf-8"))[
    "groups"
][0]["rules"]
EXPORTER = (ROOT / "orchestration" / "monitoring" / "pipeline_metrics.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("rule", RULES, ids=[rule["alert"] for rule in RULES])
def test_an_alert_rests_on_metrics_that_there_are_and_says_what_to_do(rule: dict[str, Any]) -> None:
    names = set(re.findall(r"\baibaas_\w+", rule["expr"]))
    assert names
    for name in names:
        assert f'"{name.removesuffix("_total")}"' in EXPORTER
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert rule["annotations"].keys() == {"summary", "action"}
