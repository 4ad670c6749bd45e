"""Speaks to Dagster's webserver as its own pages do: over GraphQL.

Not here: what the tests expect of the runs.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import httpx

_ASSETS = "{ assetNodes { assetKey { path } groupName isPartitioned dependencyKeys { path } } }"
_LAUNCH_RUN = """
mutation($params: ExecutionParams!) { launchRun(executionParams: $params) {
    __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }
"""
_LAUNCH_BACKFILL = """
mutation($params: LaunchBackfillParams!) { launchPartitionBackfill(backfillParams: $params) {
    __typename ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message } } }
"""
_RUN_STATUS = "query($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }"
_BACKFILL_STATUS = (
    "query($id: String!) { partitionBackfillOrError(backfillId: $id) { ... on PartitionBackfill { status } } }"
)
ENDED = {"SUCCESS", "FAILURE", "CANCELED", "COMPLETED", "COMPLETED_SUCCESS", "COMPLETED_FAILED", "FAILED"}


@dataclass(frozen=True)
class DagsterApi:
    """One webserver."""

    url: str

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        answer = httpx.post(f"{self.url}/graphql", json={"query": query, "variables": variables}, timeout=60).json()
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    def assets(self) -> list[dict[str, Any]]:
        nodes: list[dict[str, Any]] = self.ask(_ASSETS)["assetNodes"]
        return nodes

    def rerun_partition(self, job: str, partition: str) -> str:
        """Starts the job for one partition; returns the run's id."""
        repository = {"repositoryLocationName": "aibaas", "repositoryName": "__repository__", "pipelineName": job}
        tags = [{"key": "dagster/partition", "value": partition}]
        params = {
            "selector": repository, "runConfigData": "{}", "mode": "default", "executionMetadata": {"tags": tags},
        }  # fmt: skip
        launched = self.ask(_LAUNCH_RUN, params=params)["launchRun"]
        assert launched["__typename"] == "LaunchRunSuccess", launched
        return str(launched["run"]["runId"])

    def backfill(self, partitions: list[str]) -> str:
        """Starts a backfill of every asset over the partitions; returns its id."""
        assets = [node["assetKey"] for node in self.assets()]
        params = {"assetSelection": assets, "partitionNames": partitions, "tags": []}
        launched = self.ask(_LAUNCH_BACKFILL, params=params)["launchPartitionBackfill"]
        assert launched["__typename"] == "LaunchBackfillSuccess", launched
        return str(launched["backfillId"])

    def end_of_run(self, run_id: str, *, within_s: float) -> str:
        return self._end(lambda: self.ask(_RUN_STATUS, id=run_id)["runOrError"]["status"], within_s)

    def end_of_backfill(self, backfill_id: str, *, within_s: float) -> str:
        status = lambda: self.ask(_BACKFILL_STATUS, id=backfill_id)["partitionBackfillOrError"]["status"]  # noqa: E731
        return self._end(status, within_s)

    def _end(self, status_of: Any, within_s: float) -> str:
        deadline = time.monotonic() + within_s
        while (status := status_of()) not in ENDED:
            assert time.monotonic() < deadline, f"still {status} after {within_s:.0f} s"
            time.sleep(1)
        return str(status)
