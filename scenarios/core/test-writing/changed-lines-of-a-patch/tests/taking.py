import re
from collections import Counter


class PatchError(ValueError):
    """Text that is no complete diff."""


def changed_lines(diff):
    lines = diff.split("\n")[::-1]
    if lines[0] == "":
        del lines[0]
    found, old, new = {}, None, None
    while lines:
        line = lines.pop()
        name = line[4:].partition("\t")[0]
        if line.startswith("--- "):
            old, new = name, None
        elif line.startswith("+++ "):
            new = name
        elif line.startswith("@@ -"):
            signs = hunk(line, lines)
            known = found.setdefault(path_of(old, new), Counter())
            known.update(signs)
    return {path: {"{{word.removed}}": found[path]["-"], "{{word.added}}": found[path]["+"]} for path in sorted(found)}


def path_of(old, new):
    path = old if new == "/dev/null" else new
    if path is None or path == "/dev/null":
        raise PatchError
    return re.sub("^[ab]/", "", path)


def hunk(head, lines):
    """The signs of a hunk's lines, which are taken off the end of `lines`."""
    spans = re.findall(r"[-+][0-9]+(,[0-9]+)?", head.split("@@")[1])
    wanted = [int(span[1:] or 1) for span in spans]
    signs = []
    while (missing := left(wanted, signs)) != [0, 0]:
        if min(missing) < 0:
            raise PatchError
        if not lines:
            raise PatchError
        sign = lines.pop()[:1] or " "
        if sign not in " +-\\":
            raise PatchError
        if sign != "\\":
            signs.append(sign)
    return signs


def left(wanted, signs):
    """How many lines of the old and of the new text are still to come."""
    return [size - len(signs) + signs.count(other) for size, other in zip(wanted, "+-")]
