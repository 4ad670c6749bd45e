__all__ = ["Bench", "Busy", "Device", "Garbled", "Line", "Stuck", "Unreachable"]


class Busy(Exception):
    pass


class Garbled(Exception):
    pass


class Stuck(Exception):
    pass


class Unreachable(Exception):
    pass


class Device:
    def __init__(self, bench, name):
        self._bench = bench
        self._name = name

    def read(self):
        self._bench.note("read", self._name)
        self._bench._trouble(self._name, "read", Garbled)
        return len(self._name)


class Line:
    def __init__(self, bench, name):
        self._bench = bench
        self._name = name

    def read(self):
        self._bench.note("read", self._name)
        self._bench._trouble(self._name, "read", Garbled)
        return 10 * len(self._name)

    def close(self):
        self._bench.note("close", self._name)
        self._bench._trouble(self._name, "back", Stuck)


class Lease:
    def __init__(self, bench, name):
        self._bench = bench
        self._name = name

    def __enter__(self) -> Device:
        self._bench.note("{{api.lease}}", self._name)
        self._bench._trouble(self._name, "take", Unreachable)
        return Device(self._bench, self._name)

    def __exit__(self, kind, error, trace):
        self._bench.note("back", self._name, kind and kind.__name__)
        self._bench._trouble(self._name, "back", Stuck)
        return self._bench._script.get(self._name) == "forgive"


class Bench:
    def __init__(self, script):
        self.log = []
        self._script = script

    def note(self, *words):
        self.log.append(list(words))

    def {{api.lease}}(self, name) -> Lease:
        return Lease(self, name)

    def {{api.dial}}(self, name) -> Line:
        self.note("{{api.dial}}", name)
        self._trouble(name, "take", Unreachable)
        return Line(self, name)

    def {{api.on}}(self, name):
        self.note("{{api.on}}", name)
        self._trouble(name, "take", Unreachable)

    def {{api.off}}(self, name, *, {{api.how}}):
        self.note("{{api.off}}", name, {{api.how}})
        self._trouble(name, "busy", Busy)
        self._trouble(name, "back", Stuck)

    def {{over}}(self):
        self.note("{{over}}")
        self._trouble("{{over}}", "take", Unreachable)

    def _trouble(self, name, when, error):
        if self._script.get(name) == when:
            raise error(name)
