"""A database in memory that keeps an eye on the texts of its queries."""

import re
import sqlite3

COLUMNS = "id INTEGER, name TEXT, {{place}} TEXT, cents INTEGER, pieces INTEGER, pinned INTEGER"


class Store:
    def __init__(self, rows):
        self.audit = {"queries": 0, "fetched": 0, "literals": []}
        self._connection = sqlite3.connect(":memory:")
        self._connection.execute(f"CREATE TABLE {{table}} ({COLUMNS})")
        self._connection.executemany("INSERT INTO {{table}} VALUES (?, ?, ?, ?, ?, ?)", rows)

    def run(self, sql, values=()):
        """The rows as lists. `audit` counts queries and rows, and notes a text with a quote or a digit in it."""
        rows = [list(row) for row in self._connection.execute(sql, values)]
        self.audit["queries"] += 1
        self.audit["fetched"] += len(rows)
        if re.search(r"""['"0-9]""", sql):
            self.audit["literals"].append(sql)
        return rows
