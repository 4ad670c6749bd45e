"""Brings up what every command needs: the database with its schemas, and the environment that all programs share.

Not here: starting services (processes, up).
"""

from __future__ import annotations

import os
import subprocess
import sys
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestration.cli import full_disk
from orchestration.cli.processes import python_module
from orchestration.logs import chosen_format
from orchestration.settings import PROJECT_ROOT, OperatorError, Settings, settings

if TYPE_CHECKING:
    from orchestration.storage.database import Database

LAST_PORT = 65_535
EVENTS_AT_ONCE = "1000"
"""How many events of one asset's partitions Dagster stores by one statement: a backfill has one for every hour."""
ROOM_TO_START_MB = 100
"""What is left to a run that begins: an hour of answers, its rows twice over, and dbt's files."""


def prepare_home(home: Path, dagster_file: Path) -> None:
    """Makes `.aibaas` with Dagster's directory in it. Raises OperatorError when it can't be written."""
    if not dagster_file.is_file():
        raise OperatorError(f"AIBAAS_DAGSTER_FILE is {dagster_file}: there is no such file")
    dagster_home = home / "dagster"
    if complaint := full_disk(home, ROOM_TO_START_MB):
        raise OperatorError(complaint)
    try:
        dagster_home.mkdir(parents=True, exist_ok=True)
        (home / "log").mkdir(exist_ok=True)
        probe = home / ".writable"
        probe.write_text("")
        probe.unlink()
        link = dagster_home / "dagster.yaml"
        if not link.is_symlink() or link.readlink() != dagster_file.absolute():
            link.unlink(missing_ok=True)
            link.symlink_to(dagster_file.absolute())
    except OSError as error:
        raise OperatorError(f"can't write in {home}: {error.strerror}; make it writable or set AIBAAS_HOME") from None


def program_environment(database: Database, config: Settings) -> dict[str, str]:
    """What the programs (Dagster, dbt, API, dashboard) read from their environment; telemetry is off in each."""
    from orchestration.alerting.installation import alert_link_secret

    dagster_home = str(config.home / "dagster")
    return {
        "DATABASE_URL": database.url,
        "DAGSTER_HOME": dagster_home,
        "AIBAAS_DAGSTER_DIR": dagster_home,
        "AIBAAS_DAGSTER_URL": database.dagster_url,
        "AIBAAS_API_DATABASE_URL": database.url,
        "AIBAAS_API_KEY_SECRET": api_key_secret(config),
        "AIBAAS_API_ANONYMOUS_TIER": config.api_anonymous_tier or anonymous_tier(config.bind),
        "AIBAAS_ALERT_LINK_SECRET": alert_link_secret(config),
        "AIBAAS_API_URL": f"http://{config.api_host}:{config.api_port}",
        "AIBAAS_BIND": config.bind,
        "AIBAAS_LOG_FORMAT": chosen_format(config.log_format),
        "AIBAAS_DAGSTER_LOG_FORMAT": "json" if chosen_format(config.log_format) == "json" else "colored",
        "AIBAAS_CODE_HOST": config.code_host,
        "AIBAAS_CODE_PORT": str(config.code_port),
        "AIBAAS_WEBSERVER_PORT": str(config.webserver_port),
        "AIBAAS_API_PORT": str(config.api_port),
        "AIBAAS_DASHBOARD_PORT": str(config.dashboard_port),
        "AIBAAS_METRICS_PORT": str(config.metrics_port),
        "AIBAAS_SIMULATOR_PORT": str(config.simulator_port),
        **database.dbt_environment(),
        "DAGSTER_DISABLE_TELEMETRY": "yes",
        "DAGSTER_EVENT_BATCH_SIZE": EVENTS_AT_ONCE,
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
    }


def api_key_secret(config: Settings) -> str:
    """What the API hashes its keys with, by the settings or the home folder. Raises OperatorError."""
    from orchestration.storage.key_files import key_in

    if config.api_key_secret:
        return config.api_key_secret.get_secret_value()
    return key_in(config.home / "api-keys.key", "AIBAAS_API_KEY_SECRET", "every API key ends").hex()


def anonymous_tier(bind: str) -> str:
    """Everything where only this machine reaches the API: who asks there is the operator. Else what strangers may."""
    try:
        is_local = ip_address(bind).is_loopback
    except ValueError:
        is_local = bind == "localhost"
    return "enterprise" if is_local else "anonymous"


def start_database(config: Settings) -> Database:
    """The database that `DATABASE_URL` names, or the embedded one, started."""
    from orchestration.storage.database import Database
    from orchestration.storage.embedded_postgres import EmbeddedPostgres

    if config.database_url is None:
        EmbeddedPostgres(config.home).start()
    return Database.from_settings(config)


def check_inputs(config: Settings) -> None:
    """Reads scenarios, suites, targets and prices before anything starts. Raises OperatorError or CatalogueError.

    A mistake in one target, host, rule or price is none of them; `warn_of_faults` tells it.
    """
    check_ports(config)
    from orchestration.collection.installation import known_targets
    from orchestration.pricing.price_file import read_price_file
    from scenarios.loader import load_catalogue

    load_catalogue(config.scenarios_dir, packs=config.packs_dir)
    known_targets(config)
    read_price_file(config.price_rows_file)


def warn_of_faults(config: Settings) -> None:
    """Says on standard error which entries of the targets file and of the price rows are skipped."""
    from orchestration.collection.installation import stated_entries
    from orchestration.pricing.price_file import read_price_file

    for fault in (*stated_entries(config).faults, *read_price_file(config.price_rows_file).faults):
        click.echo(f"aibaas: skipped: {fault}", err=True)


def check_executor(config: Settings) -> None:
    """Asks the broker, where runs hand their steps to workers. Raises OperatorError when it does not answer."""
    if config.executor == "celery":
        from orchestration.defs.workers import check_broker

        check_broker(config)


def check_ports(config: Settings) -> None:
    """Raises OperatorError naming the variable whose number no port can have."""
    for name in (name for name in type(config).model_fields if name.endswith("_port")):
        if not 1 <= (port := getattr(config, name)) <= LAST_PORT:
            raise OperatorError(f"AIBAAS_{name.upper()} is {port}: a port is a number from 1 to {LAST_PORT:,}")


def migrate(database: Database) -> None:
    """Brings schemas raw and account up to date; both are made by the program that owns them."""
    database.ensure_ready()
    result = subprocess.run(
        python_module("api.accounts.migrate"), cwd=PROJECT_ROOT, capture_output=True, text=True, check=False
    )
    if result.returncode:
        last_line = (result.stderr.strip() or "no message").splitlines()[-1]
        raise OperatorError(f"the account tables could not be brought up to date: {last_line}")


def enter_environment() -> Database:
    """Database running (as it is), environment of this process and its children set. Raises OperatorError."""
    config = settings()
    prepare_home(config.home, config.dagster_file)
    database = start_database(config)
    os.environ.update(program_environment(database, config))
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return database


def prepare() -> Database:
    """`enter_environment`, and the database current. Inputs are read first: a mistake in them starts nothing."""
    check_inputs(settings())
    warn_of_faults(settings())
    database = enter_environment()
    migrate(database)
    return database
