class PlanError(ValueError):
    """A plan or a window that makes no sense."""


def coverage_gaps(shifts, start, end, needed):
    if needed < 1 or start > end or any(begin >= finish for _, begin, finish in shifts):
        raise PlanError
    thin = {at for at in range(start, end) if len(on_shift(shifts, at)) < needed}
    firsts = sorted(at for at in thin if at - 1 not in thin)
    lasts = sorted(at for at in thin if at + 1 not in thin)
    return tuple((first, last + 1) for first, last in zip(firsts, lasts))


def on_shift(shifts, at):
    return {name for name, begin, finish in shifts if begin <= at < finish}
