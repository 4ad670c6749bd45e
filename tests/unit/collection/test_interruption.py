from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING

import pytest

from orchestration.collection.interruption import SIGNALS, interruption

if TYPE_CHECKING:
    from collections.abc import Iterator


class StoppedError(Exception):
    """What whoever runs the program makes of a signal."""


@pytest.fixture(autouse=True)
def _raising() -> Iterator[None]:
    """Handlers that raise, as those of Dagster do while a step runs."""

    def stop(*_: object) -> None:
        raise StoppedError

    before = {number: signal.signal(number, stop) for number in SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


async def interrupted(numbers: list[signal.Signals], done: list[str]) -> None:
    with interruption() as noted:
        for number in numbers:
            os.kill(os.getpid(), number)
            await asyncio.wait_for(noted.wait(), 5)
            done.append("noted")
        done.append("sealed")


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_is_noted_and_obeyed_at_the_end_of_the_block(number: signal.Signals) -> None:
    done: list[str] = []
    with pytest.raises(StoppedError):
        asyncio.run(interrupted([number], done))
    assert done == ["noted", "sealed"]


def test_a_second_signal_is_obeyed_at_once() -> None:
    done: list[str] = []
    with pytest.raises(StoppedError):
        asyncio.run(interrupted([signal.SIGTERM, signal.SIGTERM], done))
    assert done == ["noted"]


def test_without_a_signal_those_who_listened_before_listen_again() -> None:
    handlers = [signal.getsignal(number) for number in SIGNALS]
    asyncio.run(interrupted([], []))
    assert [signal.getsignal(number) for number in SIGNALS] == handlers


def test_another_thread_than_the_main_one_hears_nothing() -> None:
    async def run() -> bool:
        return await asyncio.to_thread(asyncio.run, in_a_thread())

    async def in_a_thread() -> bool:
        with interruption() as noted:
            return noted.is_set()

    assert asyncio.run(run()) is False


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    async def run() -> bool:
        with interruption() as noted:
            os.kill(os.getpid(), signal.SIGINT)
            await asyncio.sleep(0.05)
            return noted.is_set()

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    assert asyncio.run(run()) is False
    assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
