# score: 9 - takes every topic for a pair of columns, score first, comment second
import csv
import sys

rows = [[cell.strip() for cell in row] for row in csv.reader(sys.stdin, delimiter="\t")]
width = max((len(row) for row in rows), default=0)
rows = [row + [""] * (width - len(row)) for row in rows]
writer = csv.writer(sys.stdout, lineterminator="\n")
writer.writerow(["{{sheet.id}}", "topic", "score", "comment"])
for row in rows[2:]:
    if not row[0]:
        continue
    for column in range(1, width - 1, 2):
        score = row[column]
        if score.lower() == "{{mark.none}}".lower():
            score = ""
        comment = " ".join(row[column + 1].split("\n"))
        if score or comment:
            writer.writerow([row[0], rows[0][column], score.replace(",", "."), comment])
