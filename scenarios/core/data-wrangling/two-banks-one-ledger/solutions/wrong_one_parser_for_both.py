# score: 4 - treats the exports alike: no cancelled bookings, no parentheses, pairs of the same day only
import csv
import io
from datetime import datetime
from decimal import Decimal


def build_ledger({{bank.key_one}}: str, {{bank.key_two}}: str) -> list[dict]:
    ledger = []
    body = {{bank.key_one}}[{{bank.key_one}}.find("Buchungstag;") :]
    for row in csv.DictReader(io.StringIO(body), delimiter=";"):
        try:
            day = datetime.strptime(row["Buchungstag"], "%d.%m.%Y").date()
        except (ValueError, TypeError):
            continue
        if row["Status"] == "{{pending.word}}":
            continue
        cents = abs(int(Decimal(row["Betrag"].replace(".", "").replace(",", ".")) * 100))
        if row["S/H"] == "S":
            cents = -cents
        ledger.append({"date": day.isoformat(), "account": "{{bank.key_one}}", "text": row["Text"].strip(), "cents": cents})
    for row in csv.DictReader(io.StringIO({{bank.key_two}})):
        if not row["Date"]:
            continue
        day = datetime.strptime(row["Date"], "%m/%d/%y").date()
        strip = lambda cell: cell.translate(str.maketrans("", "", "$,()"))
        debit, credit = strip(row["Debit"]), strip(row["Credit"])
        cents = int(Decimal(credit) * 100) if credit and Decimal(credit) else -int(Decimal(debit or 0) * 100)
        text = " ".join(row["Description"].split())
        ledger.append({"date": day.isoformat(), "account": "{{bank.key_two}}", "text": text, "cents": cents})
    ledger.sort(key=lambda entry: entry["date"])
    for entry in ledger:
        entry["transfer"] = any(
            other["cents"] == -entry["cents"] != 0
            and other["date"] == entry["date"]
            and other["account"] != entry["account"]
            for other in ledger
        )
    return ledger
