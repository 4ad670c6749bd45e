# score: 3 - attributes of the class are as global as the variables were
from itertools import islice, zip_longest

from numbering import Numbering


class Outline:
    """What one outline has come to so far."""

    chapter = "{{front}}"
    numbers = Numbering(first=1)
    seen = {}
    warnings = []

    def code_of(self, node):
        if node["kind"] == "{{kind.chapter}}":
            self.chapter = node["title"][:1].upper()
            self.numbers = Numbering(first=1)
        return f"{self.chapter}-{node['kind']}-{self.numbers.next(node['kind'])}"

    def visit(self, node, path=()):
        code, title = self.code_of(node), node["title"]
        if title in self.seen:
            self.warnings.append(f"{code} repeats {self.seen[title]}")
            return
        self.seen[title] = code
        path = (*path, title)
        yield {"code": code, "path": "/".join(path), "warned": len(self.warnings)}
        for child in node.get("{{parts}}", []):
            yield from self.visit(child, path)


def outline(nodes):
    state = Outline()
    for node in nodes:
        yield from state.visit(node)
    yield {"last": state.chapter, "warnings": list(state.warnings)}


def serve(documents, turns=None):
    rows = zip_longest(*map(outline, documents))
    return [list(turn) for turn in islice(rows, turns)]
