"""Agreement with verdicts that others published, on data that lies beside the checkout."""

from __future__ import annotations

import gzip
import json
import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from orchestration.scoring.published_tasks import grade_task_answer, grade_task_code
from orchestration.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from orchestration.sandbox.namespace_sandbox import NamespaceSandbox
    from orchestration.scoring.published_tasks import TaskVerdict

DATA = PROJECT_ROOT.parent / "shared" / "data"
HANG_S = 3.0
"""The time limit of a mutant that may hang: every reference ends within 1 s."""

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"the third-party data is not at {DATA}"),
]


def rows(name: str) -> list[dict[str, Any]]:
    file = DATA / name
    text = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    return json.loads(text) if ".jsonl" not in name else [json.loads(line) for line in text.splitlines() if line]


def at_once(judge: Callable[[dict[str, Any]], TaskVerdict], tasks: Iterable[dict[str, Any]]) -> list[TaskVerdict]:
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(judge, tasks))


@pytest.mark.parametrize(
    "name",
    ["humaneval_python", "quixbugs_python.public", "humanevalfix_javascript.public", "mbpp_sanitized.public"],
)
def test_references_pass_and_mutants_do_not(sandbox: NamespaceSandbox, name: str) -> None:
    tasks = rows(f"tasks/{name}.jsonl.gz")
    references = at_once(lambda task: grade_task_code(task, task["reference"], sandbox), tasks)
    assert [(task["id"], it) for task, it in zip(tasks, references, strict=True) if not it.passed] == []
    broken = [{**task, "timeout_s": HANG_S} for task in tasks if task["mutant"]]
    mutants = at_once(lambda task: grade_task_code(task, task["mutant"], sandbox), broken)
    assert [(task["id"], it) for task, it in zip(broken, mutants, strict=True) if it.passed is not False] == []


def test_all_of_gpt4s_humaneval_answers_are_judged_as_published(sandbox: NamespaceSandbox) -> None:
    answers = rows("answers/gpt4_run2_humaneval.jsonl.gz")
    verdicts = at_once(lambda row: grade_task_answer(row, row["answer"], sandbox), answers)
    assert len(answers) == 164
    assert [verdict.passed for verdict in verdicts] == [row["published"] for row in answers]


def test_raw_answers_of_thirteen_models_are_judged_as_in_isolation(sandbox: NamespaceSandbox) -> None:
    answers = rows("answers/can_ai_code.public.jsonl.gz")
    tasks = {(task["task"], task["language"]): task for task in rows("answers/can_ai_code_tasks.json")}
    verdicts = at_once(
        lambda row: grade_task_answer(tasks[row["task_id"], row["language"]], row["answer"], sandbox), answers
    )
    assert [verdict.passed for verdict in verdicts] == [row["here"] == "passed" for row in answers]
    differing = [row for row, verdict in zip(answers, verdicts, strict=True) if verdict.passed != row["published"]]
    assert len(differing) <= 0.02 * len(answers)
    assert all(row["note"] for row in differing)
