# score: 10
import csv
import io
import re
import sys

text = sys.stdin.read()
rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter="\t")]
tops, kinds = (rows + [[], []])[:2]

topics = []
for column in range(1, max(len(tops), len(kinds))):
    top = tops[column] if column < len(tops) else ""
    if top:
        topics.append((top, {}))
    if topics and column < len(kinds):
        topics[-1][1][kinds[column].lower()] = column

out = csv.writer(sys.stdout, lineterminator="\n")
out.writerow(["{{sheet.id}}", "topic", "score", "comment"])
for row in rows[2:]:
    if not row or not row[0]:
        continue
    for topic, columns in topics:
        values = {kind: re.sub(r"\r\n|\r|\n", " ", row[at]) for kind, at in columns.items() if at < len(row)}
        score = values.get("score", "").replace(",", ".")
        if score.lower() == "{{mark.none}}".lower():
            score = ""
        comment = values.get("comment", "")
        if score or comment:
            out.writerow([row[0], topic, score, comment])
