"""The options of `run` and `backfill` that confine a run to a part of its hours, or have it ask again.

Not here: what they do (execution).
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from orchestration.cli.execution import PartialRun

if TYPE_CHECKING:
    from collections.abc import Callable

_OPTIONS = (
    click.option("--only-target", "targets", multiple=True, metavar="ID", help="This target alone; may be repeated."),
    click.option(
        "--only-scenario", "scenarios", multiple=True, metavar="ID", help="This scenario alone; may be repeated."
    ),
    click.option("--force", is_flag=True, help="Ask again what has been answered: a new attempt, paid for."),
)


def rerun_options(command: Callable[..., None]) -> Callable[..., None]:
    """Adds the options to a command and gives it them as `part`."""

    @wraps(command)
    def with_part(*, targets: tuple[str, ...], scenarios: tuple[str, ...], force: bool, **others: Any) -> None:
        command(part=PartialRun(targets, scenarios, force), **others)

    wrapped: Callable[..., None] = with_part
    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped
