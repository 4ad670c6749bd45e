"""How many tasks of the public sets hold as scenarios, and why the others do not.

Run: python -m tests.benchmarks.pack_figures [SET PATH]…; without arguments on the third-party data beside the checkout.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, cast

from orchestration.sandbox.namespace_sandbox import NamespaceSandbox
from orchestration.scoring.pack_import import import_set, read_set
from orchestration.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from orchestration.sandbox.interface import Sandbox
    from orchestration.scoring.pack_import import Pack

DATA = PROJECT_ROOT.parent / "shared" / "data" / "tasks"
SETS = (
    ("humaneval", "humaneval_python.jsonl.gz"),
    ("humaneval", "humanevalfix_javascript.public.jsonl.gz"),
    ("mbpp", "mbpp_sanitized.public.jsonl.gz"),
    ("evalplus", "humanevalplus_mini.public.jsonl.gz"),
    ("quixbugs", "quixbugs_python.public.jsonl.gz"),
    ("exercism", "exercism_python.public.jsonl.gz"),
    ("exercism", "exercism_javascript.public.jsonl.gz"),
)


def measure(pack: Pack, path: Path, sandbox: Sandbox) -> None:
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as packs:
        found = read_set(pack, [path])
        imported = import_set(found, Path(packs), sandbox, lambda: None)
    bugs = sum(task.wrong is not None for task in found.tasks)
    count = len(found.tasks) + len(found.left_out)
    took = time.perf_counter() - started
    print(f"{path.name}: {len(imported.held)} of {count} hold, {bugs} with a published bug; {took:.0f} s")
    for name, reason in imported.left_out.items():
        print(f"  {name}: {reason}")


def main() -> None:
    words = sys.argv[1:]
    chosen = list(zip(words[::2], map(Path, words[1::2]), strict=True)) or [(pack, DATA / name) for pack, name in SETS]
    with NamespaceSandbox().proven() as sandbox:
        for pack, path in chosen:
            measure(cast("Pack", pack), path, sandbox)


if __name__ == "__main__":
    main()
