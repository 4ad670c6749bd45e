"""Servers that others wrote, started on loopback: aimock, llmock, llm-katan and litellm's proxy.

Not here: what is asked of them. A person installs them where `PEERS` says; docs/operations.md tells how.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.support.product import ROOT, free_ports

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PEERS = Path(os.environ.get("AIBAAS_PEERS", ROOT / ".aibaas" / "peers"))
START_S = 90
TEXT = "the depot is number four"
MODELS = {
    "openai": "gpt-4o-mini",
    "anthropic": "claude-3-5-haiku-20241022",
    "gemini": "gemini-2.0-flash",
    "mistral": "mistral-small-latest",
    "ollama": "llama3",
}


@dataclass(frozen=True)
class Peer:
    """A running server: where each protocol is spoken, and the key that it wants."""

    name: str
    address: str
    paths: Mapping[str, str]
    key: str = "key"

    def base_url(self, protocol: str) -> str:
        return self.address + self.paths[protocol]


def _failing(asked: str, status: int, kind: str, **more: object) -> dict[str, object]:
    error = {"message": f"scripted {status}", "type": kind}
    return {"match": {"userMessage": asked}, "response": {"error": error, "status": status, **more}}


CALL = {"toolCalls": [{"name": "find_parcel", "arguments": '{"parcel": "P-1"}'}], "finishReason": "tool_calls"}
USAGE = {"prompt_tokens": 1234, "completion_tokens": 567, "total_tokens": 1801}
FIXTURES = {
    "fixtures": [
        _failing("answer 401", 401, "authentication_error"),
        _failing("answer 429", 429, "rate_limit_error", retryAfter=1),
        _failing("answer 500", 500, "server_error"),
        _failing("answer 529", 529, "overloaded_error"),
        {"match": {"userMessage": "Where is P-1", "hasToolResult": False}, "response": CALL},
        {"match": {"userMessage": "Where is P-1", "hasToolResult": True}, "response": {"content": TEXT}},
        {"match": {"userMessage": "hello"}, "response": {"content": TEXT, "usage": USAGE}},
    ]
}


def installed(*parts: str) -> Path:
    """A program of a peer; skips the test where it is not there."""
    program = PEERS.joinpath(*parts)
    if not program.exists():
        pytest.skip(f"{parts[-1]} is not installed in {PEERS}: docs/operations.md says how")
    return program


@contextmanager
def aimock(scratch: Path) -> Iterator[Peer]:
    program = installed("node_modules", "@copilotkit", "aimock", "dist", "cli.js")
    fixtures = scratch / "aimock.json"
    fixtures.write_text(json.dumps(FIXTURES))
    (port,) = free_ports(1)
    command = ["node", str(program), "-h", "127.0.0.1", "-p", str(port), "-f", str(fixtures), "--log-level", "warn"]
    paths = {"openai": "/v1", "anthropic": "", "gemini": "/v1beta", "ollama": ""}
    with _running("aimock", command, port, scratch) as address:
        yield Peer("aimock", address, paths)


@contextmanager
def llmock(scratch: Path) -> Iterator[Peer]:
    program = installed("mocks", "bin", "llmock")
    (port,) = free_ports(1)
    command = [str(program), "serve", "--host", "127.0.0.1", "--port", str(port), "--tool-mode", "off"]
    paths = {"openai": "/v1", "anthropic": "/anthropic", "gemini": "/gemini/v1beta", "mistral": "/mistral/v1"}
    with _running("llmock", command, port, scratch) as address:
        yield Peer("llmock", address, paths)


@contextmanager
def llm_katan(scratch: Path) -> Iterator[Peer]:
    program = installed("mocks", "bin", "llm-katan")
    (port,) = free_ports(1)
    command = [
        str(program), "-m", "echo", "-b", "echo", "-n", MODELS["openai"], "-h", "127.0.0.1", "-p", str(port),
        "--providers", "openai,anthropic", "--stats-file", str(scratch / "katan.json"),
    ]  # fmt: skip
    with _running("llm-katan", command, port, scratch) as address:
        yield Peer("llm-katan", address, {"openai": "/v1", "anthropic": ""})


@contextmanager
def litellm_proxy(scratch: Path) -> Iterator[Peer]:
    program = installed("proxy", "bin", "litellm")
    key = f"sk-{secrets.token_hex(24)}"
    config = scratch / "proxy.yaml"
    answers = {MODELS["openai"]: TEXT, "limited": "litellm.RateLimitError", "broken": "litellm.InternalServerError"}
    listed = [
        {"model_name": name, "litellm_params": {"model": "openai/any", "api_key": "none", "mock_response": answer}}
        for name, answer in answers.items()
    ]
    config.write_text(json.dumps({"model_list": listed, "router_settings": {"num_retries": 0}}))
    (port,) = free_ports(1)
    command = [
        str(program),
        "--config",
        str(config),
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--telemetry",
        "False",
    ]
    offline = {"LITELLM_MASTER_KEY": key, "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
    with _running("litellm-proxy", command, port, scratch, **offline) as address:
        yield Peer("litellm-proxy", address, {"openai": "/v1"}, key)


@contextmanager
def _running(name: str, command: list[str], port: int, scratch: Path, **variables: str) -> Iterator[str]:
    log = scratch / f"{name}.log"
    environment = {"PATH": os.environ["PATH"], "HOME": str(scratch), **variables}
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output, cwd=scratch)
    address = f"http://127.0.0.1:{port}"
    try:
        _await(process, address, log)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def _await(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    """Returns when the server answers anything at all."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx.get(address, timeout=5, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"{process.args!r} did not start: {log.read_text(errors='replace')[-2000:]}")
