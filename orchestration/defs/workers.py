"""Celery workers on any number of machines, which do the steps of runs: what runs and workers must agree upon.

Not here: how a stage is cut into steps (assets), nor starting a worker (cli.worker).

A worker acknowledges a step when it is done. While it works, the worker says so to Redis every HEARTBEAT_S; a step of
which nothing was heard for LOST_AFTER_S is given to another worker. So a step is done at least once, and may be begun
twice: every step asks the archive and the database first what is done already.
"""

import time
import warnings
from typing import Any

import dagster as dg
import redis
from celery import Celery, bootsteps
from celery.exceptions import DuplicateTaskNameWarning
from dagster_celery import celery_executor, core_execution_loop
from dagster_celery.executor import CeleryExecutor
from dagster_celery.make_app import make_app
from dagster_celery.tasks import create_task

from orchestration.settings import OperatorError, Settings

# dagster-celery registers its task anew for every step that it hands over.
warnings.filterwarnings("ignore", category=DuplicateTaskNameWarning)

# An hour is some twenty steps in a row, each of whose ends Dagster would notice up to a second late.
core_execution_loop.TICK_SECONDS = 0.2

HEARTBEAT_S = 10
LOST_AFTER_S = 60
SWEEP_S = 5
"""How often each worker looks for steps whose worker was lost."""


def celery_executor_of(config: Settings) -> dg.ExecutorDefinition:
    """The executor that hands steps to the workers of these settings."""
    executor: dg.ExecutorDefinition = celery_executor.configured(_celery_config(config), name="celery")
    return executor


def celery_app(config: Settings) -> Celery:
    """The application of a worker: it does the steps that runs hand to the broker of these settings."""
    app = make_app(CeleryExecutor.for_cli(**_celery_config(config)).app_args())
    create_task(app, acks_late=True, reject_on_worker_lost=True)
    app.steps["consumer"].add(Heartbeat)
    return app


class Heartbeat(bootsteps.StartStopStep):  # type: ignore[misc]  # celery has no types
    """Tells Redis that the steps which this worker holds are being done.

    The main process tells it, so that a step that is busy does not look lost. It is killed with its worker.
    """

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def __init__(self, parent: Any, **options: Any) -> None:
        super().__init__(parent, **options)
        self._timer: Any = None

    def start(self, parent: Any) -> None:
        self._timer = parent.timer.call_repeatedly(HEARTBEAT_S, _renew, (parent.task_consumer.channel,))

    def stop(self, parent: Any) -> None:  # noqa: ARG002 - celery's signature
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _renew(channel: Any) -> None:
    """Only what is still held: a step that was given to another worker meanwhile stays with that one."""
    held = dict.fromkeys(channel.qos._delivered, time.time())  # noqa: SLF001 - kombu offers no other list
    if held:
        with channel.conn_or_acquire() as broker:  # a connection of its own: a BRPOP waits on the channel's
            broker.zadd(channel.unacked_index_key, held, xx=True)


def _celery_config(config: Settings) -> dict[str, Any]:
    url = config.broker_url.get_secret_value()
    return {
        "broker": url,
        "backend": url,
        "config_source": {
            "broker_connection_retry_on_startup": False,
            "worker_redirect_stdouts": False,
            "worker_send_task_events": False,
            "worker_prefetch_multiplier": 1,
            "broker_transport_options": {
                "visibility_timeout": LOST_AFTER_S,
                "unacked_restore_interval": SWEEP_S,
                "unacked_restore_throttle": 1,
                "unacked_mutex_expire": LOST_AFTER_S,
                "max_retries": 3,
                "socket_keepalive": True,
            },
            "task_default_priority": 5,
            "task_default_queue": "dagster",
        },
    }


def check_broker(config: Settings) -> None:
    """Raises OperatorError when nothing answers at the broker's address as Redis does. Never shows its password."""
    url = config.broker_url.get_secret_value()
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=3, socket_timeout=3) as broker:
            broker.ping()
    except (ValueError, redis.RedisError, OSError) as error:
        reason = "the URL begins with redis:// or rediss://" if isinstance(error, ValueError) else type(error).__name__
        raise OperatorError(
            f"the broker {place_of_broker(config)} does not answer ({reason}): start it, or correct AIBAAS_BROKER_URL"
        ) from None


def place_of_broker(config: Settings) -> str:
    """Host, port and database; nothing of what stands before an @, which may be a password."""
    behind_password = config.broker_url.get_secret_value().rpartition("@")[2]
    return behind_password.rpartition("://")[2]
