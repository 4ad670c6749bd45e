"""Speaks to Dagster's webserver as its own pages do: over GraphQL.

Not here: what the tests expect of the runs.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

import httpx

_ASSETS = "{ assetNodes { assetKey { path } groupName isPartitioned isMaterializable dependencyKeys { path } } }"
_LAUNCH_RUN = """
mutation($params: ExecutionParams!) { launchRun(executionParams: $params) {
    __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }
"""
_LAUNCH_BACKFILL = """
mutation($params: LaunchBackfillParams!) { launchPartitionBackfill(backfillParams: $params) {
    __typename ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message } } }
"""
_RUNS = "query($filter: RunsFilter!) { runsOrError(filter: $filter) { ... on Runs { results { runId } } } }"
_REEXECUTE = """
mutation($params: ReexecutionParams!) { launchRunReexecution(reexecutionParams: $params) {
    __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }
"""
_ERRORS = """
query($id: ID!) { logsForRun(runId: $id) { ... on EventConnection { events {
    ... on ExecutionStepFailureEvent { error { message causes { message } } }
    ... on RunFailureEvent { error { message causes { message } } } } } } }
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

    def rerun_partition(self, job: str, partition: str, config: dict[str, Any] | None = None) -> str:
        """Starts the job for one partition, with what the launchpad was given; returns the run's id."""
        return self.start(job, config, [{"key": "dagster/partition", "value": partition}])

    def start(self, job: str, config: dict[str, Any] | None = None, tags: list[dict[str, str]] | None = None) -> str:
        """Starts a job; returns the run's id."""
        repository = {"repositoryLocationName": "aibaas", "repositoryName": "__repository__", "pipelineName": job}
        params = {
            "selector": repository, "runConfigData": json.dumps(config or {}), "mode": "default",
            "executionMetadata": {"tags": tags or []},
        }  # fmt: skip
        launched = self.ask(_LAUNCH_RUN, params=params)["launchRun"]
        assert launched["__typename"] == "LaunchRunSuccess", launched
        return str(launched["run"]["runId"])

    def backfill(self, partitions: list[str]) -> str:
        """Starts a backfill of every asset over the partitions; returns its id."""
        launched = self.launch_backfill(partitions)
        assert launched["__typename"] == "LaunchBackfillSuccess", launched
        return str(launched["backfillId"])

    def launch_backfill(self, partitions: list[str]) -> dict[str, Any]:
        """What the webserver says to a backfill of every asset over the partitions."""
        assets = [node["assetKey"] for node in self.assets() if node["isMaterializable"]]
        params = {"assetSelection": assets, "partitionNames": partitions, "tags": []}
        launched: dict[str, Any] = self.ask(_LAUNCH_BACKFILL, params=params)["launchPartitionBackfill"]
        return launched

    def retries_of(self, run_id: str) -> list[str]:
        """The runs that began this one again, oldest first."""
        found = self.ask(_RUNS, filter={"tags": [{"key": "dagster/root_run_id", "value": run_id}]})
        return [run["runId"] for run in reversed(found["runsOrError"]["results"])]

    def reexecute(self, run_id: str) -> str:
        """Starts a failed run again from the step that failed, as the button of its page does; returns the run's id."""
        params = {"parentRunId": run_id, "strategy": "FROM_FAILURE"}
        launched = self.ask(_REEXECUTE, params=params)["launchRunReexecution"]
        assert launched["__typename"] == "LaunchRunSuccess", launched
        return str(launched["run"]["runId"])

    def messages_of(self, run_id: str) -> str:
        """The errors of a run's failed steps, causes included."""
        events = self.ask(_ERRORS, id=run_id)["logsForRun"]["events"]
        return json.dumps([event for event in events if event.get("error")])

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
