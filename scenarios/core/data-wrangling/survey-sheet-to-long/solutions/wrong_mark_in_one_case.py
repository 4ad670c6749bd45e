# score: 8 - knows the mark in one case only and takes it out of comments too, and drops line breaks in cells
import csv
import sys

EMPTY = {"", "{{mark.none}}"}


def clean(cell):
    cell = cell.strip().replace("\n", "")
    return "" if cell in EMPTY else cell


reader = csv.reader(sys.stdin, delimiter="\t")
tops = [cell.strip() for cell in next(reader)]
kinds = [cell.strip().lower() for cell in next(reader)]
current = ""
labels = []
for position, kind in enumerate(kinds):
    if position < len(tops) and tops[position]:
        current = tops[position]
    labels.append((current, kind))

writer = csv.writer(sys.stdout, lineterminator="\n")
writer.writerow(["{{sheet.id}}", "topic", "score", "comment"])
for row in reader:
    person = row[0].strip() if row else ""
    if not person:
        continue
    answers = {}
    for (topic, kind), cell in list(zip(labels, row))[1:]:
        value = clean(cell)
        if kind == "score":
            value = value.replace(",", ".")
        answers.setdefault(topic, {})[kind] = value
    for topic, answer in answers.items():
        if any(answer.values()):
            writer.writerow([person, topic, answer.get("score", ""), answer.get("comment", "")])
