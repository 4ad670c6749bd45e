"""Speaks to Dagster's webserver as its pages do: over GraphQL.

Not here: when runs are launched, and what their ends mean (hours).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
from dagster._core.storage.tags import ASSET_PARTITION_RANGE_START_TAG, PARTITION_NAME_TAG, WILL_RETRY_TAG

from orchestration.settings import OperatorError

if TYPE_CHECKING:
    from collections.abc import Mapping

_REPOSITORY = {"repositoryLocationName": "aibaas", "repositoryName": "__repository__"}
_LAUNCH = """mutation($params: ExecutionParams!) { launchRun(executionParams: $params) {
    __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }"""
_RUNS = """query($job: String!, $limit: Int!) { runsOrError(filter: {pipelineName: $job}, limit: $limit) {
    ... on Runs { results { runId status creationTime endTime tags { key value } } } } }"""
_STEPS = """query($id: ID!) { runOrError(runId: $id) { ... on Run { stepStats { stepKey status } } } }"""
_FAILURES = """query($id: ID!) { logsForRun(runId: $id, limit: 5000) { ... on EventConnection { events { __typename
    ... on ExecutionStepFailureEvent { stepKey error { message cause { message } } }
    ... on RunFailureEvent { message error { message } }
    ... on EngineEvent { metadataEntries { label ... on TextMetadataEntry { text } } } } } } }"""
_SCHEDULES = """query($at: RepositorySelector!) { schedulesOrError(repositorySelector: $at) { ... on Schedules {
    results { name scheduleState { id status } } } } }"""
_STOP_SCHEDULE = "mutation($id: String!) { stopRunningSchedule(id: $id) { __typename } }"
ENDED = {"SUCCESS", "FAILURE", "CANCELED"}


@dataclass(frozen=True, slots=True)
class Run:
    """A run as the webserver tells it."""

    run_id: str
    first_partition: str
    status: str
    created_at: float
    ended_at: float | None
    will_retry: bool
    """Also of a run that has failed this moment: Dagster says a little later that it will not."""

    @property
    def has_ended(self) -> bool:
        return self.status in ENDED


class Webserver:
    """One webserver. Every method raises httpx.HTTPError where it does not answer, OperatorError where it refuses."""

    def __init__(self, port: int) -> None:
        self._client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False)

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        answer = self._client.post("/graphql", json={"query": query, "variables": variables})
        answer.raise_for_status()
        told = answer.json()
        if told.get("errors") or not told.get("data"):
            raise OperatorError(f"Dagster's webserver refuses: {str(told.get('errors'))[:300]}")
        data: dict[str, Any] = told["data"]
        return data

    def launch(self, job: str, tags: Mapping[str, str], config: str) -> str:
        """Queue a run of the partitions that the tags name; returns its id."""
        params = {
            "selector": {**_REPOSITORY, "pipelineName": job},
            "runConfigData": config,
            "mode": "default",
            "executionMetadata": {"tags": [{"key": key, "value": value} for key, value in tags.items()]},
        }
        launched = self.ask(_LAUNCH, params=params)["launchRun"]
        if launched["__typename"] != "LaunchRunSuccess":
            raise OperatorError(f"Dagster launches no run of {dict(tags)}: {str(launched)[:300]}")
        return str(launched["run"]["runId"])

    def runs(self, job: str, limit: int) -> list[Run]:
        """The newest runs of a job, newest first."""
        return [_run(told) for told in self.ask(_RUNS, job=job, limit=limit)["runsOrError"]["results"]]

    def steps_under_way(self, run_id: str) -> list[str]:
        told = self.ask(_STEPS, id=run_id)["runOrError"].get("stepStats", [])
        return [step["stepKey"] for step in told if step["status"] == "IN_PROGRESS"]

    def events(self, run_id: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask(_FAILURES, id=run_id)["logsForRun"].get("events", [])
        return found

    def reason(self, run_id: str) -> str:
        """Why a run failed: the innermost message of its first failed step, else what Dagster says of it."""
        for event in self.events(run_id):
            if event["__typename"] == "ExecutionStepFailureEvent" and event.get("error"):
                error = event["error"]
                said = (error.get("cause") or error)["message"]
                return f"{event['stepKey']}: {' '.join(said.split())[:200]}"
        told = [event for event in self.events(run_id) if event["__typename"] == "RunFailureEvent"]
        return " ".join(str(told[-1].get("message")).split())[:200] if told else "no reason"

    def worker_of(self, run_id: str) -> int | None:
        """The process of a run, which its events name."""
        for event in self.events(run_id):
            for entry in event.get("metadataEntries", ()):
                if entry["label"] == "pid":
                    return int(entry["text"])
        return None

    def stop_schedules(self) -> None:
        """A soak launches its hours itself."""
        told = self.ask(_SCHEDULES, at=_REPOSITORY)["schedulesOrError"]
        for schedule in told["results"]:
            if schedule["scheduleState"]["status"] == "RUNNING":
                self.ask(_STOP_SCHEDULE, id=schedule["scheduleState"]["id"])


def _run(told: dict[str, Any]) -> Run:
    tags = {tag["key"]: tag["value"] for tag in told["tags"]}
    return Run(
        run_id=told["runId"],
        first_partition=tags.get(ASSET_PARTITION_RANGE_START_TAG, tags.get(PARTITION_NAME_TAG, "")),
        status=told["status"],
        created_at=told["creationTime"],
        ended_at=told["endTime"],
        will_retry=tags.get(WILL_RETRY_TAG, "true") == "true",
    )
