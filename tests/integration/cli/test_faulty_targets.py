"""An hour of sound targets beside faulty ones, through the command line: each fault is told, the others go on.

Not here: a file that can't be used at all (test_bad_input), nor each mistake that an entry may hold (unit.providers).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import psycopg
import pytest
from aiohttp import web

from orchestration.simulator.serving import serving
from orchestration.storage.embedded_postgres import EmbeddedPostgres
from tests.support.parsed_project import give_parsed_project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.integration.cli.conftest import RunAibaas

TARGETS = """
hosts:
  paid: {provider: openai, address: paid, protocol: openai, base_url: "ADDRESS/v1", is_streamed: false}
  proxied: {provider: openai, address: proxied, protocol: openai, base_url: "ADDRESS/proxy", is_streamed: false}
  torn: {provider: openai, address: torn, protocol: openai, base_url: "ADDRESS/v1", api_key_variable: TORN_KEY}
  slow: {provider: openai, address: slow, protocol: openai, base_url: "ADDRESS/v1", limits: {max_concurrency: 0}}
targets:
  - {target_id: sound, label: Sound, host: paid, model: sound}
  - {target_id: absent, label: Absent, host: paid, model: absent}
  - {target_id: proxied, label: Proxied, host: proxied, model: sound}
  - {target_id: torn-key, label: Torn key, host: torn, model: sound}
  - {target_id: negative, label: Negative, host: paid, model: negative}
  - {target_id: overlapping, label: Overlapping, host: paid, model: overlapping}
  - {target_id: elsewhere, label: Elsewhere, host: nowhere, model: sound}
  - {target_id: penniless, label: Penniless, host: paid, model: sound, budget: {usd_per_day: 0}}
  - {target_id: of-slow, label: Slow, host: slow, model: sound}
  - {target_id: sound, label: Again, host: paid, model: sound}
discovery:
  - {host: paid, pattern: "*", decision: enroll}
