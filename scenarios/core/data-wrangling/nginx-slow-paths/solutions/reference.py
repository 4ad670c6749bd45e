# score: 10
import csv
import re
import sys
from array import array

LINE = re.compile(
    r'\S+ - .+? \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] "(?P<request>[^"]*)" (?P<status>\d{3}) \d+ '
    r'"[^"]*" "[^"]*" (?P<time>\d+\.\d+|-)'
)


def path_of(request):
    words = request.split(" ")
    if len(words) != 3 or "" in words or not words[1].startswith("/"):
        return None
    return words[1].split("?", 1)[0].rstrip("/") or "/"


def main():
    paths = {}
    skipped = 0
    for line in sys.stdin:
        line = line.rstrip("\r\n")
        if not line:
            continue
        match = LINE.fullmatch(line)
        path = path_of(match["request"]) if match else None
        if path is None:
            skipped += 1
            continue
        row = paths.setdefault(path, [0, 0, array("d")])
        row[0] += 1
        row[1] += int(match["status"]) >= 500
        if match["time"] != "-":
            row[2].append(float(match["time"]))
    table = []
    for path, (requests, errors, times) in paths.items():
        ranked = sorted(times)
        p95 = ranked[-(-95 * len(ranked) // 100) - 1] if ranked else None
        table.append((path, requests, errors, p95))
    table.sort(key=lambda row: (row[3] is None, -(row[3] or 0), row[0]))
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["path", "requests", "errors", "p95_s"])
    out.writerows((path, requests, errors, "-" if p95 is None else f"{p95:.3f}") for path, requests, errors, p95 in table)
    out.writerow(["skipped", skipped])


main()
