# score: 8.3333 - hands the reader lines without their ends, so that fields of several lines are joined
import csv
import io


def convert(text, columns=None, numbers=(), strict=False):
    reader = csv.DictReader(
        text.splitlines(),
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
    result = {"rows": rows, "ends": ends, "text": None}
    if columns is not None:
        out = io.StringIO()
        writer = csv.DictWriter(
            out,
            fieldnames=columns,
            restval="{{mark.gap}}",
            extrasaction="raise" if strict else "ignore",
            lineterminator="\n",
            quoting=csv.QUOTE_NONNUMERIC,
        )
        writer.writeheader()
        for row in rows:
            line = dict(row)
            for name in numbers:
                if line.get(name, "").isdecimal():
                    line[name] = int(line[name])
            writer.writerow(line)
        result["text"] = out.getvalue()
    return result
