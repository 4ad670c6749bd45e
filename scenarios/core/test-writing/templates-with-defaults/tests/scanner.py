import re

SIGN, OPEN, CLOSE = "{{mark.sign}}", "{{mark.open}}", "{{mark.close}}"
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def expand(template, values):
    pieces = list(pieces_of(template))
    return "".join(piece if isinstance(piece, str) else filled(*piece, values) for piece in pieces)


def pieces_of(template):
    at = 0
    while at < len(template):
        following = template[at + 1 : at + 2]
        if template[at] != SIGN:
            yield template[at]
            at += 1
        elif following == SIGN:
            yield SIGN
            at += 2
        else:
            end = template.find(CLOSE, at)
            if following != OPEN or end < 0:
                raise ValueError(f"{SIGN} at {at} begins nothing")
            name, bar, default = template[at + 2 : end].partition("|")
            if not NAME.fullmatch(name):
                raise ValueError(f"no name: {name!r}")
            yield name, (default if bar else None)
            at = end + 1


def filled(name, default, values):
    if name in values and values[name] not in (None, ""):
        return str(values[name])
    if default is not None:
        return default
    if name not in values:
        raise KeyError(name)
    return ""
