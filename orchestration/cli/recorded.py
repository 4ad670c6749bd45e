"""`aibaas recorded`: published answers of real models through the product's own path."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestration.settings import settings

if TYPE_CHECKING:
    from orchestration.simulator.recorded_files import RecordedAnswer
    from orchestration.simulator.replay import Comparison, Tally


@click.command()
@click.option("--tasks", required=True, type=click.Path(path_type=Path), help="The tasks, JSON lines or a JSON list.")
@click.option("--answers", required=True, type=click.Path(path_type=Path), help="Answers to them, one row each.")
@click.option("--serve", "only_serve", is_flag=True, help="Only serve the answers, until Ctrl-C.")
@click.option("--port", default=0, type=click.IntRange(0, 65_535), help="Where --serve listens. Default: a free one.")
@click.option("--at-least", type=click.FloatRange(0, 1), help="Exit with 1 when fewer verdicts agree.")
def command(tasks: Path, answers: Path, only_serve: bool, port: int, at_least: float | None) -> None:
    """Grade published answers of real models and compare with the published verdicts.

    Each answer is asked for over HTTP through the provider client, extracted and graded as a live one would be.
    """
    from orchestration.simulator.recorded_files import read_answers, read_tasks

    recorded = read_answers(answers, read_tasks(tasks))
    if only_serve:
        serve_recorded(recorded, port)
    else:
        compare_recorded(recorded, at_least)


def serve_recorded(recorded: list[RecordedAnswer], port: int) -> None:
    from orchestration.simulator.recorded_models import RecordedModels
    from orchestration.simulator.server import build_app
    from orchestration.simulator.serving import serve

    app = build_app(RecordedModels(recorded))
    serve(app, bind=settings().bind, port=port, announce=lambda url: click.echo(f"recorded answers: {url}"))


def compare_recorded(recorded: list[RecordedAnswer], at_least: float | None) -> None:
    from orchestration.providers.litellm_client import LiteLLMClient
    from orchestration.sandbox.namespace_sandbox import NamespaceSandbox
    from orchestration.simulator.replay import replay, tallies

    with (
        NamespaceSandbox().proven() as sandbox,
        click.progressbar(length=len(recorded), label="grading", file=sys.stderr) as bar,
    ):
        comparisons = replay(recorded, LiteLLMClient(), sandbox, lambda _count: bar.update(1))
    rows = tallies(comparisons)
    print_tallies(rows)
    print_disagreements([row for row in comparisons if row.agreement not in {"agrees", "no published verdict"}])
    ratio = rows[-1].ratio_with_explained
    if at_least is not None and (ratio is None or ratio < at_least):
        sys.exit(1)


def print_tallies(rows: list[Tally]) -> None:
    width = max(len(row.name) for row in rows)
    click.echo(f"{'model':<{width}}  answers  unchanged  agree  ratio   explained  with explained")
    for row in rows:
        click.echo(
            f"{row.name:<{width}}  {row.answers:>7}  {row.unchanged:>9}  {row.agreeing:>5}  {share(row.ratio)}"
            f"  {row.explained:>9}  {share(row.ratio_with_explained):>14}"
        )


def share(ratio: float | None) -> str:
    return "   -  " if ratio is None else f"{ratio:.4f}"


def print_disagreements(rows: list[Comparison]) -> None:
    click.echo(f"\ndisagreements: {len(rows)}")
    for row in rows:
        task = row.recorded.task
        click.echo(
            f"  {row.recorded.model}  {task.task_id} ({task.language}): published {verdict(row.recorded.published)}, "
            f"ours {verdict(row.passed)}: {row.explanation}"
        )


def verdict(passed: bool | None) -> str:
    return "none" if passed is None else "pass" if passed else "fail"
