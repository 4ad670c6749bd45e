"""The tasks of docs/api.md, as they stand there, by all three languages against a real API."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.integration.api.conftest import wait_until_tagged
from tests.support.api_accounts import open_account

if TYPE_CHECKING:
    import httpx

DOCUMENT = (Path(__file__).resolve().parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
ADDRESS = "http://127.0.0.1:8401"
TASKS = re.findall(r"^## \d+\. (.+?)\n(.*?)(?=^## |\Z)", DOCUMENT, flags=re.MULTILINE | re.DOTALL)
LANGUAGES = {
    "sh": ("program.sh", ["sh"]),
    "python": ("program.py", [sys.executable]),
    "javascript": ("program.mjs", ["node"]),
}
pytestmark = pytest.mark.skipif(
    not all(shutil.which(tool) for tool in ("curl", "jq", "node")), reason="curl, jq or node is not installed"
)


def programs(task: str) -> dict[str, str]:
    return dict(re.findall(r"^```(\w+)\n(.*?)^```", task, flags=re.MULTILINE | re.DOTALL))


def run(language: str, program: str, api: httpx.Client, scratch: Path, key: str = "") -> str:
    name, command = LANGUAGES[language]
    file = scratch / name
    file.write_text(program.replace(ADDRESS, str(api.base_url).rstrip("/")), encoding="utf-8")
    done = subprocess.run(
        [*command, str(file)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=scratch,
        env=os.environ | {"AIBAAS_API_KEY": key},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip(), "it says nothing"
    return done.stdout


def words(said: str) -> list[str | float]:
    """Words and numbers; 3 and 3.0 are the same number however a language writes it."""
    return [float(word) if re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", word) else word for word in said.split()]


def test_there_are_ten_tasks_in_three_languages() -> None:
    assert len(TASKS) == 10
    assert all(set(programs(task)) == set(LANGUAGES) for _, task in TASKS)


@pytest.mark.parametrize("task", [task for _, task in TASKS], ids=[title for title, _ in TASKS])
def test_a_task_is_done_alike_in_every_language(task: str, api: httpx.Client, tmp_path: Path) -> None:
    said = {language: words(run(language, text, api, tmp_path)) for language, text in programs(task).items()}
    assert said["python"] == said["sh"]
    assert said["javascript"] == said["sh"]


def test_what_is_told_of_keys_etags_and_tables_is_so(
    strange_api: httpx.Client, accounts_url: str, tmp_path: Path
) -> None:
    key = open_account(accounts_url, "pro").key.text
    wait_until_tagged(strange_api)
    found = re.findall(r"^```(\w+)\n(.*?)^```", DOCUMENT.partition("## With a key")[2], flags=re.MULTILINE | re.DOTALL)
    account, waiting, again, tables = (run(language, text, strange_api, tmp_path, key) for language, text in found)
    assert account.split()[:4] == ["pro", "10000", "90", "alerts"]
    assert waiting.startswith('sim-atlas "pro";r=99')
    assert again.split() == ["304"]
    assert "score_mean" in tables.splitlines()[0].split(",")
    assert pq.read_table(tmp_path / "board.parquet").num_rows > 1
    assert pa.ipc.open_stream((tmp_path / "board.arrows").read_bytes()).read_all().num_rows > 1
