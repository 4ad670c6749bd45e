# score: 2 - keeps a row for every topic, takes scores for numbers and reads a fixed grid of columns
import csv
import sys

reader = csv.reader(sys.stdin, delimiter="\t")
tops = next(reader)
kinds = next(reader)
topics = [(name.strip(), index) for index, name in enumerate(tops) if name.strip()]
writer = csv.writer(sys.stdout, lineterminator="\n")
writer.writerow(["{{sheet.id}}", "topic", "score", "comment"])
for row in reader:
    if not row or not row[0].strip():
        continue
    row = row + [""] * (len(kinds) - len(row))
    for topic, index in topics:
        try:
            score = "%g" % float(row[index].replace(",", "."))
        except ValueError:
            score = ""
        comment = row[index + 1].strip().replace("\n", " ") if index + 1 < len(row) else ""
        writer.writerow([row[0].strip(), topic, score, comment])
