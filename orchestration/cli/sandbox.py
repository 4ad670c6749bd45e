"""`aibaas sandbox doctor` and `aibaas sandbox grade`: the sandbox by itself."""

from __future__ import annotations

import sys

import click

from orchestration.settings import settings


@click.group()
def command() -> None:
    """The place where answers are run: prove it, or use it."""


LEVEL = click.option(
    "--level", type=click.Choice(["A", "B"]), help="Try this level alone. Default: the strongest that holds."
)


@command.command()
@LEVEL
def doctor(level: str | None) -> None:
    """Say which level of isolation this machine gives, proven by attacks. Exit code 1 when none holds."""
    from orchestration.sandbox.namespace_sandbox import NamespaceSandbox

    with NamespaceSandbox(level=level) as sandbox:  # type: ignore[arg-type]  # click has checked it
        proof = sandbox.proof
    for check in proof.checks:
        click.echo(
            f"{click.style('holds ', fg='green') if check.held else click.style('BROKEN', fg='red')}  {check.what}"
        )
    click.echo(f"level {proof.level or 'none'}{': ' if proof.reason else ''}{proof.reason}")
    sys.exit(0 if proof.level else 1)


@command.command()
@LEVEL
def grade(level: str | None) -> None:
    """Grade JSON lines from standard input, one result a line in their order.

    In: {id, language, code, entry, calls: [{args, expected}], limits?}. Out: {id, outcome, passed, total, reason,
    stdout, stderr, wall_ms, peak_memory_kb}. docs/sandbox.md tells more.
    """
    from orchestration.scoring.grade_lines import grade_lines
    from orchestration.scoring.postgresql import sandbox_with_postgresql

    with sandbox_with_postgresql(settings().home, level).proven() as sandbox:  # type: ignore[arg-type]  # as above
        for line in grade_lines(sandbox, sys.stdin.buffer):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
