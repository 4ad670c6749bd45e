# score: 7.5 - splits lines at tabs, so that quoted cells break, leaves decimal commas, and writes quotes by hand
import sys

lines = sys.stdin.read().splitlines()
tops = lines[0].split("\t")
kinds = [kind.strip() for kind in lines[1].split("\t")]
topics = []
for index, kind in enumerate(kinds):
    if index == 0:
        continue
    if index < len(tops) and tops[index].strip():
        topics.append([tops[index].strip(), {}])
    topics[-1][1][kind] = index


def cell(row, index):
    return row[index].strip() if index is not None and index < len(row) else ""


print("{{sheet.id}},topic,score,comment")
for line in lines[2:]:
    row = line.split("\t")
    if not row[0].strip():
        continue
    for topic, where in topics:
        score = cell(row, where.get("Score"))
        comment = cell(row, where.get("Comment"))
        if score.upper() == "{{mark.none}}".upper():
            score = ""
        if score or comment:
            if "," in comment:
                comment = '"' + comment + '"'
            print(f"{row[0].strip()},{topic},{score},{comment}")
