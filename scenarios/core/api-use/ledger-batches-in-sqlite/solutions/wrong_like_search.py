# score: 7.5 - searches with LIKE, which has wildcards and no case, and sorts without case
import sqlite3


class Range:
    def __init__(self):
        self.low = self.high = None

    def step(self, value):
        self.low = value if self.low is None else min(self.low, value)
        self.high = value if self.high is None else max(self.high, value)

    def finalize(self):
        return None if self.low is None else self.high - self.low


def book(opening, batches, search):
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    connection.create_aggregate("{{fn}}", 1, Range)
    connection.execute(
        "CREATE TABLE {{table}} (name TEXT PRIMARY KEY COLLATE NOCASE, cents INTEGER NOT NULL CHECK (cents >= 0))"
    )
    booked, changed = [], 0
    try:
        try:
            with connection:
                connection.executemany("INSERT INTO {{table}} (name, cents) VALUES (?, ?)", opening)
        except sqlite3.IntegrityError as error:
            raise ValueError("bad opening") from error
        for batch in batches:
            try:
                with connection:
                    for name, change in batch:
                        done = connection.execute("UPDATE {{table}} SET cents = cents + ? WHERE name = ?", [change, name])
                        if done.rowcount == 0:
                            raise KeyError(name)
                booked.append(True)
                changed += len(batch)
            except (sqlite3.IntegrityError, KeyError):
                booked.append(False)
        rows = connection.execute("SELECT name FROM {{table}} WHERE name LIKE ? ORDER BY name", (f"%{search}%",))
        return {
            "booked": booked,
            "balances": {row["name"]: row["cents"] for row in connection.execute("SELECT * FROM {{table}}")},
            "changed": changed,
            "found": [row["name"] for row in rows],
            "{{fn}}": connection.execute("SELECT {{fn}}(cents) FROM {{table}}").fetchone()[0],
        }
    finally:
        connection.close()
