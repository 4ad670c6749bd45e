END = len("{{end.text}}")


def make_batches(lines, most, room):
    if most < 1 or room < 1:
        raise ValueError("nothing fits in such a batch")
    batches, rejected = [], []
    batch, used = [], 0
    for position, line in enumerate(lines):
        size = len(line.encode("utf-8")) + END
        if size > room:
            rejected.append(position)
            continue
        if len(batch) == most or used + size > room:
            batches.append(batch)
            batch, used = [], 0
        batch.append(line)
        used += size
    if batch:
        batches.append(batch)
    return {"batches": batches, "rejected": rejected}
