# score: 6.5 - multiplies floats by a hundred and cuts, pairs bookings more than once
import csv
import io
import re
from datetime import datetime, timedelta


def clean(text):
    return re.sub(r"\s+", " ", text).strip()


def first(text):
    rows = []
    seen_header = False
    for line in text.splitlines():
        if line.startswith("Buchungstag;"):
            seen_header = True
            continue
        if not seen_header or not re.match(r"\d\d\.\d\d\.\d{4};", line):
            continue
        day, rest = line.split(";", 1)
        if rest.startswith('"'):
            label, rest = re.match(r'"((?:[^"]|"")*)";(.*)', rest).groups()
            label = label.replace('""', '"')
        else:
            label, rest = rest.split(";", 1)
        amount, side, status = rest.split(";")[:3]
        if status.strip().lower() == "{{pending.word}}":
            continue
        value = float(amount.replace(".", "").replace(",", "."))
        if side == "S":
            value = -value
        rows.append([datetime.strptime(day, "%d.%m.%Y"), "{{bank.key_one}}", clean(label), int(value * 100)])
    return rows


def number(cell):
    cell = (cell or "").replace("$", "").replace(",", "").strip()
    if not cell:
        return 0.0
    return -float(cell.strip("()")) if cell.startswith("(") else float(cell)


def second(text):
    rows = []
    for row in csv.DictReader(io.StringIO(text)):
        if row["Date"]:
            value = number(row["Credit"]) - number(row["Debit"])
            day = datetime.strptime(row["Date"], "%m/%d/%y")
            rows.append([day, "{{bank.key_two}}", clean(row["Description"]), int(value * 100)])
    return rows


def build_ledger({{bank.key_one}}: str, {{bank.key_two}}: str) -> list[dict]:
    rows = first({{bank.key_one}}) + second({{bank.key_two}})
    rows.sort(key=lambda row: (row[0], row[1] == "{{bank.key_two}}"))
    window = timedelta(days={{pending.days}})
    ledger = []
    for day, account, text, cents in rows:
        transfer = cents != 0 and any(
            other[1] != account and other[3] == -cents and abs(other[0] - day) <= window for other in rows
        )
        ledger.append(
            {"date": day.strftime("%Y-%m-%d"), "account": account, "text": text, "cents": cents, "transfer": transfer}
        )
    return ledger
