"""`aibaas metrics`: the pipeline's figures for Prometheus, until it is stopped."""

from __future__ import annotations

import click

from orchestration.settings import OperatorError, settings


@click.command()
def command() -> None:
    """Serve the pipeline's figures at /metrics; they are read from the database when they are asked for."""
    from prometheus_client import CollectorRegistry, start_http_server

    from orchestration.monitoring.pipeline_metrics import PipelineMetrics

    config = settings()
    registry = CollectorRegistry()
    registry.register(PipelineMetrics(config))
    try:
        _, thread = start_http_server(config.metrics_port, addr=config.bind, registry=registry)
    except OSError as error:
        raise OperatorError(
            f"can't listen on {config.bind} port {config.metrics_port} ({error.strerror}): "
            "stop what uses it, or change AIBAAS_METRICS_PORT"
        ) from None
    click.echo(f"metrics: http://{config.bind}:{config.metrics_port}/metrics")
    thread.join()
