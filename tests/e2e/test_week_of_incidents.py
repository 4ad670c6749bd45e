"""A week of simulated hours through Dagster's daemon: three planted incidents, found, confirmed and told, each once.

Models answer over HTTP, hours are asked, graded and built, the detector looks, and five channels deliver, while every
process is killed once. Not here: a soak of the hours alone (test_soak), nor alerts of rows that were written by hand
(test_alerts).
"""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import yaml

from orchestration.cli.execution import JOB
from orchestration.cli.soaking.stretches import Stretch
from orchestration.cli.soaking.webserver import Webserver
from orchestration.settings import PROJECT_ROOT, OperatorError
from orchestration.simulator.conditions import Timeline
from orchestration.simulator.profiles import Degradation, LatencyIncident, Outage, load_profiles
from orchestration.simulator.server import build_app
from orchestration.simulator.serving import serving
from orchestration.simulator.simulated_models import SimulatedModels
from orchestration.storage.database import Database
from scenarios.loader import load_catalogue
from tests.e2e.test_alerts import CHANNELS, Pipeline, pipeline, subscribe_to_all_channels
from tests.support.alert_receivers import http_receiver, mail_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

pytestmark = [pytest.mark.soak, pytest.mark.timeout(7200)]

HOUR = timedelta(hours=1)
WARM_UP = datetime(2026, 10, 5, tzinfo=UTC)
WEEK = WARM_UP + timedelta(days=14)
END = WEEK + timedelta(days=7)
ANCHOR = END.date()
INCIDENTS = {
    "cobalt": Degradation(kind="degradation", days_before=6, points=4.0, hours=24),
    "dynamo": LatencyIncident(kind="latency_incident", days_before=4, hour=6, hours=18, factor=4),
    "ember": Outage(kind="outage", days_before=2, hour=8, hours=12),
}
METRICS = {"sim-cobalt": "quality", "sim-dynamo": "latency", "sim-ember": "errors"}
STARTS = [WEEK + timedelta(days=1), WEEK + timedelta(days=3, hours=6), WEEK + timedelta(days=5, hours=8)]
CALM_HOURS = 6
CLOSE_HOURS = 8
"""So many hours from the beginning of an incident on are runs of their own, as every hour is in real time."""
PROCESSES = ("daemon", "code", "database", "webserver")
EVENTS = """
select target_ids[1], metric, kind, content ->> 'verdict', (content ->> 'confirming_answer_count')::int
from raw.alert_events
where topic = 'anomalies' and event_id in (select event_id from raw.alert_notices)
order by recorded_at
"""
"""Of which anybody was told. Worse answers are shorter, so that cobalt's day is cheaper and faster too: raised as what
got better, which nobody here asked for.
"""


def planted() -> SimulatedModels:
    """Three of the project's models, whose only events are these."""
    profiles = load_profiles()
    models = {
        name: profiles.models[name].model_copy(update={"events": (incident,)}) for name, incident in INCIDENTS.items()
    }
    catalogue = load_catalogue(PROJECT_ROOT / "scenarios")
    canary = catalogue.suites["canary"].scenario_ids
    return SimulatedModels(
        profiles.model_copy(update={"models": models}), catalogue.scenarios.values(), Timeline(ANCHOR), canary
    )


def targets_file(path: Path) -> Path:
    """Those three alone are asked."""
    stated = yaml.safe_load((PROJECT_ROOT / "orchestration" / "providers" / "targets.yaml").read_text(encoding="utf-8"))
    stated["targets"] = [target for target in stated["targets"] if target["target_id"] in METRICS]
    path.write_text(yaml.safe_dump(stated), encoding="utf-8")
    return path


