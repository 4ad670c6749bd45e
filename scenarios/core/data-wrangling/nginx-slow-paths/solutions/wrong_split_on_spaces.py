# score: 4 - splits lines at spaces, sorts times as text, reports the slowest time
import sys

table = {}
skipped = 0
for line in sys.stdin:
    if not line.strip():
        continue
    words = line.split()
    if len(words) < 12 or not words[6].startswith("/"):
        skipped += 1
        continue
    path = words[6].split("?")[0]
    row = table.setdefault(path, [0, 0, []])
    row[0] += 1
    if words[8].startswith("5"):
        row[1] += 1
    row[2].append(words[-1])

print("path,requests,errors,p95_s")
for path, (count, bad, times) in sorted(table.items(), key=lambda item: (max(item[1][2]), item[0]), reverse=True):
    print(f"{path},{count},{bad},{max(times)}")
print(f"skipped,{skipped}")
