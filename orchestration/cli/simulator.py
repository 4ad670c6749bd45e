"""`aibaas simulator`: the simulated models as an OpenAI-compatible host."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from orchestration.settings import settings

if TYPE_CHECKING:
    from datetime import datetime


@click.command()
@click.option("--port", type=click.IntRange(0, 65_535), help="0 takes a free one. Default: AIBAAS_SIMULATOR_PORT.")
@click.option("--bind", help="The address to listen on. Default: AIBAAS_BIND, 127.0.0.1.")
@click.option(
    "--events-anchor",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day that events are laid out before. Default: the day of the first start, which is remembered.",
)
@click.option("--seed", type=int, help="Another seed than that of profiles.yaml.")
@click.option("--api-key", help="Refuse requests that do not carry this key.")
def command(
    port: int | None, bind: str | None, events_anchor: datetime | None, seed: int | None, api_key: str | None
) -> None:
    """Serve the simulated models until Ctrl-C."""
    from orchestration.simulator.anchor import remembered_anchor
    from orchestration.simulator.server import build_app
    from orchestration.simulator.serving import serve
    from orchestration.simulator.simulated_models import simulated_models

    config = settings()
    anchor = events_anchor.date() if events_anchor else remembered_anchor(config.home)
    models = simulated_models(config.scenarios_dir, events_anchor=anchor, seed=seed, packs=config.packs_dir)
    serve(
        build_app(models, api_key=api_key),
        bind=bind or config.bind,
        port=config.simulator_port if port is None else port,
        announce=lambda url: click.echo(f"simulated models: {url} (events laid out before {anchor})"),
    )
