# score: 7 - the default list of the path is still shared by all outlines
from itertools import islice, zip_longest

from numbering import Numbering


class Outline:
    """What one outline has come to so far."""

    def __init__(self):
        self.chapter = "{{front}}"
        self.numbers = Numbering(first=1)
        self.seen = {}
        self.warnings = []

    def code_of(self, node):
        if node["kind"] == "{{kind.chapter}}":
            self.chapter = node["title"][:1].upper()
            self.numbers = Numbering(first=1)
        return f"{self.chapter}-{node['kind']}-{self.numbers.next(node['kind'])}"

    def visit(self, node, path=[]):
        code, title = self.code_of(node), node["title"]
        if title in self.seen:
            self.warnings.append(f"{code} repeats {self.seen[title]}")
            return
        self.seen[title] = code
        path.append(title)
        yield {"code": code, "path": "/".join(path), "warned": len(self.warnings)}
        for child in node.get("{{parts}}", []):
            yield from self.visit(child, path)
        path.pop()


def outline(nodes):
    state = Outline()
    for node in nodes:
        yield from state.visit(node)
    yield {"last": state.chapter, "warnings": list(state.warnings)}


def serve(documents, turns=None):
    rows = zip_longest(*map(outline, documents))
    return [list(turn) for turn in islice(rows, turns)]
