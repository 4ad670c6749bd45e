# score: 4 - every method is tested, but the clock never moves
import pytest

from {{module}} import Limiter


def make_limiter():
    return Limiter({{most}}, 60, lambda: 100)


def test_allows_up_to_the_limit():
    limiter = make_limiter()
    for _ in range({{most}}):
        assert limiter.allow("{{use.a}}")
    assert not limiter.allow("{{use.a}}")


def test_cost():
    limiter = make_limiter()
    assert limiter.allow("{{use.a}}", 3)
    assert limiter.remaining("{{use.a}}") == {{most}} - 3


def test_refused_costs_nothing():
    limiter = make_limiter()
    assert limiter.allow("{{use.a}}", {{most}} - 1)
    assert not limiter.allow("{{use.a}}", 2)
    assert limiter.remaining("{{use.a}}") == 1


def test_keys_are_independent():
    limiter = make_limiter()
    limiter.allow("{{use.a}}", {{most}})
    assert limiter.allow("{{use.b}}")


def test_wait():
    limiter = make_limiter()
    assert limiter.wait("{{use.a}}") == 0
    limiter.allow("{{use.a}}", {{most}})
    assert limiter.wait("{{use.a}}") == 60


def test_reset():
    limiter = make_limiter()
    limiter.allow("{{use.a}}", {{most}})
    limiter.reset("{{use.a}}")
    assert limiter.remaining("{{use.a}}") == {{most}}


@pytest.mark.parametrize("cost", [0, -1, {{most}} + 1])
def test_bad_cost(cost):
    with pytest.raises(ValueError):
        make_limiter().allow("{{use.a}}", cost)


@pytest.mark.parametrize("most, window", [(0, 60), (1, 0)])
def test_bad_limits(most, window):
    with pytest.raises(ValueError):
        Limiter(most, window, lambda: 0)
