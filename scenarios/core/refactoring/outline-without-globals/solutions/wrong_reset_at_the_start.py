# score: 8 - the state is still the module's, each outline only resets it
from itertools import islice, zip_longest

from numbering import Numbering

state = {}


def reset():
    state.update(chapter="{{front}}", numbers=Numbering(first=1), seen={}, warnings=[])


def code_of(node):
    if node["kind"] == "{{kind.chapter}}":
        state["chapter"] = node["title"][:1].upper()
        state["numbers"] = Numbering(first=1)
    return f"{state['chapter']}-{node['kind']}-{state['numbers'].next(node['kind'])}"


def visit(node, path):
    code = code_of(node)
    if node["title"] in state["seen"]:
        state["warnings"].append(f"{code} repeats {state['seen'][node['title']]}")
        return
    state["seen"][node["title"]] = code
    path = [*path, node["title"]]
    yield {"code": code, "path": "/".join(path), "warned": len(state["warnings"])}
    for child in node.get("{{parts}}", []):
        yield from visit(child, path)


def outline(nodes):
    reset()
    for node in nodes:
        yield from visit(node, [])
    yield {"last": state["chapter"], "warnings": list(state["warnings"])}


def serve(documents, turns=None):
    rows = zip_longest(*map(outline, documents))
    return [list(turn) for turn in islice(rows, turns)]
