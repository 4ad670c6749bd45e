"""The manifests for Kubernetes, and the Job that a run becomes, against the API's own models; no cluster is asked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from dagster import DagsterRun
from dagster._config import process_config
from dagster_k8s import K8sRunLauncher
from dagster_k8s.job import construct_dagster_k8s_job
from kubernetes import client

from orchestration.cli import COMMANDS
from orchestration.settings import PROJECT_ROOT, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DIRECTORY = PROJECT_ROOT / "docs" / "kubernetes"
IMAGE, NAMESPACE = "registry.local/aibaas:1", "aibaas"


def faults(value: Any, kind: str, place: str) -> Iterator[str]:
    """What the API would refuse of a value of a type of its models: unknown fields, missing ones, wrong shapes."""
    if listed := re.fullmatch(r"list\[(.+)\]", kind):
        yield from faults_of_items(value, list, listed[1], place)
    elif mapped := re.fullmatch(r"dict\(str, (.+)\)", kind):
        yield from faults_of_items(value, dict, mapped[1], place)
    elif hasattr(client, kind):
        yield from faults_of_model(value, getattr(client, kind), place)
    elif kind in SCALARS and not isinstance(value, SCALARS[kind]):
        yield f"{place}: {value!r} is no {kind}"


def faults_of_items(value: Any, shape: type, kind: str, place: str) -> Iterator[str]:
    if not isinstance(value, shape):
        yield f"{place}: no {shape.__name__}"
        return
    for name, item in value.items() if isinstance(value, dict) else enumerate(value):
        yield from faults(item, kind, f"{place}.{name}")


SCALARS: dict[str, Any] = {"str": str, "int": int, "bool": bool, "float": (int, float)}


def faults_of_model(value: Any, model: Any, place: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{place}: no mapping"
        return
    types = {model.attribute_map[name]: kind for name, kind in model.openapi_types.items()}
    yield from (f"{place}.{name}: unknown" for name in value.keys() - types.keys())
    for name in value.keys() & types.keys():
        yield from faults(value[name], types[name], f"{place}.{name}")
    try:
        model(**{attribute: value.get(name) for attribute, name in model.attribute_map.items()})
    except ValueError as error:
        yield f"{place}: {error}"


def manifests() -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((DIRECTORY / "aibaas.yaml").read_text(encoding="utf-8")))


@pytest.fixture
def launcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> K8sRunLauncher:
    """The launcher of our file, with an address of a cluster that it never calls."""
    monkeypatch.setenv("AIBAAS_IMAGE", IMAGE)
    monkeypatch.setenv("AIBAAS_NAMESPACE", NAMESPACE)
    processed = process_config(
        K8sRunLauncher.config_type(), settings_of_dagster("docs/kubernetes")["run_launcher"]["config"]
    )
    assert processed.success, processed.errors
    cluster = {"name": "c", "cluster": {"server": "http://127.0.0.1:9"}}
    context = {"name": "c", "context": {"cluster": "c", "user": "u"}}
    kubeconfig = {
        "clusters": [cluster],
        "contexts": [context],
        "users": [{"name": "u", "user": {}}],
        "current-context": "c",
    }
    (tmp_path / "kubeconfig").write_text(yaml.safe_dump(kubeconfig))
    access = {"load_incluster_config": False, "kubeconfig_file": str(tmp_path / "kubeconfig")}
    return K8sRunLauncher.from_config_value(None, {**(processed.value or {}), **access})


@pytest.fixture
def job(launcher: K8sRunLauncher) -> dict[str, Any]:
    """The Job that a run becomes, as the API would be sent it."""
    run = DagsterRun(job_name="run_hourly_benchmark_job", tags={"dagster/partition": "2026-11-23-05:00"})
    context = launcher.get_container_context_for_run(run)
    made = construct_dagster_k8s_job(
        job_config=context.get_k8s_job_config(job_image=None, run_launcher=launcher),
        args=["dagster", "api", "execute_run", "{}"],
        job_name="dagster-run-1",
        component="run_worker",
        user_defined_k8s_config=context.run_k8s_config,
    )
    sent: dict[str, Any] = client.ApiClient().sanitize_for_serialization(made)
    return sent


def settings_of_dagster(directory: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((PROJECT_ROOT / directory / "dagster.yaml").read_text(encoding="utf-8"))
    return loaded


def test_the_job_of_a_run_is_one_that_the_api_takes(job: dict[str, Any]) -> None:
    assert list(faults(job, "V1Job", "Job")) == []


def test_the_job_of_a_run_does_it_as_the_services_would(job: dict[str, Any]) -> None:
    pod = job["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert container["image"] == IMAGE
    assert [*container["command"], *container["args"]] == [
        *("python", "-m", "orchestration.cli", "exec"), *("dagster", "api", "execute_run", "{}"),
    ]  # fmt: skip
    assert "exec" in COMMANDS
    assert job["spec"]["backoffLimit"] == 0
    assert pod["securityContext"]["runAsUser"] == 10001
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}


def test_the_job_of_a_run_names_only_what_the_manifests_make(job: dict[str, Any]) -> None:
    """Or what operations.md lets a person make."""
    made = {(one["kind"], one["metadata"]["name"]) for one in manifests()}
    made |= {("ConfigMap", "aibaas-dagster"), ("Secret", "aibaas-secrets")}
    pod = job["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    sources = {
        (name.removesuffix("Ref").replace("configMap", "ConfigMap").replace("secret", "Secret"), source["name"])
        for entry in container["envFrom"]
        for name, source in entry.items()
    }
    claims = {
        ("PersistentVolumeClaim", v["persistentVolumeClaim"]["claimName"])
        for v in pod["volumes"]
        if "persistentVolumeClaim" in v
    }
    maps = {("ConfigMap", v["configMap"]["name"]) for v in pod["volumes"] if "configMap" in v}
    assert sources | claims | maps | {("ServiceAccount", pod["serviceAccountName"])} <= made
    assert {mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in pod["volumes"]}


def test_dagster_is_set_as_elsewhere_but_for_its_launcher() -> None:
    assert {**settings_of_dagster("docs/kubernetes"), "run_launcher": None} == {
        **settings_of_dagster("."),
        "run_launcher": None,
    }


def test_the_manifests_run_services_and_settings_that_there_are() -> None:
    services = {line.split(":")[0] for line in (PROJECT_ROOT / "Procfile").read_text(encoding="utf-8").splitlines()}
    deployments = [one for one in manifests() if one["kind"] == "Deployment"]
    run = [c["args"] for one in deployments for c in one["spec"]["template"]["spec"]["containers"]]
    assert {arguments[1] for arguments in run} <= services
    fields = {f"AIBAAS_{name.upper()}" for name in Settings.model_fields}
    (config,) = (one for one in manifests() if one["metadata"]["name"] == "aibaas-settings")
    assert set(config["data"]) - fields == {"AIBAAS_NAMESPACE", "AIBAAS_IMAGE"}


def test_every_manifest_is_one_that_the_api_takes() -> None:
    found = manifests()
    assert {manifest["kind"] for manifest in found} >= {"Deployment", "Service", "Role", "ConfigMap"}
    assert [fault for one in found for fault in faults(one, f"V1{one['kind']}", one["kind"])] == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"spec": {"replica": 1}}, "unknown"),
        ({"spec": {"selector": {}}}, "must not be `None`"),
        ({"spec": {"replicas": "two", "selector": {}, "template": {}}}, "no int"),
    ],
)
def test_a_mistake_in_a_manifest_is_found(change: dict[str, Any], said: str) -> None:
    assert said in "; ".join(faults({"kind": "Deployment", **change}, "V1Deployment", "Deployment"))
