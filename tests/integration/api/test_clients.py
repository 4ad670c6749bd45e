"""Clients generated of the committed document, in Python and in TypeScript, built as users build them and run against a
real API.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from api.documentation import OPENAPI_FILE
from tests.support.api_answers import get

if TYPE_CHECKING:
    from collections.abc import Sequence

    import httpx

PROGRAMS = Path(__file__).resolve().parents[2] / "clients"
PACKAGE = "aibaas_client"
WITHIN_S = 240


def run(command: Sequence[str | Path], folder: Path, **environment: str) -> str:
    """What the command says. A failure shows it."""
    done = subprocess.run(
        command, cwd=folder, env=os.environ | environment, capture_output=True, text=True, timeout=WITHIN_S, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def expected(api: httpx.Client) -> list[str]:
    """What both programs have to say, by the API's own JSON."""
    board = get(api, "/v1/leaderboard", limit="3")["data"]
    first = board[0]["target_id"]
    hours = get(api, f"/v1/models/{first}/history", days="2")["data"]
    standings = [f"{row['target_id']} {row['score_mean']}" for row in board]
    return [*standings, f"{len(hours)} {first}", "404 /problems/unknown-model"]


def said(text: str) -> list[str]:
    """Lines of a program; a number is written as Python does."""
    return [line.replace("null", "None") for line in text.splitlines()]


@pytest.fixture
def typescript(tmp_path: Path) -> Path:
    """A folder with the program and the packages of its lock. Skips with a word where npm or its registry is away."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is missing: apt-get install -y npm")
    for file in PROGRAMS.iterdir():
        shutil.copy(file, tmp_path)
    try:
        subprocess.run(
            [npm, "ci", "--ignore-scripts", "--silent", "--cache", tmp_path / "cache"],
            cwd=tmp_path, capture_output=True, timeout=WITHIN_S, check=True,
        )  # fmt: skip
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as failed:
        pytest.skip(f"npm can't install the packages of tests/clients: {failed}")
    return tmp_path


def test_a_generated_python_client_asks_a_real_server(api: httpx.Client, tmp_path: Path) -> None:
    (tmp_path / "settings.yml").write_text("post_hooks: []")
    generator = Path(sys.executable).with_name("openapi-python-client")
    made = ["--path", OPENAPI_FILE, "--meta", "none", "--output-path", tmp_path / PACKAGE]
    run([generator, "generate", *made, "--config", tmp_path / "settings.yml", "--fail-on-warning"], tmp_path)
    told = run(
        [sys.executable, PROGRAMS / "standings.py", str(api.base_url)], tmp_path, PYTHONPATH=str(tmp_path), NO_PROXY="*"
    )
    assert said(told) == expected(api)


def test_a_generated_typescript_client_asks_a_real_server_and_knows_what_the_api_has(
    api: httpx.Client, typescript: Path
) -> None:
    tools, program = typescript / "node_modules" / ".bin", typescript / "standings.ts"
    run([tools / "openapi-typescript", OPENAPI_FILE, "--output", "schema.d.ts"], typescript)
    run([tools / "tsc", "--project", "."], typescript)
    assert said(run(["node", "standings.js", str(api.base_url).rstrip("/")], typescript)) == expected(api)
    program.write_text(program.read_text(encoding="utf-8").replace("entry.score_mean", "entry.score_median"))
    with pytest.raises(AssertionError, match="'score_median' does not exist"):
        run([tools / "tsc", "--project", "."], typescript)
