"""Gives an answer's feeds as bytes, and makes a model of its own. It holds for pydantic as well as for its stand-in."""

import json
import sys

USUAL = {
    "{{what.ref_json}}": " A-17 ",
    "{{what.from_json}}": "2026-03-30",
    "{{what.to_json}}": "2026-04-02",
    "{{what.tags}}": ["new", " old "],
    "{{what.part_json}}": [250, 75],
    "payment": {"kind": "{{pay.a}}"},
}


def observed(normalised, part, *given):
    return PARTS[part](normalised, *given)


def feed_of(items):
    """A feed of usual items with some changes each; what is changed to "-" is left out."""
    merged = [{**USUAL, **item} if isinstance(item, dict) else item for item in items]
    return [{k: v for k, v in item.items() if v != "-"} if isinstance(item, dict) else item for item in merged]


def written(normalised, items, *names):
    """The named values of each item that is written, or all of it."""
    found = normalised(json.dumps(feed_of(items), ensure_ascii=False).encode())
    if not isinstance(found, bytes):
        raise TypeError("not bytes")
    return [{name: item.get(name) for name in names} if names else item for item in json.loads(found)]


def count(normalised, items):
    return refused(normalised, json.dumps(feed_of(items)).encode())


def refused(normalised, feed):
    try:
        normalised(feed)
    except ValueError as error:
        return str(error)
    return None


def filled(normalised, changes):
    """A model that is made by the names of its fields: some values of it, and whether it stays as it is."""
    names = {
        "{{what.ref}}": "B-2 ",
        "{{what.from}}": "2026-05-01",
        "{{what.to}}": "2026-05-01",
        "{{what.tags}}": "x, y",
        "{{what.part}}": [1, 2],
        "payment": {"kind": "{{pay.b}}"},
    }
    model = sys.modules["answer"].{{what.model}}(**{**names, **changes})
    try:
        model.note = "changed"
    except ValueError:
        pass
    return [model.{{what.ref}}, model.note, str(model.{{what.to}}), list(model.{{what.tags}}), model.{{what.sum}}, model.payment.kind]


def unknown(normalised, changes):
    """Whether a model takes what it does not know."""
    try:
        filled(normalised, changes)
    except ValueError:
        return "refused"
    return "taken"


PARTS = {
    "written": written,
    "count": count,
    "refused": lambda normalised, text: refused(normalised, text.encode()),
    "filled": filled,
    "unknown": unknown,
}
