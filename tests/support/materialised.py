"""Materialises assets with the resources that the product has.

Not here: the installation that they find, which each test makes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dagster as dg

from orchestration.defs.resources import (
    ArchiveResource,
    CatalogueResource,
    DatabaseResource,
    ProgressResource,
    ProviderResource,
    RerunResource,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


def materialised(
    definitions: Sequence[Any],
    *,
    hour: str | None,
    selection: Sequence[dg.AssetsDefinition] | None = None,
    rerun: RerunResource | None = None,
) -> dg.ExecuteInProcessResult:
    """One run of the assets, or of those selected, for one partition."""
    resources = {
        "database": DatabaseResource(),
        "archive": ArchiveResource(),
        "catalogue": CatalogueResource(),
        "provider": ProviderResource(),
        "rerun": rerun or RerunResource(),
        "progress": ProgressResource(),
    }
    return dg.materialize(definitions, selection=selection, resources=resources, partition_key=hour)


def metadata_of(result: dg.ExecuteInProcessResult, asset: dg.AssetsDefinition) -> dict[str, Any]:
    """What an asset said of itself in a run."""
    (event,) = result.asset_materializations_for_node(asset.node_def.name)
    return {name: value.value for name, value in event.metadata.items()}
