"""The sensor on an instance of its own: it requests a run for what is new or due, once, and what is left is not lost.

Not here: what the run does (test_delivery).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import dagster as dg
import pytest

from orchestration.defs.assets.alerting import alert_deliveries
from orchestration.defs.resources import DatabaseResource
from orchestration.defs.sensors import new_anomalies_sensor
from orchestration.settings import settings
from tests.support.materialised import materialised
from tests.support.subscriptions import SECRET, anomaly, record, resolved, subscribe

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orchestration.storage.database import Database
    from tests.support.alert_receivers import HttpReceiver


@pytest.fixture
def installed(accounts: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The settings of an installation on this database."""
    monkeypatch.setenv("DATABASE_URL", accounts.url)
    monkeypatch.setenv("AIBAAS_HOME", str(tmp_path))
    monkeypatch.setenv("AIBAAS_ALERT_PRIVATE_NETWORKS", "allow")
    settings.cache_clear()
    yield accounts
    settings.cache_clear()


def ticked(instance: dg.DagsterInstance, cursor: str | None) -> tuple[list[str | None], str | None]:
    """The run keys that an evaluation asks for, and its cursor."""
    context = dg.build_sensor_context(instance=instance, cursor=cursor, resources={"database": DatabaseResource()})
    found = new_anomalies_sensor(context)
    if isinstance(found, dg.SkipReason):
        return [], cursor
    assert isinstance(found, dg.SensorResult)
    return [request.run_key for request in found.run_requests or []], found.cursor


def test_a_revision_asks_for_one_run_and_a_failed_message_for_another_when_it_is_due(
    installed: Database, receiver: HttpReceiver
) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        _, cursor = ticked(instance, None)
        subscribe(installed, "webhook", channel_settings={"url": receiver.url, "secret": SECRET})
        record(installed, anomaly())
        keys, noticed = ticked(instance, cursor)
        assert len(keys) == 1
        assert ticked(instance, cursor) == (keys, noticed), "the same is asked for under the same key"
        assert ticked(instance, noticed) == ([], noticed)
        receiver.answers.append(500)
        assert materialised([alert_deliveries], hour=None).success
        assert ticked(instance, noticed) == ([], noticed), "not before it is due"
        with installed.connect() as connection:
            connection.execute("UPDATE raw.alert_deliveries SET retry_at = now()")
        (again,), _ = ticked(instance, noticed)
        assert again not in keys
        assert str(again).endswith("-2"), "its second attempt"
        assert materialised([alert_deliveries], hour=None).success
        assert ticked(instance, noticed) == ([], noticed)
        record(installed, resolved(anomaly()))
        (over,), _ = ticked(instance, noticed)
        assert over not in [*keys, again]
    assert len(set(receiver.ids)) == 1
    assert len(receiver.ids) == 2


def test_a_test_that_was_asked_for_through_the_api_asks_for_one_run(
    installed: Database, receiver: HttpReceiver
) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        _, cursor = ticked(instance, None)
        wish = subscribe(installed, "webhook", channel_settings={"url": receiver.url, "secret": SECRET})
        assert ticked(instance, cursor) == ([], cursor)
        with installed.connect("aibaas_api") as connection:
            connection.execute("INSERT INTO account.alert_tests (subscription_id) VALUES (%s)", (wish,))
        (asked,), noticed = ticked(instance, cursor)
        assert ticked(instance, cursor) == ([asked], noticed), "the same is asked for under the same key"
        assert materialised([alert_deliveries], hour=None).success
        assert ticked(instance, noticed) == ([], noticed)
    assert len(receiver.ids) == 1
