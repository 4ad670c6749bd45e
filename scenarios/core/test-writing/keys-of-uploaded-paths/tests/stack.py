LONGEST = {{longest}}


def clean_key(path):
    if any(ord(character) < 32 or ord(character) == 127 for character in path):
        raise ValueError("a control character in the path")
    segments = []
    for raw in path.replace("\\", "/").split("/"):
        segment = raw.strip(" ")
        if segment in {"", "."}:
            continue
        if len(segment) > LONGEST:
            raise ValueError(f"{len(segment)} characters in one segment")
        if segment != "..":
            segments.append(segment)
        elif segments:
            segments.pop()
        else:
            raise ValueError("the path climbs out")
    if not segments:
        raise ValueError("the path names nothing")
    stem, dot, extension = segments.pop().rpartition(".")
    segments.append(stem + dot + (extension.lower() if stem else extension))
    return "/".join(["{{store.area}}", *segments])
