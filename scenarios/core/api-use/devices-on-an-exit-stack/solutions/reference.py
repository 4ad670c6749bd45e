# score: 10
import contextlib

import rig


class Span(contextlib.AbstractContextManager):
    def __init__(self, bench):
        self.bench = bench

    def __enter__(self):
        self.bench.note("span", "begin")
        return self

    def __exit__(self, kind, error, trace):
        self.bench.note("span", "end", kind and kind.__name__)


def measure(script, steps, keep=False):
    bench, values = rig.Bench(script), {}
    error = None
    try:
        run(bench, steps, keep, values)
    except Exception as caught:
        error = caught
    before = error and error.__context__
    return {"log": bench.log, "values": values, "error": name_of(error), "before": name_of(before)}


def name_of(error):
    return None if error is None else type(error).__name__


def run(bench, steps, keep, values):
    kept = None
    with Span(bench), contextlib.ExitStack() as stack:
        taken = {name: take(bench, stack, kind, name) for kind, name in steps}
        if keep:
            kept = stack.pop_all()
        else:
            read(taken, values)
    if kept is not None:
        with kept:
            bench.{{over}}()
            read(taken, values)


def take(bench, stack, kind, name):
    if kind == "{{api.lease}}":
        return stack.enter_context(bench.{{api.lease}}(name))
    if kind == "{{api.dial}}":
        return stack.enter_context(contextlib.closing(bench.{{api.dial}}(name)))
    bench.{{api.on}}(name)
    stack.callback(switch_off, bench, name)


def switch_off(bench, name):
    with contextlib.suppress(rig.Busy):
        bench.{{api.off}}(name, {{api.how}}=True)


def read(taken, values):
    for name, device in taken.items():
        if device is not None:
            values[name] = device.read()
