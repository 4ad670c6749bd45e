"""The files that ship the product agree with each other: lock, containers, Procfile, README."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[3]


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(text_of("docker-compose.yml"))
    return loaded


def plain_name(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement)[0].lower().replace("_", "-")


def test_every_requirement_is_pinned_with_hashes() -> None:
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    wanted = {plain_name(item) for item in project["dependencies"] + project["optional-dependencies"]["dev"]}
    pinned = {plain_name(line) for line in text_of("requirements.lock").splitlines() if re.match(r"[a-z0-9]", line)}
    assert wanted - pinned == set()


def test_every_pin_has_a_hash() -> None:
    blocks = re.split(r"\n(?=[a-z0-9])", text_of("requirements.lock"))
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_containers_run_services_of_the_procfile() -> None:
    services = {line.split(":")[0] for line in text_of("Procfile").splitlines()}
    commands = [service.get("command", []) for service in compose()["services"].values()]
    run = {command[1] for command in commands if command[:1] == ["service"]}
    assert run == services


def test_nothing_but_loopback_is_published() -> None:
    published = [port for service in compose()["services"].values() for port in service.get("ports", [])]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_every_service_is_watched_or_ends() -> None:
    services = compose()["services"]
    unwatched = {name for name, service in services.items() if "healthcheck" not in service}
    assert unwatched <= {"migration"}


def test_no_secret_stands_in_the_compose_file() -> None:
    for line in text_of("docker-compose.yml").splitlines():
        if re.search(r"(PASSWORD|_KEY|SECRET|TOKEN)\w*:", line):
            assert "${" in line, line


def test_the_image_runs_as_an_ordinary_user_from_the_lock() -> None:
    dockerfile = text_of("Dockerfile")
    assert re.search(r"^USER (?!root)", dockerfile, re.MULTILINE)
    assert "--require-hashes" in dockerfile


def test_the_readme_is_short_and_names_the_two_commands() -> None:
    readme = text_of("README.md")
    assert len(readme.splitlines()) < 120
    assert "./aibaas demo" in readme
    assert "./aibaas test" in readme
    assert (ROOT / "docs" / "leaderboard.png").stat().st_size > 10_000
