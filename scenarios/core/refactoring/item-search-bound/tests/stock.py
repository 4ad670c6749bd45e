"""The connection as tests have it: real rows, and a memory of what was executed."""

import sqlite3

ROWS = [
    (1, "Tea for two", "AB-1", 1999, "Ida", 0),
    (2, "100% wool", "AB_1", 2004, None, 0),
    (3, "O'Hara's hat", "AB%2", 2010, "O'Neil", 0),
    (4, "iron pan", None, 2004, "Ida", 0),
    (5, "tea towel", "A\\B", 2010, "", 0),
    (6, "Tea caddy", "AB-6", 2004, "Ida", 1),
]


class Connection:
    def __init__(self):
        self.database = sqlite3.connect(":memory:")
        self.database.execute(
            "CREATE TABLE items (id INTEGER, {{column.name}} TEXT, code TEXT, year INTEGER, {{column.owner}} TEXT, gone INTEGER)"
        )
        self.database.executemany("INSERT INTO items VALUES (?, ?, ?, ?, ?, ?)", ROWS)
        self.executed = []

    def execute(self, sql, params=()):
        self.executed.append(sql)
        return self.database.execute(sql, params)


def observed(search, searches, words):
    connection = Connection()
    ids = [[row[0] for row in search(connection, **filters)] for filters in searches]
    texts = connection.executed
    return {"ids": ids, "texts": len(set(texts)), "seen": [word for word in words if any(str(word) in text for text in texts)]}
