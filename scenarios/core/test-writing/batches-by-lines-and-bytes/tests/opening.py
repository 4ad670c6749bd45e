class BatchError(ValueError):
    """A batch that could hold nothing."""


def make_batches(lines, most, room):
    if min(most, room) < 1:
        raise BatchError(most, room)
    total, rest = len(lines), list(lines)
    batches, rejected = [], []
    count, used = most, 0
    while rest:
        line = rest.pop(0)
        size = len((line + "{{end.text}}").encode())
        if size > room:
            rejected.append(total - len(rest) - 1)
        elif count < most and used + size <= room:
            batches[-1].append(line)
            count, used = count + 1, used + size
        else:
            batches.append([line])
            count, used = 1, size
    return {"batches": tuple(map(tuple, batches)), "rejected": rejected}
