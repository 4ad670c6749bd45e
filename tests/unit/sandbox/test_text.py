"""Text of a cell, made safe to keep."""

from __future__ import annotations

import sysconfig

from orchestration.sandbox.text import OF_CELLS, OF_THE_HOST, escaped
from orchestration.settings import PROJECT_ROOT


def test_only_what_can_not_be_shown_is_escaped() -> None:
    assert escaped("a\tb\r\né 😀\x00\x1b\u2028") == "a\tb\r\né 😀\\x00\\x1b\\u2028"
    assert escaped("\ud800") == "\\ud800"


def test_paths_of_the_host_become_words() -> None:
    library = sysconfig.get_path("stdlib")
    assert (
        OF_CELLS.text(f'File "{library}/json/decoder.py" \xff'.encode("latin-1"))
        == 'File "<python>/json/decoder.py" \\xff'
    )
    assert OF_THE_HOST.line(f"{PROJECT_ROOT}/a {library}/b") == "<project>/a <python>/b"


def test_what_a_program_prints_of_its_own_places_is_left_alone() -> None:
    assert OF_CELLS.text(b"/tmp/out /usr/bin/env") == "/tmp/out /usr/bin/env"
