"""Places in the pools of hosts, on an instance with storage of its own: who waits, what is shared, what is freed.

Not here: how a gate keeps its part of a host's limits (unit.providers.test_host_gate).
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import dagster as dg
import pytest

from orchestration.definitions import build_defs
from orchestration.defs.places import POOLS_OF_OPS, RETURN_S, host_places, make_pools, pool_of
from orchestration.defs.resources import DatabaseResource
from orchestration.providers.target_file import Limits
from orchestration.providers.targets import Host
from orchestration.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orchestration.storage.database import Database


def a_host(name: str, most: int = 8) -> Host:
    return Host(
        name=name,
        provider="p",
        address=name,
        protocol="openai",
        base_url="http://127.0.0.1:9/v1",
        api_key=None,
        is_simulated=False,
        is_streamed=False,
        price_source="none",
        limits=Limits(max_concurrency=most),
    )


@pytest.fixture
def instance(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    monkeypatch.setenv("DATABASE_URL", database.url)
    settings.cache_clear()
    overrides = {
        "storage": {"postgres": {"postgres_url": database.url}},
        "concurrency": {"pools": {"default_limit": 1, "granularity": "op"}},
    }
    with dg.instance_for_test(overrides=overrides, temp_dir=str(tmp_path)) as made:
        yield made
    settings.cache_clear()


def limit(instance: dg.DagsterInstance, host: str) -> int | None:
    limits = {pool.name: pool.limit for pool in instance.event_log_storage.get_pool_limits()}
    return limits.get(pool_of(host))


def taken(instance: dg.DagsterInstance, host: str) -> int:
    return instance.event_log_storage.get_concurrency_info(pool_of(host)).active_slot_count


@dataclass
class Asking:
    """Steps that hold places for a while, and how many were amid it at most."""

    hosts: list[Host]
    holds_s: float = 0.4
    places: list[dict[str, int]] = field(default_factory=list)
    most_at_once: int = 0
    _at_once: int = 0
    _counting: threading.Lock = field(default_factory=threading.Lock)

    def run(self, instance: dg.DagsterInstance, *, fails: bool = False) -> None:
        """As a step of a run of its own does it."""
        context = SimpleNamespace(
            instance=instance,
            run_id=str(uuid.uuid4()),
            log=logging.getLogger("step"),
            get_step_execution_context=lambda: SimpleNamespace(step=SimpleNamespace(key="ask")),
        )
        with host_places(cast("Any", context), DatabaseResource(), {host.name: host for host in self.hosts}) as held:
            self._begin(held)
            time.sleep(self.holds_s)
            self._end()
            if fails:
                raise RuntimeError("the host's answers could not be kept")

    def run_at_once(self, instance: dg.DagsterInstance, count: int) -> None:
        threads = [threading.Thread(target=self.run, args=(instance,)) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)

    def _begin(self, places: dict[str, int]) -> None:
        with self._counting:
            self.places.append(places)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)

    def _end(self) -> None:
        with self._counting:
            self._at_once -= 1


def test_one_step_at_a_time_asks_a_host_by_default(instance: dg.DagsterInstance) -> None:
    asking = Asking([a_host("groq"), a_host("mistral")])
    asking.run_at_once(instance, 3)
    assert asking.most_at_once == 1
    assert asking.places == [{"groq": 1, "mistral": 1}] * 3
    assert (limit(instance, "groq"), taken(instance, "groq"), taken(instance, "mistral")) == (1, 0, 0)


def test_as_many_steps_ask_as_the_pool_says_and_each_is_told(instance: dg.DagsterInstance) -> None:
    instance.event_log_storage.set_concurrency_slots(pool_of("groq"), 2)
    asking = Asking([a_host("groq")])
    asking.run_at_once(instance, 6)
    assert asking.most_at_once == 2
    assert asking.places == [{"groq": 2}] * 6


def test_the_setting_makes_the_pool_and_a_persons_limit_stays(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIBAAS_STEPS_PER_HOST", "3")
    settings.cache_clear()
    asking = Asking([a_host("groq")], holds_s=0)
    asking.run(instance)
    assert limit(instance, "groq") == 3
    instance.event_log_storage.set_concurrency_slots(pool_of("groq"), 5)
    asking.run(instance)
    assert limit(instance, "groq") == 5
    assert asking.places == [{"groq": 3}, {"groq": 5}]


def test_no_more_steps_ask_than_the_host_takes_calls(instance: dg.DagsterInstance) -> None:
    instance.event_log_storage.set_concurrency_slots(pool_of("own/target"), 9)
    asking = Asking([a_host("own/target", most=2)], holds_s=0)
    asking.run(instance)
    assert asking.places == [{"own/target": 2}]
    assert limit(instance, "own/target") == 2


def test_a_step_that_fails_leaves_its_places(instance: dg.DagsterInstance) -> None:
    asking = Asking([a_host("groq")], holds_s=0)
    with pytest.raises(RuntimeError, match="could not be kept"):
        asking.run(instance, fails=True)
    assert taken(instance, "groq") == 0
    asking.run(instance)
    assert asking.places == [{"groq": 1}] * 2


def test_a_step_begun_again_has_the_place_that_it_had(instance: dg.DagsterInstance) -> None:
    """As when its worker was killed: the same run and step, and nobody freed the place."""
    storage = instance.event_log_storage
    storage.initialize_concurrency_limit_to_default(pool_of("groq"))
    assert storage.claim_concurrency_slot(pool_of("groq"), "run", "step").is_claimed
    assert not storage.claim_concurrency_slot(pool_of("groq"), "run", "another").is_claimed
    assert storage.claim_concurrency_slot(pool_of("groq"), "run", "step").is_claimed


def test_a_worker_hands_back_a_step_that_would_have_to_wait(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIBAAS_EXECUTOR", "celery")
    monkeypatch.setenv("AIBAAS_STEPS_PER_HOST", "1")
    settings.cache_clear()
    storage, asking = instance.event_log_storage, Asking([a_host("groq")], holds_s=0)
    storage.set_concurrency_slots(pool_of("groq"), 1)
    assert storage.claim_concurrency_slot(pool_of("groq"), "run", "step").is_claimed
    with pytest.raises(dg.RetryRequested) as handed_back:
        asking.run(instance)
    assert handed_back.value.seconds_to_wait == RETURN_S
    assert asking.places == []
    storage.free_concurrency_slot_for_step("run", "step")
    asking.run(instance)
    assert asking.places == [{"groq": 1}]


def test_the_pools_of_ops_are_made_with_one_place_and_a_persons_limit_stays(instance: dg.DagsterInstance) -> None:
    storage = instance.event_log_storage
    storage.set_concurrency_slots("grading", 3)
    make_pools(instance)
    make_pools(instance)
    assert {pool.name: pool.limit for pool in storage.get_pool_limits()} == {
        "grading": 3,
        "listings": 1,
        "warehouse": 1,
    }
    assert storage.get_concurrency_info("warehouse").slot_count == 1


def test_every_pool_that_an_op_names_is_made_before_runs() -> None:
    jobs = build_defs().get_repository_def().get_all_jobs()
    named = {pool for job in jobs for op in job.all_node_defs if isinstance(op, dg.OpDefinition) for pool in op.pools}
    assert named == set(POOLS_OF_OPS)
