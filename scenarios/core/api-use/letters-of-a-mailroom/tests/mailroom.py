__all__ = ["Feed", "Letter", "Line", "{{api.bad}}", "{{api.open}}"]


class {{api.bad}}(Exception):
    pass


class Feed:
    def __init__(self, script):
        self.log = []
        self._script = script


class Letter:
    def __init__(self, id, tries, text):
        self.id = id
        self.tries = tries
        self._text = text

    async def {{api.text}}(self) -> dict:
        if self._text is None:
            raise {{api.bad}}(self.id)
        return dict(zip(("key", "account", "cents"), self._text))


class Line:
    def __init__(self, feed: Feed, *, group):
        self._feed = feed
        self._group = group

    async def __aenter__(self) -> "Line":
        self._feed.log.append(["open", self._group])
        return self

    async def __aexit__(self, *reason):
        self._feed.log.append(["close"])

    async def {{api.stream}}(self):
        for items in self._feed._script:
            yield tuple(Letter(*item) for item in items)

    async def {{api.ok}}(self, *ids):
        if not 1 <= len(ids) <= {{cap.most}}:
            raise ValueError(f"{len(ids)} ids")
        self._feed.log.append(["done", *ids])

    async def {{api.back}}(self, id, *, {{api.late}}):
        self._feed.log.append(["again", id, {{api.late}}])

    async def {{api.dead}}(self, id, why):
        self._feed.log.append(["aside", id, why])


def {{api.open}}(feed, *, group) -> Line:
    return Line(feed, group=group)
