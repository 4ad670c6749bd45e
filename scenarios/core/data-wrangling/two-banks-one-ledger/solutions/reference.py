# score: 10
import csv
import io
import re
from datetime import date

DAY = re.compile(r"(\d\d)\.(\d\d)\.(\d{4})")


def cents_of(number, decimal, thousands):
    whole, _, part = number.replace(thousands, "").partition(decimal)
    return int(whole or 0) * 100 + int(part.ljust(2, "0") or 0)


def booking(day, account, text, cents):
    return {"date": day, "account": account, "text": " ".join(text.split()), "cents": cents, "transfer": False}


def cells_of(line):
    cells = []
    position = 0
    while True:
        quoted = re.compile(r'\s*"((?:[^"]|"")*)"\s*(?=;|$)').match(line, position)
        if quoted:
            cells.append(quoted[1].replace('""', '"'))
            end = quoted.end()
        else:
            end = line.find(";", position)
            end = len(line) if end < 0 else end
            cells.append(line[position:end].strip())
        if end >= len(line):
            return cells
        position = end + 1


def rows_of_one(text):
    lines = iter(re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff")))
    for line in lines:
        if line.startswith("Buchungstag;"):
            break
    for line in lines:
        cells = cells_of(line)
        day = DAY.fullmatch(cells[0])
        if not day or cells[4].lower() == "{{pending.word}}":
            continue
        amount = cells[2]
        sign = (-1 if amount.startswith("-") else 1) * (-1 if cells[3] == "S" else 1)
        when = date(int(day[3]), int(day[2]), int(day[1]))
        yield booking(when, "{{bank.key_one}}", cells[1], sign * cents_of(amount.lstrip("-"), ",", "."))


def credit_of(cell):
    sign = -1 if cell.startswith("(") else 1
    return sign * cents_of(cell.strip("()").removeprefix("$"), ".", ",")


def rows_of_two(text):
    for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")):
        day = (row["Date"] or "").strip()
        if not day:
            continue
        month, of_month, year = map(int, day.split("/"))
        cents = credit_of((row["Credit"] or "").strip()) - credit_of((row["Debit"] or "").strip())
        yield booking(date(2000 + year, month, of_month), "{{bank.key_two}}", row["Description"] or "", cents)


def mark_transfers(bookings):
    """`bookings` are in the order of the result, which is the one in which money out is gone through."""
    for paid in bookings:
        if paid["cents"] >= 0:
            continue
        fitting = [
            other
            for other in bookings
            if other["cents"] == -paid["cents"]
            and other["account"] != paid["account"]
            and not other["transfer"]
            and abs((other["date"] - paid["date"]).days) <= {{pending.days}}
        ]
        if fitting:
            nearest = min(fitting, key=lambda other: (abs((other["date"] - paid["date"]).days), other["date"]))
            paid["transfer"] = nearest["transfer"] = True


def build_ledger({{bank.key_one}}: str, {{bank.key_two}}: str) -> list[dict]:
    bookings = [*rows_of_one({{bank.key_one}}), *rows_of_two({{bank.key_two}})]
    bookings.sort(key=lambda row: row["date"])
    mark_transfers(bookings)
    return [{**row, "date": row["date"].isoformat()} for row in bookings]
