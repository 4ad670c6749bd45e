"""Alerts through the real sensor, daemon and runs: three incidents, each told once and ended once on every channel.

Not here: how incidents are found; their rows are written as the detector does.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from orchestration.cli.processes import is_listening
from orchestration.cli.soaking.services import write_dagster_file
from orchestration.settings import PROJECT_ROOT
from orchestration.storage.database import Database
from orchestration.storage.embedded_postgres import EmbeddedPostgres
from tests.support.alert_receivers import http_receiver, mail_server
from tests.support.product import SMALL, RunningCommand, port_variables
from tests.support.subscriptions import SECRET, anomaly, record, resolved, subscribe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

pytestmark = [pytest.mark.soak, pytest.mark.timeout(900)]

INCIDENTS = [anomaly(0), anomaly(40), anomaly(90)]
CHANNELS = ("apprise", "email", "in_app", "slack", "webhook")


class Pipeline:
    """Dagster's code location and daemon of an installation."""

    def __init__(self, home: Path, services: Sequence[str] = ("code", "daemon"), **more: str) -> None:
        home.mkdir()
        self.names = services
        write_dagster_file(home / "dagster.yaml")
        own = {"AIBAAS_HOME": str(home), "AIBAAS_DAGSTER_FILE": str(home / "dagster.yaml")} | SMALL | port_variables()
        bare = {"PATH": os.environ["PATH"], "HOME": str(home.parent), "PYTHONPATH": str(PROJECT_ROOT)}
        self.home, self.environment = home, bare | own | more
        self.server = EmbeddedPostgres(home)
        self.services: dict[str, RunningCommand] = {}

    def command(self, *arguments: str) -> RunningCommand:
        log = self.home.parent / f"{'-'.join(arguments)}-{time.monotonic_ns()}.log"
        return RunningCommand([sys.executable, "-m", "orchestration.cli", *arguments], self.environment, log)

    def start(self) -> None:
        self.services = {name: self.command("service", name) for name in self.names}

    def kill(self) -> None:
        """-9 to the services, and to the runs that the code location started."""
        for service in self.services.values():
            service.kill()

    def kill_one(self, name: str) -> None:
        self.services[name].kill()

    def start_ended(self) -> None:
        """As a supervisor would."""
        for name, service in self.services.items():
            if service.process.poll() is not None:
                self.services[name] = self.command("service", name)

    def wait_until_listening(self, name: str) -> None:
        port = int(self.environment[f"AIBAAS_{name.upper()}_PORT"])
        wait_until(lambda: is_listening(port), 300)

    def sent(self) -> dict[str, int]:
        with Database(self.server.url).connect() as connection:
            return dict(
                connection.execute(
                    "SELECT channel, count(*) FROM raw.alert_deliveries WHERE outcome = 'sent' GROUP BY channel"
                ).fetchall()
            )


@contextmanager
def pipeline(home: Path, services: Sequence[str] = ("code", "daemon"), **more: str) -> Iterator[Pipeline]:
    made = Pipeline(home, services, **more)
    try:
        migrating = made.command("migrate")
        assert migrating.process.wait(120) == 0, migrating.said
        made.start()
        yield made
    finally:
        made.kill()
        made.server.stop()


def wait_until(is_so: Callable[[], bool], within_s: float = 240) -> None:
    deadline = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < deadline, "it did not come to be in time"
        time.sleep(0.05)


def subscribe_to_all_channels(database: Database, url: str, **more: Any) -> None:
    """`url` is that of an HTTP receiver."""
    for name in ("slack", "apprise"):
        place = url.replace("/alerts", f"/{name}")
        subscribe(
            database,
            name,
            channel_settings={"url": place if name == "slack" else place.replace("http:", "json:")},
            **more,
        )
    subscribe(database, "webhook", channel_settings={"url": url, "secret": SECRET}, **more)
    subscribe(database, "email", **more)
    subscribe(database, "in_app", **more)


def test_three_incidents_are_three_alerts_and_three_recoveries_across_kills_of_every_process(tmp_path: Path) -> None:
    with (
        http_receiver() as receiver,
        mail_server() as mail,
        pipeline(tmp_path / "home", AIBAAS_ALERT_PRIVATE_NETWORKS="allow", AIBAAS_SMTP_URL=mail.url) as running,
    ):
        database = Database(running.server.url)
        subscribe_to_all_channels(database, receiver.url)
        receiver.delay_s = 0.3
        record(database, *INCIDENTS)
        wait_until(lambda: bool(receiver.requests))
        running.kill()
        running.start()
        wait_until(lambda: running.sent() == dict.fromkeys(CHANNELS, 3))
        arrived = len(receiver.requests)
        record(database, *map(resolved, INCIDENTS))
        wait_until(lambda: len(receiver.requests) > arrived)
        running.server.stop()
        running.server.start()
        wait_until(lambda: running.sent() == dict.fromkeys(CHANNELS, 6))
        time.sleep(35)
        assert running.sent() == dict.fromkeys(CHANNELS, 6), "another look of the sensor tells nothing anew"
    ids = [headers["webhook-id"] for path, headers, _ in receiver.requests if path == "/alerts"]
    assert len(set(ids)) == 6
    assert len({mail["Message-ID"] for mail in mail.mails}) == 6
    print(f"webhooks {len(ids)}, mails {len(mail.mails)}, requests {len(receiver.requests)} of 18")
