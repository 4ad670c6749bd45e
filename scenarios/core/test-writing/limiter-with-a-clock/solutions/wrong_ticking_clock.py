# score: 0 - a clock that moves on each time it is read, though how often that happens is left open
from {{module}} import Limiter


class TickingClock:
    """One second later each time."""

    def __init__(self, *times):
        self.times = list(times)

    def __call__(self):
        return self.times.pop(0)


def test_limit_within_the_window():
    limiter = Limiter(2, 10, TickingClock(0, 1, 2, 9, 10))
    assert limiter.allow("{{use.a}}")
    assert limiter.allow("{{use.a}}")
    assert not limiter.allow("{{use.a}}")
    assert not limiter.allow("{{use.a}}")
    assert limiter.allow("{{use.a}}")


def test_wait():
    limiter = Limiter({{most}}, 10, TickingClock(0, 4))
    assert limiter.allow("{{use.a}}", {{most}})
    assert limiter.wait("{{use.a}}") == 6


def test_remaining():
    limiter = Limiter({{most}}, 10, TickingClock(0, 1))
    limiter.allow("{{use.a}}", 2)
    assert limiter.remaining("{{use.a}}") == {{most}} - 2
