"""A feed that can be read once, and that counts the lines which it has handed out."""


class Feed:
    def __init__(self, lines):
        self.lines = iter(lines)
        self.read = 0

    def __iter__(self):
        return self

    def __next__(self):
        line = next(self.lines)
        self.read += 1
        return line


def watched(first, lines, limit):
    feed = Feed(lines)
    rows = first(feed, limit)
    return {"rows": rows, "read": feed.read}
