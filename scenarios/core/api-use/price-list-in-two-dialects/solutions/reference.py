# score: 10
import csv
import io


class Supplier(csv.Dialect):
    delimiter = "{{sep.char}}"
    quotechar = "'"
    escapechar = "\\"
    doublequote = False
    skipinitialspace = True
    lineterminator = "\n"
    quoting = csv.QUOTE_MINIMAL


def convert(text, columns=None, numbers=(), strict=False):
    rows, ends = read(text)
    return {"rows": rows, "ends": ends, "text": None if columns is None else written(rows, columns, numbers, strict)}


def read(text):
    lines = io.StringIO(text, newline="")
    reader = csv.DictReader(lines, restkey="{{mark.more}}", restval="{{mark.less}}", dialect=Supplier)
    rows, ends = [], []
    for row in reader:
        rows.append(row)
        ends.append(reader.line_num)
    return rows, ends


def written(rows, columns, numbers, strict):
    out = io.StringIO(newline="")
    writer = csv.DictWriter(
        out,
        columns,
        restval="{{mark.gap}}",
        extrasaction="raise" if strict else "ignore",
        quoting=csv.QUOTE_NONNUMERIC,
        lineterminator="\n",
    )
    writer.writeheader()
    writer.writerows(with_numbers(row, numbers) for row in rows)
    return out.getvalue()


def with_numbers(row, numbers):
    return {key: int(value) if key in numbers and is_number(value) else value for key, value in row.items()}


def is_number(value):
    return value.isascii() and value.isdigit()
