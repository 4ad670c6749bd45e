# score: 7 - commits change by change, so that a broken batch stays half booked
import sqlite3


class Range:
    def __init__(self):
        self.values = []

    def step(self, value):
        self.values.append(value)

    def finalize(self):
        return max(self.values, default=0) - min(self.values, default=0)


def book(opening, batches, search):
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.create_aggregate("{{fn}}", 1, Range)
    connection.execute("CREATE TABLE {{table}} (name TEXT UNIQUE COLLATE NOCASE, cents INTEGER CHECK (cents >= 0))")
    try:
        connection.executemany("INSERT INTO {{table}} VALUES (?, ?)", opening)
    except sqlite3.IntegrityError as error:
        raise ValueError(str(error)) from None
    booked, changed = [], 0
    for batch in batches:
        try:
            for name, change in batch:
                connection.execute("UPDATE {{table}} SET cents = cents + ? WHERE name = ?", (change, name))
                changed += 1
            booked.append(True)
        except sqlite3.IntegrityError:
            connection.rollback()
            booked.append(False)
    names = connection.execute("SELECT name FROM {{table}}").fetchall()
    return {
        "booked": booked,
        "balances": dict(connection.execute("SELECT name, cents FROM {{table}}").fetchall()),
        "changed": changed,
        "found": sorted(name for (name,) in names if search in name),
        "{{fn}}": connection.execute("SELECT {{fn}}(cents) FROM {{table}}").fetchone()[0],
    }
