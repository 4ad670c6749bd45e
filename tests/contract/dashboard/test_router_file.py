"""The dashboard's configuration for litellm asks hosts as the targets file and `aibaas export` do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import yaml

from dashboard.api_client.models import Model
from dashboard.api_client.standings import RecommendationMeta, Recommended
from dashboard.app_pages.router_file import router_file
from orchestration.providers.litellm_router import Deployment, router_config
from orchestration.providers.target_entries import read_target_file
from orchestration.providers.targets import load_targets
from orchestration.settings import PROJECT_ROOT
from tests.support.fake_api import entry, model
from tests.support.fake_standings import recommendation

if TYPE_CHECKING:
    from pathlib import Path

TARGETS = PROJECT_ROOT / "orchestration" / "providers" / "targets.yaml"
ABOUT = RecommendationMeta(
    as_of=None, suite="canary", suite_version=1, family="all", window_name="30d", window_start=None,
    window_end=datetime(2026, 11, 23, tzinfo=UTC),
)  # fmt: skip


def exported(file: Path) -> dict[str, dict[str, Any]]:
    """What `aibaas export` writes of each target."""
    hosts = read_target_file(file).usable_hosts
    variables = [each for host in hosts.values() for each in (host.api_key_variable, host.base_url_variable) if each]
    environment = dict.fromkeys(variables, "http://127.0.0.1:9")
    targets = load_targets(file, environment=environment, simulator_url=None)
    config = router_config({"all": [Deployment(each, hosts[each.host_name], {}) for each in targets]})
    return {each["model_info"]["id"]: each["litellm_params"] for each in config["model_list"]}


def offered(addresses: dict[str, str]) -> dict[str, dict[str, Any]]:
    """What the dashboard writes of a target of each host."""
    rows = recommendation([entry(name, name) for name in addresses], {"limit": str(len(addresses))})["recommended"]
    models = {name: Model.model_validate(model(name, name, host=address)) for name, address in addresses.items()}
    text = router_file([Recommended.model_validate(row) for row in rows], models, ABOUT)
    return {each["model_info"]["id"]: each["litellm_params"] for each in yaml.safe_load(text)["model_list"]}


def access(params: dict[str, Any]) -> dict[str, str]:
    """How litellm is told to ask a host: by which protocol, and which variables have key and address."""
    said = {name: value for name, value in params.items() if str(value).startswith("os.environ/")}
    return {"provider": params["model"].partition("/")[0], **said}


def test_every_host_of_the_targets_file_is_asked_alike(tmp_path: Path) -> None:
    stated = yaml.safe_load(TARGETS.read_text(encoding="utf-8"))
    hosts = {name: host for name, host in stated["hosts"].items() if name != "simulator"}
    file = tmp_path / "targets.yaml"
    targets = [{"target_id": name, "label": name, "host": name, "model": name} for name in hosts]
    file.write_text(yaml.safe_dump({"hosts": hosts, "targets": targets}), encoding="utf-8")
    in_dashboard = offered({name: host["address"] for name, host in hosts.items()})
    assert {name: access(params) for name, params in in_dashboard.items()} == {
        name: access(params) for name, params in exported(file).items()
    }


def test_a_host_that_the_file_does_not_name_is_asked_as_a_compatible_one() -> None:
    params = offered({"own": "llm.example.org"})["all/own"]
    assert params["model"] == "hosted_vllm/own"
    assert params["api_base"] == "os.environ/OPENAI_COMPATIBLE_BASE_URL"
    assert params["api_key"] == "os.environ/OPENAI_COMPATIBLE_API_KEY"
