def coverage_gaps(shifts, start, end, needed):
    if needed < 1:
        raise ValueError("nobody is needed")
    if end < start:
        raise ValueError("the window ends before it starts")
    for _, begin, finish in shifts:
        if finish <= begin:
            raise ValueError(f"a shift from {begin} to {finish}")
    edges = {start, end}
    for _, begin, finish in shifts:
        edges.update(edge for edge in (begin, finish) if start < edge < end)
    points = sorted(edges)
    spans = []
    for left, right in zip(points, points[1:]):
        present = {name for name, begin, finish in shifts if begin <= left and right <= finish}
        if len(present) >= needed:
            continue
        if spans and spans[-1][1] == left:
            spans[-1] = (spans[-1][0], right)
        else:
            spans.append((left, right))
    return spans
