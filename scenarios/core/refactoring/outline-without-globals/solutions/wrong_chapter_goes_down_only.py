# score: 9 - hands the chapter down to the parts, so that what stands behind them does not count to it
from itertools import islice, zip_longest

from numbering import Numbering


class Outline:
    """What one outline has come to so far."""

    def __init__(self):
        self.numbers = Numbering(first=1)
        self.seen = {}
        self.warnings = []

    def code_of(self, node, chapter):
        if node["kind"] == "{{kind.chapter}}":
            chapter = node["title"][:1].upper()
            self.numbers = Numbering(first=1)
        return chapter, f"{chapter}-{node['kind']}-{self.numbers.next(node['kind'])}"

    def visit(self, node, chapter, path=()):
        chapter, code = self.code_of(node, chapter)
        title = node["title"]
        if title in self.seen:
            self.warnings.append(f"{code} repeats {self.seen[title]}")
            return
        self.seen[title] = code
        path = (*path, title)
        yield {"code": code, "path": "/".join(path), "warned": len(self.warnings)}
        for child in node.get("{{parts}}", []):
            yield from self.visit(child, chapter, path)


def outline(nodes):
    state = Outline()
    chapter = "{{front}}"
    for node in nodes:
        if node["kind"] == "{{kind.chapter}}":
            chapter = node["title"][:1].upper()
        yield from state.visit(node, chapter)
    yield {"last": chapter, "warnings": list(state.warnings)}


def serve(documents, turns=None):
    rows = zip_longest(*map(outline, documents))
    return [list(turn) for turn in islice(rows, turns)]
