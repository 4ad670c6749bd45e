# score: 8 - the names of the table are told apart by their case
import sqlite3


class Span:
    def __init__(self):
        self.seen = []

    def step(self, cents):
        self.seen.append(cents)

    def finalize(self):
        return max(self.seen) - min(self.seen) if self.seen else None


def book(opening, batches, search):
    connection = sqlite3.connect(":memory:")
    try:
        connection.create_aggregate("{{fn}}", 1, Span)
        connection.execute("CREATE TABLE {{table}} (name TEXT PRIMARY KEY, cents INTEGER NOT NULL CHECK (cents >= 0))")
        with connection:
            connection.executemany("INSERT INTO {{table}} VALUES (?, ?)", opening)
        booked = []
        for batch in batches:
            try:
                with connection:
                    changes = [(change, name) for name, change in batch]
                    cursor = connection.executemany("UPDATE {{table}} SET cents = cents + ? WHERE name = ?", changes)
                    if batch and cursor.rowcount < len(batch):
                        raise sqlite3.IntegrityError("no such account")
                booked.append(True)
            except sqlite3.IntegrityError:
                booked.append(False)
        names = [row[0] for row in connection.execute("SELECT name FROM {{table}}")]
        return {
            "booked": booked,
            "balances": dict(connection.execute("SELECT name, cents FROM {{table}}").fetchall()),
            "changed": sum(len(batch) for batch, done in zip(batches, booked) if done),
            "found": sorted(name for name in names if search in name),
            "{{fn}}": connection.execute("SELECT {{fn}}(cents) FROM {{table}}").fetchone()[0],
        }
    except sqlite3.IntegrityError as error:
        raise ValueError(str(error)) from error
    finally:
        connection.close()
