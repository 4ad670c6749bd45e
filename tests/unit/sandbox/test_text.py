"""Text of a cell, made safe to keep."""

from __future__ import annotations

from orchestration.sandbox.text import Redaction, escaped
from orchestration.settings import PROJECT_ROOT


def test_only_what_can_not_be_shown_is_escaped() -> None:
    assert escaped("a\tb\r\né 😀\x00\x1b\u2028") == "a\tb\r\né 😀\\x00\\x1b\\u2028"
    assert escaped("\ud800") == "\\ud800"


def test_paths_of_the_host_become_words() -> None:
    redaction = Redaction("/tmp/aibaas-cell-x")
    assert redaction.text(f"/tmp/aibaas-cell-x/main.py {PROJECT_ROOT}/a \xff".encode("latin-1")) == (
        "./main.py <project>/a \\xff"
    )
