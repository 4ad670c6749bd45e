# score: 8.5 - a transfer takes the first booking that fits, not the nearest
import csv
import io
from datetime import datetime
from decimal import Decimal


def to_cents(text):
    return int(Decimal(text or "0") * 100)


def parse_one(text):
    lines = text.splitlines()
    start = next((i for i, line in enumerate(lines) if line.startswith("Buchungstag;")), None)
    if start is None:
        return
    for row in csv.reader(lines[start + 1 :], delimiter=";"):
        if len(row) < 5:
            continue
        try:
            day = datetime.strptime(row[0].strip(), "%d.%m.%Y").date()
        except ValueError:
            continue
        if row[4].strip().lower() == "{{pending.word}}":
            continue
        cents = to_cents(row[2].strip().replace(".", "").replace(",", "."))
        if row[3].strip() == "S":
            cents = -cents
        yield {"date": day, "account": "{{bank.key_one}}", "text": " ".join(row[1].split()), "cents": cents, "transfer": False}


def signed(text):
    text = (text or "").strip().replace("$", "").replace(",", "")
    if text.startswith("("):
        return -to_cents(text[1:-1])
    return to_cents(text)


def parse_two(text):
    for row in csv.DictReader(io.StringIO(text)):
        if not (row["Date"] or "").strip():
            continue
        day = datetime.strptime(row["Date"].strip(), "%m/%d/%y").date()
        cents = signed(row["Credit"]) - signed(row["Debit"])
        description = " ".join(row["Description"].split())
        yield {"date": day, "account": "{{bank.key_two}}", "text": description, "cents": cents, "transfer": False}


def build_ledger({{bank.key_one}}: str, {{bank.key_two}}: str) -> list[dict]:
    ledger = list(parse_one({{bank.key_one}})) + list(parse_two({{bank.key_two}}))
    ledger.sort(key=lambda b: (b["date"], b["account"] != "{{bank.key_one}}"))
    for out in (b for b in ledger if b["cents"] < 0):
        for other in ledger:
            if (
                not other["transfer"]
                and other["account"] != out["account"]
                and other["cents"] + out["cents"] == 0
                and abs((other["date"] - out["date"]).days) <= {{pending.days}}
            ):
                out["transfer"] = other["transfer"] = True
                break
    for b in ledger:
        b["date"] = b["date"].isoformat()
    return ledger