def stretches() -> Iterator[Stretch]:
    hour = WEEK
    while hour < END:
        is_close = any(start - HOUR <= hour < start + CLOSE_HOURS * HOUR for start in STARTS)
        following = min([start - HOUR for start in STARTS if start - HOUR > hour], default=END)
        count = 1 if is_close else min(CALM_HOURS, (following - hour) // HOUR, (END - hour) // HOUR)
        yield Stretch(tuple(hour + number * HOUR for number in range(count)))
        hour += count * HOUR


class Week:
    """Takes the stretches through the queue of an installation, and kills a process when it is told to."""

    def __init__(self, running: Pipeline, webserver: Webserver) -> None:
        self.running, self.webserver = running, webserver
        self.killed: list[str] = []

    def take(self, stretch: Stretch, is_time_to_kill: Callable[[], bool]) -> None:
        """Until a run of the stretch has succeeded; one that a kill ended is launched again."""
        deadline, launched = time.monotonic() + 900, 0.0
        while not self._has_succeeded(stretch):
            assert time.monotonic() < deadline, f"{stretch.key} is not measured"
            if time.monotonic() - launched > 5 and not self._is_under_way(stretch):
                launched = self._launch(stretch)
            if is_time_to_kill() and len(self.killed) < len(PROCESSES):
                self.kill(PROCESSES[len(self.killed)])
            self.running.start_ended()
            time.sleep(0.5)

    def kill(self, name: str) -> None:
        self.killed.append(name)
        if name == "database":
            pid = self.running.server.status().pid
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
            time.sleep(2)
            self.running.server.start()
        else:
            self.running.kill_one(name)

    def _launch(self, stretch: Stretch) -> float:
        try:
            self.webserver.launch(JOB, stretch.tags, "{}")
        except (httpx.HTTPError, OperatorError):
            return 0.0
        return time.monotonic()

    def _statuses(self, stretch: Stretch) -> list[str]:
        try:
            runs = self.webserver.runs(JOB, limit=12)
        except (httpx.HTTPError, OperatorError):
            return ["UNKNOWN"]
        return [
            "UNKNOWN" if run.will_retry and run.status == "FAILURE" else run.status
            for run in runs
            if run.first_partition == stretch.key
        ]

    def _has_succeeded(self, stretch: Stretch) -> bool:
        return "SUCCESS" in self._statuses(stretch)

    def _is_under_way(self, stretch: Stretch) -> bool:
        return any(status not in {"SUCCESS", "FAILURE", "CANCELED"} for status in self._statuses(stretch))


def rows(running: Pipeline, query: str) -> list[tuple[Any, ...]]:
    with Database(running.server.url).connect() as connection:
        return connection.execute(query.encode()).fetchall()


def test_three_planted_incidents_of_a_week_are_three_alerts_and_three_recoveries(tmp_path: Path) -> None:
    file = targets_file(tmp_path / "targets.yaml")
    with (
        http_receiver() as receiver,
        mail_server() as mail,
        serving(build_app(planted())) as address,
        pipeline(
            tmp_path / "home",
            services=("code", "webserver", "daemon"),
            AIBAAS_ALERT_PRIVATE_NETWORKS="allow",
            AIBAAS_SMTP_URL=mail.url,
            AIBAAS_TARGETS_FILE=str(file),
            AIBAAS_SIMULATOR_PORT=address.rsplit(":", 1)[1].removesuffix("/v1"),
        ) as running,
    ):
        (running.home / "simulator-events-anchor").write_text(f"{ANCHOR}\n")
        warming = running.command("backfill", "--from", "2026-10-05T00", "--to", "2026-10-18T23")
        assert warming.process.wait(3000) == 0, warming.said[-2000:]
        subscribe_to_all_channels(Database(running.server.url), receiver.url, metrics=sorted(set(METRICS.values())))
        webserver = Webserver(int(running.environment["AIBAAS_WEBSERVER_PORT"]))
        running.wait_until_listening("webserver")
        webserver.stop_schedules()
        week = Week(running, webserver)
        for stretch in stretches():
            week.take(stretch, lambda: len(receiver.requests) > 2 * len(week.killed))
        deadline = time.monotonic() + 300
        while running.sent() != dict.fromkeys(CHANNELS, 6) and time.monotonic() < deadline:
            time.sleep(1)
        time.sleep(40)
        told = rows(running, EVENTS)
        print(*told, sep="\n")
        assert sorted(week.killed) == sorted(PROCESSES)
        assert Counter((target, metric, kind) for target, metric, kind, *_ in told) == Counter(
            (target, metric, kind) for target, metric in METRICS.items() for kind in ("raised", "resolved")
        )
        assert running.sent() == dict.fromkeys(CHANNELS, 6), "each once, on each channel, and nothing more"
        assert confirmed(told) == set(METRICS)
    ids = Counter(headers["webhook-id"] for path, headers, _ in receiver.requests if path == "/alerts")
    assert len(ids) == 6
    assert len({message["Message-ID"] for message in mail.mails}) == 6
    print(f"webhooks {ids.total()}, mails {len(mail.mails)}, killed {week.killed}")


def confirmed(told: Sequence[tuple[Any, ...]]) -> set[str]:
    """Whose alarm rests on extra answers."""
    return {
        target for target, _, kind, verdict, answers in told if (kind, verdict) == ("raised", "degraded") and answers
    }
