# score: 6.9231 - takes `detach` for what the stack calls `pop_all`
import contextlib

import rig


class Span(contextlib.AbstractContextManager):
    def __init__(self, bench):
        self.bench = bench

    def __enter__(self):
        self.bench.note("span", "begin")
        return self

    def __exit__(self, kind, error, trace):
        self.bench.note("span", "end", getattr(kind, "__name__", None))


def off(bench, name):
    try:
        bench.{{api.off}}(name, {{api.how}}=True)
    except rig.Busy:
        pass


def name(error):
    return type(error).__name__ if error is not None else None


def measure(script, steps, keep=False):
    bench = rig.Bench(script)
    values = {}
    error = None
    try:
        with Span(bench):
            with contextlib.ExitStack() as stack:
                devices = []
                for kind, label in steps:
                    if kind == "{{api.on}}":
                        bench.{{api.on}}(label)
                        stack.callback(off, bench, label)
                        continue
                    if kind == "{{api.lease}}":
                        source = bench.{{api.lease}}(label)
                    else:
                        source = contextlib.closing(bench.{{api.dial}}(label))
                    devices.append((label, stack.enter_context(source)))
                if keep:
                    rest = stack.detach()
                else:
                    for label, device in devices:
                        values[label] = device.read()
        if keep:
            with rest:
                bench.{{over}}()
                for label, device in devices:
                    values[label] = device.read()
    except Exception as caught:
        error = caught
    return {"log": bench.log, "values": values, "error": name(error), "before": name(error and error.__context__)}
