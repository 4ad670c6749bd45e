# score: 5.5 - interpolates the percentile and leaves the slash at the end
import re
import sys

LINE = re.compile(r'\S+ - .* \[.*?\] "([^"]*)" (\d{3}) \d+ "[^"]*" "[^"]*" (-|[\d.]+)$')


def percentile(values, share):
    values = sorted(values)
    position = (len(values) - 1) * share
    low = int(position)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (position - low)


requests, errors, times = {}, {}, {}
skipped = 0
for raw in sys.stdin:
    if not raw.strip():
        continue
    match = LINE.fullmatch(raw.rstrip("\n"))
    parts = match.group(1).split(" ") if match else []
    if len(parts) != 3 or "" in parts or not parts[1].startswith("/"):
        skipped += 1
        continue
    path = parts[1].partition("?")[0]
    requests[path] = requests.get(path, 0) + 1
    errors[path] = errors.get(path, 0) + (match.group(2) >= "500")
    times.setdefault(path, [])
    if match.group(3) != "-":
        times[path].append(float(match.group(3)))

result = {path: percentile(seen, 0.95) if seen else None for path, seen in times.items()}
print("path,requests,errors,p95_s")
for path in sorted(result, key=lambda p: (result[p] is None, -(result[p] or 0), p)):
    p95 = "-" if result[path] is None else f"{result[path]:.3f}"
    cell = f'"{path}"' if "," in path else path
    print(f"{cell},{requests[path]},{errors[path]},{p95}")
print(f"skipped,{skipped}")
