# score: 1 - `Connection.transaction` and `fetchval` do not exist in sqlite3, nor does `row_factory` of connect
import sqlite3
from contextlib import closing


class Range:
    def __init__(self):
        self.values = []

    def step(self, value):
        self.values.append(value)

    def finalize(self):
        return max(self.values) - min(self.values) if self.values else None


def opened(opening):
    connection = sqlite3.connect(":memory:")
    connection.create_aggregate("{{fn}}", 1, Range)
    connection.execute("CREATE TABLE {{table}} (name TEXT UNIQUE COLLATE NOCASE, cents INTEGER CHECK (cents >= 0))")
    try:
        connection.executemany("INSERT INTO {{table}} VALUES (?, ?)", opening)
    except sqlite3.IntegrityError as error:
        raise ValueError(str(error)) from error
    return connection


def book(opening, batches, search):
    with closing(opened(opening)) as connection:
        booked, changed = [], 0
        for batch in batches:
            try:
                with connection.transaction():
                    for name, change in batch:
                        connection.execute("UPDATE {{table}} SET cents = cents + ? WHERE name = ?", (change, name))
                booked.append(True)
                changed += len(batch)
            except sqlite3.IntegrityError:
                booked.append(False)
        rows = connection.execute("SELECT name, cents FROM {{table}}").fetchall()
        names = sorted(row[0] for row in rows if search in row[0])
        measured = connection.execute("SELECT {{fn}}(cents) FROM {{table}}").fetchval()
        return {"booked": booked, "balances": dict(rows), "changed": changed, "found": names, "{{fn}}": measured}
