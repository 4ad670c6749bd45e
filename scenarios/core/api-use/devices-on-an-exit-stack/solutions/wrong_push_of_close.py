# score: 0.7692 - pushes a line's close, which then gets three arguments, and defers the switching off with an invented method
import contextlib

import rig


class Span(contextlib.AbstractContextManager):
    def __init__(self, bench):
        self.bench = bench

    def __enter__(self):
        self.bench.note("span", "begin")

    def __exit__(self, kind, error, trace):
        self.bench.note("span", "end", kind and kind.__name__)


def measure(script, steps, keep=False):
    bench, values, error = rig.Bench(script), {}, None
    try:
        with Span(bench), contextlib.ExitStack() as stack:
            devices = {}
            for kind, name in steps:
                if kind == "{{api.lease}}":
                    devices[name] = stack.enter_context(bench.{{api.lease}}(name))
                elif kind == "{{api.dial}}":
                    devices[name] = bench.{{api.dial}}(name)
                    stack.push(devices[name].close)
                else:
                    bench.{{api.on}}(name)
                    stack.defer(bench.{{api.off}}, name, {{api.how}}=True)
            kept = stack.pop_all() if keep else None
            if kept is None:
                values.update((name, device.read()) for name, device in devices.items())
        if kept is not None:
            with kept:
                bench.{{over}}()
                values.update((name, device.read()) for name, device in devices.items())
    except Exception as caught:
        error = caught
    before = error and error.__context__
    return {
        "log": bench.log,
        "values": values,
        "error": error and type(error).__name__,
        "before": before and type(before).__name__,
    }
