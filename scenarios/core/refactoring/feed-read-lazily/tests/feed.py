"""Pages of rows that come over the network, and which of them have been read."""


class Feed:
    def __init__(self, pages):
        self._pages = pages
        self.reads = []

    def __len__(self):
        return len(self._pages)

    def page(self, number):
        """The rows of a page, 0 is the first. Raises OSError for a page that is broken."""
        self.reads.append(number)
        rows = self._pages[number]
        if rows is None:
            raise OSError(f"page {number} is broken")
        return [dict(row) for row in rows]
