"""The command line: one command a file, loaded when it is called. Commands call the other parts and compute nothing."""

from __future__ import annotations

import importlib
import shutil
import sys
from functools import cache
from typing import TYPE_CHECKING, NoReturn

import click

from orchestration.settings import OperatorError, settings

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = {
    "demo": "Measure simulated models from nothing: 14 days of history, then one live hour.",
    "up": "Run every service until Ctrl-C: database, simulator, Dagster, API, dashboard.",
    "down": "Stop the services and the embedded database.",
    "status": "Say what runs and how fresh the numbers are.",
    "run": "Measure one benchmark hour now.",
    "backfill": "Measure a range of benchmark hours in one run.",
    "worker": "Do steps of runs, beside others on this or other machines (AIBAAS_EXECUTOR=celery).",
    "rescore": "Grade the archived answers of a range of hours by the current scorers; ask no model.",
    "rebuild": "Make all marts anew from the raw rows, with the columns of this release.",
    "report": "Print the report of a day or a week, and keep it.",
    "targets": "Say what is measured and what is skipped; discover, proposals, enrol, retire.",
    "recorded": "Grade published answers of real models and compare with the published verdicts.",
    "sandbox": "Prove how well answers are confined here (doctor), or grade JSON lines (grade).",
    "scenarios": "Write scenarios: validate, prove, show, new, diff, import, publish.",
    "alerts": "See what people were told, test a channel, acknowledge, mute, note: list, test, ack, false-alarm.",
    "prices": "Check the price rows of real models, or print rows for models that have none.",
    "archive": "Look after the archive of answers: verify, mend, expire.",
    "export": "Write what was found for other programs: litellm-router.",
    "detect": "Find the changes in series of runs: a Parquet file in, a CSV file out.",
    "simulator": "Serve the simulated models alone.",
    "metrics": "Serve the pipeline's figures for Prometheus.",
    "service": "Run one service of the Procfile in the foreground (containers do).",
    "exec": "Run a program with the environment of the services (Kubernetes does).",
    "pools": "Make the pools whose places steps share (the Procfile does).",
    "wait-for": "Wait until something listens on a port (the Procfile does).",
    "sql": "Ask the marts and the archive of answers in SQL, by DuckDB.",
    "docs": "Write what every table of the warehouse holds, and where it comes from, as one page.",
    "soak": "Run simulated days through the daemon while faults strike, and compare every row.",
    "synth": "Fill an empty database with drawn history, for measuring the warehouse at size.",
    "migrate": "Bring the database up to date.",
    "reset": "Delete all measurements and settings of this checkout (asks first).",
    "check": "Format, lint, types, contracts, SQL and fast tests: what CI runs first.",
    "test": "Run every test.",
}


class CommandGroup(click.Group):
    """Imports a command's module only when that command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"orchestration.cli.{name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=CommandGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="aibaas")
def aibaas() -> None:
    """Measure AI models on developers' work, every hour, and publish what is found."""


def main() -> None:
    """Run the command line. A mistake that a person can mend is one line and exit code 2."""
    from scenarios.loader import CatalogueError

    try:
        say_in_lines()
        code: int | None = aibaas(standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as help_text:
        click.echo(help_text.format_message())
        sys.exit(2)
    except (OperatorError, CatalogueError) as error:
        refuse(str(error))
    except click.ClickException as error:
        refuse(f"{error.format_message().rstrip('.')} (./aibaas --help says more)")
    except click.Abort:
        click.echo("aborted", err=True)
        sys.exit(1)
    except Exception:
        # Any part may be the one that finds no room; what it says of that is not written for a person.
        if (complaint := full_disk(settings().home)) is None:
            raise
        refuse(complaint)
    sys.exit(code)


def say_in_lines() -> None:
    """From here on warnings are log lines; what is secret is looked up when the first of them is written."""
    from orchestration.logs import chosen_format, start_logging

    @cache
    def secrets() -> frozenset[str]:
        from orchestration.collection.installation import known_secrets

        return known_secrets(settings())

    start_logging(chosen_format(settings().log_format), secrets)


def full_disk(home: Path, needed_mb: int = 20) -> str | None:
    """What to say when the disk of `home` has less room than that, else None."""
    place = next(path for path in (home, *home.parents) if path.exists())
    free_mb = shutil.disk_usage(place).free // 1_000_000
    return f"the disk of {home} is full ({free_mb} MB free): free at least 500 MB" if free_mb < needed_mb else None


def refuse(message: str) -> NoReturn:
    """Say in one line what a person can mend."""
    click.echo(f"aibaas: {' '.join(message.split())}", err=True)
    sys.exit(2)
