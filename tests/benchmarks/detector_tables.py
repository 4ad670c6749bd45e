"""The tables of docs/methodology.md that the benchmark of the detector fills.

Not here: the figures (detector_rates, rival_rates).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    Measured = Mapping[tuple[str, str], tuple[str, str, str, bool | None]]

BEGIN, END = "<!-- aibaas detect benchmark: begin -->", "<!-- aibaas detect benchmark: end -->"
ROWS = {
    ("false alarms", "per model-month"): "false alarms of three streams a model-month",
    ("quality -1.0", "within 24 h"): "-1.0 points: within 24 h",
    ("quality -1.0", "median hours"): "its median delay in hours",
    ("quality -1.0", "onset within 6 h"): "its onset within 6 h",
    ("quality -2.0", "within 6 h"): "-2.0 points: within 6 h",
    ("quality -0.5", "within 72 h"): "-0.5 points: within 72 h",
    ("quality -0.2", "within 72 h"): "-0.2 points: within 72 h",
    ("incident -1.5 for 18 h", "within 24 h"): "-1.5 for 18 h: within 24 h",
    ("incident -1.5 for 18 h", "resolved within 12 h"): "resolved within 12 h of its end",
    ("1 of 20 scenarios", "within 72 h"): "1 of 20 scenarios: within 72 h",
    ("latency x 1.5", "within 24 h"): "latency x 1.5: within 24 h",
    ("latency x 3", "within 6 h"): "latency x 3: within 6 h",
    ("cost x 1.3", "within 6 h"): "cost x 1.3: within 6 h",
    ("one hour of total failure", "raises"): "one hour of total failure raises",
    ("two hours of total failure", "raises"): "two in a row raise",
    ("other noise, false alarms", "per model-month"): "false alarms a model-month in another family of noise",
}


def write_tables(
    path: Path, measured: Measured, compared: Sequence[Sequence[str]], options: argparse.Namespace
) -> None:
    """Put them between the markers of a file; raises ValueError where it has none."""
    text = path.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{path} has no place for the tables: {BEGIN} … {END}")
    body = "\n".join(tables(measured, compared, options))
    path.write_text(f"{before}{BEGIN}\n{body}\n{END}{after}", encoding="utf-8")


def tables(measured: Measured, compared: Sequence[Sequence[str]], options: argparse.Namespace) -> Iterator[str]:
    yield "| | measured | 95% interval | bar |"
    yield "|---|---|---|---|"
    for key, label in ROWS.items():
        figure, interval, bar, is_met = measured[key]
        told = bar.replace(">=", "≥").replace("<=", "≤") + (": not met in this sample" if is_met is False else "")
        yield f"| {_typeset(label)} | {figure} | {interval or '—'} | {told or '—'} |"
    sizes = f"--seed {options.seed} --null {options.null} --events {options.events} --insertions {options.insertions}"
    yield ""
    yield f"Printed by `./aibaas detect benchmark {sizes} --rivals {options.rivals}`, as is what follows."
    yield ""
    head, *lines = compared
    yield _typeset(f"| {' | '.join(head)} |")
    yield "|---" * len(head) + "|"
    for line in lines:
        yield f"| {' | '.join(line)} |"


def _typeset(text: str) -> str:
    """With the signs for minus and times."""
    return re.sub(r"(?<![\w])-(?=\d)", "\N{MINUS SIGN}", text).replace(" x ", " \N{MULTIPLICATION SIGN} ")
