# score: 4.1667 - writes the first line with `write_header`, and tells of quotes with `csv.QUOTE_STRINGS` of Python 3.12
import csv
import io


def convert(text, columns=None, numbers=(), strict=False):
    reader = csv.DictReader(
        io.StringIO(text, newline=""),
        restkey="{{mark.more}}",
        restval="{{mark.less}}",
        delimiter="{{sep.char}}",
        quotechar="'",
        escapechar="\\",
        doublequote=False,
        skipinitialspace=True,
    )
    rows, ends = [], []
    for row in reader:
        rows.append(row)
        ends.append(reader.line_num)
    written = None
    if columns is not None:
        out = io.StringIO(newline="")
        writer = csv.DictWriter(
            out,
            columns,
            restval="{{mark.gap}}",
            extrasaction="raise" if strict else "ignore",
            quoting=csv.QUOTE_STRINGS,
            lineterminator="\n",
        )
        writer.write_header()
        for row in rows:
            writer.writerow(
                {key: int(value) if key in numbers and value.isdigit() else value for key, value in row.items()}
            )
        written = out.getvalue()
    return {"rows": rows, "ends": ends, "text": written}
