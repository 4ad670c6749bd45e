import re

HUNK = re.compile(r"@@ -[0-9]+(?:,([0-9]+))? \+[0-9]+(?:,([0-9]+))? @@")


def changed_lines(diff):
    counts, path, old = {}, None, None
    left_old = left_new = 0
    for line in diff.removesuffix("\n").split("\n"):
        sign = line[:1]
        if sign == "\\":
            continue
        if left_old > 0 or left_new > 0:
            added, removed = counts.get(path, (0, 0))
            if sign == "+":
                left_new, added = left_new - 1, added + 1
            elif sign == "-":
                left_old, removed = left_old - 1, removed + 1
            elif sign in {" ", ""}:
                left_old, left_new = left_old - 1, left_new - 1
            else:
                raise ValueError(f"no line of a hunk: {line!r}")
            if left_old < 0 or left_new < 0:
                raise ValueError(f"too many lines: {line!r}")
            counts[path] = added, removed
        elif line.startswith("--- "):
            old, path = name_of(line), None
        elif line.startswith("+++ "):
            path = name_of(line) or old
        elif found := HUNK.match(line):
            if path is None:
                raise ValueError("a hunk of no file")
            counts.setdefault(path, (0, 0))
            left_old, left_new = (1 if count is None else int(count) for count in found.groups())
    if left_old > 0 or left_new > 0:
        raise ValueError("the last hunk is cut off")
    return {name: {"{{word.added}}": plus, "{{word.removed}}": minus} for name, (plus, minus) in counts.items()}


def name_of(line):
    """The path of a line of a file's head, None for a file that is not there."""
    path = line[4:].split("\t")[0]
    if path == "/dev/null":
        return None
    return path[2:] if path[:2] in {"a/", "b/"} else path
