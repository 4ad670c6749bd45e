# score: 9 - does not quote a path with a comma, leaves rows with equal times as they came
import math
import re
import sys

LINE = re.compile(r'\S+ - .+ \[[^\]]+\] "([^"]*)" (\d{3}) \d+ "[^"]*" "[^"]*" (\d+\.\d+|-)')

rows = {}
skipped = 0
for line in sys.stdin:
    line = line.rstrip("\n")
    if not line:
        continue
    match = LINE.fullmatch(line)
    words = match[1].split(" ") if match else []
    if len(words) != 3 or "" in words or not words[1].startswith("/"):
        skipped += 1
        continue
    path = words[1].split("?")[0].rstrip("/") or "/"
    row = rows.setdefault(path, {"requests": 0, "errors": 0, "times": []})
    row["requests"] += 1
    row["errors"] += match[2].startswith("5")
    if match[3] != "-":
        row["times"].append(float(match[3]))

for row in rows.values():
    times = sorted(row["times"])
    row["p95"] = times[math.ceil(0.95 * len(times)) - 1] if times else -1.0
print("path,requests,errors,p95_s")
for path, row in sorted(rows.items(), key=lambda item: item[1]["p95"], reverse=True):
    p95 = f"{row['p95']:.3f}" if row["p95"] >= 0 else "-"
    print(f"{path},{row['requests']},{row['errors']},{p95}")
print(f"skipped,{skipped}")
