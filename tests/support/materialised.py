"""Materialises assets with the resources that the product has.

Not here: the installation that they find, which each test makes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dagster as dg

from orchestration.defs.resources import (
    AlertsResource,
    ArchiveResource,
    CatalogueResource,
    DatabaseResource,
    ProgressResource,
    ProviderResource,
    RerunResource,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition


def materialised(
    definitions: Sequence[Any],
    *,
    hour: str | None,
    selection: Sequence[dg.AssetsDefinition] | None = None,
    raise_on_error: bool = True,
    rerun: RerunResource | None = None,
    instance: dg.DagsterInstance | None = None,
) -> dg.ExecuteInProcessResult:
    """One run of the assets, or of those selected, for one partition."""
    return dg.materialize(
        definitions,
        selection=selection,
        resources=resources(rerun),
        partition_key=hour,
        raise_on_error=raise_on_error,
        instance=instance,
    )


def executed(job: UnresolvedAssetJobDefinition, assets: Sequence[dg.AssetsDefinition]) -> dg.ExecuteInProcessResult:
    """One run of a job over some of the product's assets."""
    definitions = dg.Definitions(assets=assets, jobs=[job], resources=resources())
    return definitions.resolve_job_def(job.name).execute_in_process()


def resources(rerun: RerunResource | None = None) -> dict[str, Any]:
    return {
        "database": DatabaseResource(),
        "archive": ArchiveResource(),
        "catalogue": CatalogueResource(),
        "provider": ProviderResource(),
        "rerun": rerun or RerunResource(),
        "progress": ProgressResource(),
        "alerts": AlertsResource(),
    }


def metadata_of(result: dg.ExecuteInProcessResult, asset: dg.AssetsDefinition) -> dict[str, Any]:
    """What an asset said of itself in a run."""
    (event,) = result.asset_materializations_for_node(asset.node_def.name)
    return {name: value.value for name, value in event.metadata.items()}