budget: {usd_per_day: 5}
"""
PRICED = [("sound", "1"), ("absent", "1"), ("negative", "-1"), ("overlapping", "1"), ("overlapping", "3")]
PRICE = (
    '  - {provider: openai, model: MODEL, valid_from: 2026-01-01, source: "a page", checked_on: 2026-11-01, '
    'usd_per_mtok: {input: "USD", output: "2"}}'
)
PRICES = "\n".join(["prices:", *(PRICE.replace("MODEL", name).replace("USD", usd) for name, usd in PRICED)])
ANSWERS = """
select target_id, status, error_code, count(*), min(error_detail) from raw.responses group by 1, 2, 3 order by 1
"""
USAGE = {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150}
OVERLAP = "overlapping has another price from 2026-01-01 on"
SKIPPED = {
    "torn-key": "TORN_KEY holds a line break",
    "elsewhere": "targets.yaml:14: targets[6].host: no host 'nowhere' in this file (it has paid, proxied, slow, torn)",
    "penniless": "targets.yaml:15: targets[7].budget.usd_per_day: input should be greater than 0",
    "of-slow": "targets.yaml:6: hosts.slow.limits.max_concurrency: input should be greater than or equal to 1",
    "targets[9]": "targets.yaml:17: targets[9].target_id: sound is stated twice",
}
"""Target to the reason that is shown with it."""


@dataclass
class Provider:
    """Knows some models, and has a proxy in front of another address that answers with a page."""

    asked: Counter[str] = field(default_factory=Counter)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self.complete)
        app.router.add_post("/proxy/chat/completions", self.sign_in)
        return app

    async def complete(self, request: web.Request) -> web.Response:
        model = (await request.json())["model"]
        self.asked[model] += 1
        if model == "absent":
            error = {"message": "The model `absent` does not exist", "type": "invalid_request_error"}
            return web.json_response({"error": error}, status=404)
        message = {"role": "assistant", "content": "42"}
        choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
        answer = {"id": "1", "object": "chat.completion", "created": 1, "model": model, "choices": choices}
        return web.json_response(answer | {"usage": USAGE})

    async def sign_in(self, _: web.Request) -> web.Response:
        self.asked["proxy"] += 1
        return web.Response(text="<html><title>Sign in</title></html>", content_type="text/html")


@pytest.fixture
def provider() -> Iterator[tuple[Provider, str]]:
    made = Provider()
    with serving(made.app()) as address:
        yield made, address.removesuffix("/v1")


@pytest.fixture
def files(tmp_path: Path, provider: tuple[Provider, str]) -> dict[str, str]:
    """The variables of an installation with these targets and prices alone."""
    targets, prices = tmp_path / "targets.yaml", tmp_path / "price_rows.yaml"
    targets.write_text(TARGETS.replace("ADDRESS", provider[1]))
    prices.write_text(PRICES)
    return {
        "AIBAAS_TARGETS_FILE": str(targets),
        "AIBAAS_PRICE_ROWS_FILE": str(prices),
        "AIBAAS_SIMULATOR": "off",
        "TORN_KEY": "sk-1\nsk-2",
    }


def test_faulty_targets_are_told_by_name_and_the_sound_ones_are_measured(
    aibaas: RunAibaas, home: Path, files: dict[str, str], provider: tuple[Provider, str], parsed_home: Path
) -> None:
    give_parsed_project(parsed_home, home)
    hour = f"{datetime.now(UTC):%Y-%m-%dT%H}"
    run = aibaas("run", "--hour", hour, **files)
    assert run.returncode == 0, run.stderr
    warned = [line for line in run.stderr.splitlines() if line.startswith("aibaas: skipped: ")]
    assert [re.sub(r"^aibaas: skipped: .*/(?=\w+\.yaml)|: .*(?=\()", "", line) for line in warned] == [
        "targets.yaml:6(host slow)",
        "targets.yaml:14(target elsewhere)",
        "targets.yaml:15(target penniless)",
        "targets.yaml:17(target sound)",
        "targets.yaml:19(rule paid *)",
        "price_rows.yaml:4(openai/negative)",
        f"price_rows.yaml:6: prices[4].valid_from: {OVERLAP}",
    ]
    log = (home / "log" / "runs.log").read_text()
    assert "sk-1" not in run.stderr + log
    assert f"skipped: {files['AIBAAS_TARGETS_FILE']}:15: targets[7].budget.usd_per_day: " in log

    with psycopg.connect(EmbeddedPostgres(home).url) as connection:
        answers = connection.execute(ANSWERS).fetchall()
        shown = dict(connection.execute("SELECT target_id, disabled_reason FROM marts.dim_targets").fetchall())
    assert [row[:4] for row in answers] == [
        ("absent", "failed", "not_found", 12),
        ("negative", "budget", "budget", 12),
        ("overlapping", "budget", "budget", 12),
        ("proxied", "failed", "malformed", 12),
        ("sound", "answered", None, 12),
    ]
    details = {row[0]: row[4] for row in answers}
    assert "The model `absent` does not exist" in details["absent"]
    assert "text/html" in details["proxied"]
    assert all(f"no price of openai/{name} is known" in details[name] for name in ("negative", "overlapping"))
    assert provider[0].asked["sound"] == 12
    assert provider[0].asked["negative"] == provider[0].asked["overlapping"] == 0
    assert {name: reason for name, reason in shown.items() if reason}.keys() == SKIPPED.keys() - {"targets[9]"}
    assert all(shown[name].startswith(SKIPPED[name]) for name in SKIPPED if name in shown)


def test_the_list_the_status_and_the_price_check_name_each_fault(aibaas: RunAibaas, files: dict[str, str]) -> None:
    listed = aibaas("targets", **files)
    assert (listed.returncode, listed.stderr) == (0, "")
    lines = {line.split()[0]: line for line in listed.stdout.splitlines()}
    assert all(f"skipped: {reason}" in lines[name] for name, reason in SKIPPED.items())
    assert "5 of 10 targets are measured" in listed.stdout
    others = [line for line in listed.stdout.splitlines() if line.startswith("skipped ")]
    assert [line.partition(": targets.yaml:")[0] for line in others] == ["skipped host slow", "skipped rule paid *"]
    status = aibaas("status", **files).stdout
    assert f"  skipped, {SKIPPED['penniless']}: penniless" in status
    assert "skipped rule paid *: targets.yaml:19: discovery[0].decision: input should be" in status
    checked = aibaas("prices", "check", **files)
    assert checked.returncode == 1
    assert "target negative: no usable price of openai/negative" in checked.stdout
    assert f"price_rows.yaml:6: prices[4].valid_from: {OVERLAP}" in checked.stdout
