# score: 8.5 - wait is asked only where all units end at once, and every limiter is alone
import pytest

from {{module}} import Limiter


class Clock:
    def __init__(self, now=0):
        self.now = now

    def __call__(self):
        return self.now


def test_limit():
    limiter = Limiter(3, 10, Clock())
    assert [limiter.allow("{{use.a}}") for _ in range(4)] == [True, True, True, False]


def test_sliding():
    clock = Clock(7)
    limiter = Limiter(2, 10, clock)
    assert limiter.allow("{{use.a}}")
    clock.now = 12
    assert limiter.allow("{{use.a}}")
    assert not limiter.allow("{{use.a}}")
    clock.now = 16
    assert limiter.remaining("{{use.a}}") == 0
    clock.now = 17
    assert limiter.remaining("{{use.a}}") == 1
    assert limiter.allow("{{use.a}}")
    assert not limiter.allow("{{use.a}}")
    clock.now = 22
    assert limiter.allow("{{use.a}}")


def test_cost_and_refusal():
    limiter = Limiter({{most}}, 10, Clock())
    assert limiter.allow("{{use.a}}", {{most}} - 1)
    assert not limiter.allow("{{use.a}}", 2)
    assert limiter.remaining("{{use.a}}") == 1
    assert limiter.allow("{{use.a}}", 1)


def test_wait():
    clock = Clock()
    limiter = Limiter({{most}}, 10, clock)
    assert limiter.wait("{{use.a}}") == 0
    limiter.allow("{{use.a}}", {{most}})
    clock.now = 4
    assert limiter.wait("{{use.a}}") == 6
    clock.now = 10
    assert limiter.wait("{{use.a}}") == 0


def test_keys():
    limiter = Limiter(1, 10, Clock())
    assert limiter.allow("{{use.a}}")
    assert limiter.allow("{{use.b}}")
    limiter.reset("{{use.a}}")
    assert limiter.remaining("{{use.a}}") == 1
    assert limiter.remaining("{{use.b}}") == 0


@pytest.mark.parametrize("cost", [0, -1, {{most}} + 1])
def test_bad_cost(cost):
    limiter = Limiter({{most}}, 10, Clock())
    with pytest.raises(ValueError):
        limiter.allow("{{use.a}}", cost)
    with pytest.raises(ValueError):
        limiter.wait("{{use.a}}", cost)


@pytest.mark.parametrize("most, window", [(0, 10), (1, 0)])
def test_bad_limits(most, window):
    with pytest.raises(ValueError):
        Limiter(most, window, Clock())
