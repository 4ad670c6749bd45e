# score: 5.8333 - sets quotes only where they are needed
import csv
import io

READING = {
    "delimiter": "{{sep.char}}",
    "quotechar": "'",
    "escapechar": "\\",
    "doublequote": False,
    "skipinitialspace": True,
    "restkey": "{{mark.more}}",
    "restval": "{{mark.less}}",
}


def convert(text, columns=None, numbers=(), strict=False):
    reader = csv.DictReader(io.StringIO(text), **READING)
    rows, ends = [], []
    for row in reader:
        rows.append(row)
        ends.append(reader.line_num)
    if columns is None:
        return {"rows": rows, "ends": ends, "text": None}
    action = "raise" if strict else "ignore"
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="{{mark.gap}}", extrasaction=action, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        numeric = {name: int(row[name]) for name in numbers if row.get(name, "").isdigit()}
        writer.writerow({**row, **numeric})
    return {"rows": rows, "ends": ends, "text": out.getvalue()}
