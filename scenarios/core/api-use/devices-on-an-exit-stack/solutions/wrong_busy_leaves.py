# score: 8.8462 - ignores Busy around the whole stack, so that devices see it pass, and forgets that a lease may swallow an error
import contextlib

from rig import Bench, Busy


class Span(contextlib.AbstractContextManager):
    def __init__(self, bench):
        self._bench = bench

    def __enter__(self):
        self._bench.note("span", "begin")
        return self

    def __exit__(self, exc_type, exc, tb):
        self._bench.note("span", "end", exc_type.__name__ if exc_type else None)
        return None


def measure(script, steps, keep=False):
    bench = Bench(script)
    values, readable = {}, []

    def read_all():
        for name, thing in readable:
            values[name] = thing.read()

    failure = None
    try:
        with Span(bench), contextlib.suppress(Busy), contextlib.ExitStack() as stack:
            for kind, name in steps:
                if kind == "{{api.lease}}":
                    readable.append((name, stack.enter_context(bench.{{api.lease}}(name))))
                elif kind == "{{api.dial}}":
                    readable.append((name, stack.enter_context(contextlib.closing(bench.{{api.dial}}(name)))))
                else:
                    bench.{{api.on}}(name)
                    stack.callback(bench.{{api.off}}, name, {{api.how}}=True)
            later = stack.pop_all() if keep else contextlib.ExitStack()
            if not keep:
                read_all()
        if keep:
            with contextlib.suppress(Busy), later:
                bench.{{over}}()
                read_all()
    except Exception as exc:
        failure = exc
    cause = failure.__context__ if failure else None
    return {
        "log": bench.log,
        "values": values,
        "error": type(failure).__name__ if failure else None,
        "before": type(cause).__name__ if cause else None,
    }
