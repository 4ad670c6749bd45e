"""Runs dbt commands from standard input, one JSON list of arguments a line, in one process: most of a run is dbt's start.

Not here: which commands a test runs.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from dbt.cli.main import dbtRunner

said: list[str] = []


def remember(event: Any) -> None:
    if event.info.level in {"warn", "error"}:
        said.append(event.info.msg)


import faulthandler
faulthandler.dump_traceback_later(40, repeat=True, file=open("/tmp/e/w/trace","w"))
answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)
runner = dbtRunner(callbacks=[remember])
for line in sys.stdin:
    said.clear()
    done = runner.invoke(json.loads(line))
    said.extend([] if done.exception is None else [str(done.exception)])
    answers.write(json.dumps({"succeeded": bool(done.success), "said": said}) + "\n")
    answers.flush()
