# score: 4.6154 - keeps a list of functions instead of a stack, and goes on when one fails
import contextlib

import rig


class Span(contextlib.AbstractContextManager):
    def __init__(self, bench):
        self.bench = bench

    def __enter__(self):
        self.bench.note("span", "begin")
        return self

    def __exit__(self, kind, error, trace):
        self.bench.note("span", "end", kind.__name__ if kind else None)


def close_all(closers):
    for closer in reversed(closers):
        with contextlib.suppress(Exception):
            closer()


def measure(script, steps, keep=False):
    bench, values, closers, devices = rig.Bench(script), {}, [], {}
    error = None
    try:
        with Span(bench):
            try:
                for kind, name in steps:
                    if kind == "{{api.lease}}":
                        lease = bench.{{api.lease}}(name)
                        devices[name] = lease.__enter__()
                        closers.append(lambda lease=lease: lease.__exit__(None, None, None))
                    elif kind == "{{api.dial}}":
                        devices[name] = bench.{{api.dial}}(name)
                        closers.append(devices[name].close)
                    else:
                        bench.{{api.on}}(name)
                        closers.append(lambda name=name: bench.{{api.off}}(name, {{api.how}}=True))
                if not keep:
                    for name, device in devices.items():
                        values[name] = device.read()
            except Exception:
                close_all(closers)
                raise
            if not keep:
                close_all(closers)
        if keep:
            bench.{{over}}()
            for name, device in devices.items():
                values[name] = device.read()
            close_all(closers)
    except Exception as caught:
        error = caught
    before = error.__context__ if error else None
    return {
        "log": bench.log,
        "values": values,
        "error": type(error).__name__ if error else None,
        "before": type(before).__name__ if before else None,
    }
