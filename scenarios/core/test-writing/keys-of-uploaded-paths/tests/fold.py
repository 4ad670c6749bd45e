import re
from functools import reduce


class UnusablePathError(ValueError):
    """A path that no key can be made of."""


def clean_key(path):
    parts = [part.strip(" ") for part in re.split(r"[/\\]", path)]
    if re.search(r"[\x00-\x1f\x7f]", path) or max(map(len, parts)) > {{longest}}:
        raise UnusablePathError(repr(path))
    kept = reduce(entered, parts, ())
    if not kept:
        raise UnusablePathError(repr(path))
    lowered = re.sub(r"(?<=.)\.[^.]*\Z", lambda found: found.group().lower(), kept[-1])
    return "{{store.area}}/" + "/".join((*kept[:-1], lowered))


def entered(kept, part):
    if part in (".", ""):
        return kept
    if part != "..":
        return (*kept, part)
    if not kept:
        raise UnusablePathError("above the top")
    return kept[:-1]
