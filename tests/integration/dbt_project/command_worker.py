"""Runs dbt commands from standard input, a JSON list of arguments a line, in one process: most of a run is its start.

Not here: which commands a test runs. The file's name must not begin with dbt_: dbt would import it as a plugin.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from dbt.cli.main import dbtRunner


def main() -> None:
    """Answer every command with whether it succeeded and what it warned of; what dbt prints goes to standard error."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    said: list[str] = []

    def remember(event: Any) -> None:
        if event.info.level in {"warn", "error"}:
            said.append(event.info.msg)

    runner = dbtRunner(callbacks=[remember])
    for line in sys.stdin:
        said.clear()
        done = runner.invoke(json.loads(line))
        reason = [] if done.exception is None else [str(done.exception)]
        answers.write(json.dumps({"succeeded": bool(done.success), "said": said + reason}) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
