"""Counts what the check of inventories calls invented in code that works: of the interpreter and of installed packages.

    python tests/benchmarks/inventory_accusations.py [--show 5] [PACKAGE…]

Every accusation is looked at once: what is left must be names of other platforms, versions and interpreters.
"""

from __future__ import annotations

import argparse
import json
import sysconfig
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.scoring.inventory import fault_of, inventory_of
from orchestration.scoring.python_structure import describe
from orchestration.scoring.structure import Use

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGES = ("httpx", "fastapi", "click", "dagster", "starlette", "polars")
INVENTORIES = ("python", "httpx", "pydantic", "polars", "fastapi", "click")
NOT_LIBRARY = {"site-packages", "test", "tests", "lib2to3", "idlelib"}


def sources(package: str) -> Iterator[Path]:
    folder = Path(sysconfig.get_paths()["stdlib" if package == "python" else "purelib"])
    if package != "python":
        return (folder / package).rglob("*.py")
    return (file for file in folder.rglob("*.py") if NOT_LIBRARY.isdisjoint(file.relative_to(folder).parts))


def judged(file: Path) -> Iterator[tuple[str, Use]]:
    """The uses that were judged, each with its fault or "". Imports of other packages are left out."""
    try:
        found = json.loads(describe(file.read_text(encoding="utf-8", errors="replace")))
    except (SyntaxError, ValueError):
        return
    inventory = inventory_of(INVENTORIES)
    for name, line, positional, keywords, is_sure in found["uses"]:
        use = Use(name, line, positional, None if keywords is None else tuple(keywords), is_sure)
        fault = fault_of(inventory, use, found["functions"].keys())
        if fault is not None and not fault.endswith("is not offered"):
            yield fault, use


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("packages", nargs="*", metavar="PACKAGE")
    arguments.add_argument("--show", type=int, default=5)
    asked = arguments.parse_args()
    warnings.simplefilter("ignore")
    total = accused = 0
    for package in asked.packages or ("python", *PACKAGES):
        every = [(file, *item) for file in sorted(sources(package)) for item in judged(file)]
        faults = [(file, fault, use) for file, fault, use in every if fault]
        total, accused = total + len(every), accused + len(faults)
        print(f"{package:<10} {len(every):>7,} uses judged, {len(faults):>3} accused: {ratio(len(faults), len(every))}")
        for file, fault, use in faults[: asked.show]:
            print(f"    {file.name}:{use.line} {fault}")
    print(f"{'all':<10} {total:>7,} uses judged, {accused:>3} accused: {ratio(accused, total)}")


def ratio(part: int, whole: int) -> str:
    return f"{10_000 * part / max(whole, 1):.1f} of 10,000"


if __name__ == "__main__":
    main()
