# score: 0.0 - takes the arguments that data frames have: sep, quote, escape
import csv
import io


def convert(text, columns=None, numbers=(), strict=False):
    lines = csv.reader(io.StringIO(text), sep="{{sep.char}}", quote="'", escape="\\", trim=True)
    header, *records = lines
    rows = [dict(zip(header, record)) for record in records if record]
    for row, record in zip(rows, records):
        if len(record) > len(header):
            row["{{mark.more}}"] = record[len(header) :]
        for name in header[len(record) :]:
            row[name] = "{{mark.less}}"
    result = {"rows": rows, "ends": [number + 2 for number in range(len(rows))], "text": None}
    if columns is not None:
        out = io.StringIO()
        writer = csv.writer(out, quoting=csv.QUOTE_TEXT, line_terminator="\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow([row.get(name, "{{mark.gap}}") for name in columns])
        result["text"] = out.getvalue()
    return result
