"""Writes a file for an answer's report and takes the report apart. It holds for polars as well as for its stand-in."""

import tempfile
from pathlib import Path

import polars

HEADER = ["{{col.id}}", "{{col.city}}", "{{col.depot}}", "{{col.day}}", "{{col.kg}}", "{{col.euro}}"]
MEASURES = ["{{col.kg}}", "{{col.euro}}", "rows", "line", "{{col.city}}", "{{col.id}}"]
DEPOTS = [["D1", "north"], ["D2", "south"], ["D3", "north"], ["D4", "east"]]


def observed(report, part, lines, more_depots=()):
    """`groups`: the six numbers of each region and month, sorted; `order`: the groups as they come; `error`."""
    depots = [*DEPOTS, *more_depots]
    table = polars.DataFrame({"{{col.depot}}": [name for name, _ in depots], "region": [region for _, region in depots]})
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "lines.csv"
        file.write_text("".join(written(line) for line in [HEADER, *lines]))
        if part == "error":
            return failed(report, str(file), table)
        frame = report(str(file), table)
    if not isinstance(frame, polars.DataFrame) or frame.columns != ["region", "month", "measure", "amount"]:
        raise TypeError("not the frame that was asked for")
    rows = [[region, str(month), measure, amount] for region, month, measure, amount in frame.rows()]
    if part == "order":
        return [row[:2] for row in rows if row[2] == MEASURES[0]]
    return groups_of(rows)


def failed(report, file, table):
    try:
        report(file, table)
    except polars.exceptions.PolarsError:
        return True
    return False


def written(cells):
    return "{{sep.char}}".join("{{mark}}" if cell is None else str(cell) for cell in cells) + "\n"


def groups_of(rows):
    found = {}
    for region, month, measure, amount in rows:
        found.setdefault((region or "", month), {}).setdefault(measure, []).append(amount)
    if any(sorted(numbers) != sorted(MEASURES) for numbers in found.values()):
        raise ValueError("other measures")
    return [[*key, *(amount for name in MEASURES for amount in found[key][name])] for key in sorted(found)]
