# score: 10
import sqlite3
from contextlib import closing


class Range:
    def __init__(self):
        self.values = []

    def step(self, value):
        self.values.append(value)

    def finalize(self):
        return max(self.values) - min(self.values) if self.values else None


def opened(connection, opening):
    connection.execute(
        "CREATE TABLE {{table}} (name TEXT NOT NULL COLLATE NOCASE UNIQUE, cents INTEGER NOT NULL CHECK (cents >= 0))"
    )
    try:
        with connection:
            connection.executemany("INSERT INTO {{table}} VALUES (?, ?)", opening)
    except sqlite3.IntegrityError as error:
        raise ValueError(str(error)) from error


def apply(connection, batch):
    try:
        with connection:
            for name, change in batch:
                cursor = connection.execute("UPDATE {{table}} SET cents = cents + ? WHERE name = ?", (change, name))
                if cursor.rowcount != 1:
                    raise LookupError(name)
    except (sqlite3.IntegrityError, LookupError):
        return False
    return True


def book(opening, batches, search):
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.create_aggregate("{{fn}}", 1, Range)
        opened(connection, opening)
        booked = [apply(connection, batch) for batch in batches]
        found = connection.execute(
            "SELECT name FROM {{table}} WHERE ? = '' OR instr(name, ?) > 0 ORDER BY name COLLATE BINARY", (search, search)
        )
        return {
            "booked": booked,
            "balances": dict(connection.execute("SELECT name, cents FROM {{table}} ORDER BY rowid")),
            "changed": sum(len(batch) for batch, is_booked in zip(batches, booked, strict=True) if is_booked),
            "found": [name for (name,) in found],
            "{{fn}}": connection.execute("SELECT {{fn}}(cents) FROM {{table}}").fetchone()[0],
        }
