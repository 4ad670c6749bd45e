# score: 10
import pytest

from {{module}} import Limiter

MOST = {{most}}
A, B = "{{use.a}}", "{{use.b}}"


class Clock:
    def __init__(self, now=0):
        self.now = now

    def __call__(self):
        return self.now


def limiter_at(now, most=MOST, window=60):
    clock = Clock(now)
    return Limiter(most, window, clock), clock


def test_limit_and_end_of_the_window():
    limiter, clock = limiter_at(1000)
    assert limiter.allow(A, MOST) is True
    assert limiter.allow(A) is False
    clock.now = 1059
    assert (limiter.allow(A), limiter.remaining(A), limiter.wait(A)) == (False, 0, 1)
    clock.now = 1060
    assert (limiter.remaining(A), limiter.wait(A), limiter.allow(A)) == (MOST, 0, True)


def test_units_end_one_by_one():
    limiter, clock = limiter_at(50)
    assert limiter.allow(A, 2)
    clock.now = 70
    assert limiter.allow(A, MOST - 2)
    assert [limiter.wait(A, cost) for cost in (1, 2, 3, MOST)] == [40, 40, 60, 60]
    clock.now = 109
    assert limiter.remaining(A) == 0
    clock.now = 110
    assert limiter.remaining(A) == 2
    assert limiter.wait(A, 2) == 0
    assert limiter.wait(A, 3) == 20
    assert not limiter.allow(A, 3)
    assert limiter.remaining(A) == 2
    assert limiter.allow(A, 2)
    clock.now = 130
    assert limiter.remaining(A) == MOST - 2


def test_what_is_free_and_what_ends_first_are_enough():
    limiter, clock = limiter_at(0)
    assert limiter.allow(A, 2)
    clock.now = 10
    assert limiter.allow(A, 2)
    assert limiter.wait(A, MOST - 2) == 50


def test_one_unit_where_nothing_is_said():
    limiter, _ = limiter_at(0)
    assert limiter.allow(A, MOST - 1)
    assert limiter.wait(A) == 0


def test_the_smallest_limits():
    limiter, clock = limiter_at(0, most=1, window=1)
    assert (limiter.allow(A), limiter.allow(A)) == (True, False)
    clock.now = 1
    assert limiter.allow(A) is True


def test_refused_units_do_not_count():
    limiter, clock = limiter_at(0)
    assert limiter.allow(A, MOST - 1)
    assert not limiter.allow(A, 2)
    assert limiter.remaining(A) == 1
    assert limiter.allow(A)


def test_asking_changes_nothing():
    limiter, clock = limiter_at(0)
    for _ in range(MOST + 2):
        assert limiter.remaining(A) == MOST
        assert limiter.wait(A, MOST) == 0
    assert limiter.allow(A, MOST)


def test_keys_limiters_and_reset():
    limiter, clock = limiter_at(0)
    other, _ = limiter_at(0)
    assert limiter.allow(A, MOST)
    assert limiter.allow(B, 2)
    assert (limiter.remaining(B), other.remaining(A)) == (MOST - 2, MOST)
    limiter.reset("nobody")
    limiter.reset(A)
    assert (limiter.remaining(A), limiter.remaining(B)) == (MOST, MOST - 2)
    assert limiter.wait(A) == 0


@pytest.mark.parametrize("cost", [0, -1, MOST + 1])
def test_bad_cost(cost):
    limiter, _ = limiter_at(0)
    with pytest.raises(ValueError):
        limiter.allow(A, cost)
    with pytest.raises(ValueError):
        limiter.wait(A, cost)
    assert limiter.remaining(A) == MOST


@pytest.mark.parametrize("most, window", [(0, 60), (5, 0), (-1, 60), (5, -1)])
def test_bad_limits(most, window):
    with pytest.raises(ValueError):
        Limiter(most, window, Clock())
