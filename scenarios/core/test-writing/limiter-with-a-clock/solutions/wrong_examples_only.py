# score: 1 - the two examples of the prompt and nothing else
from {{module}} import Limiter


def test_limit():
    now = [0]
    limiter = Limiter({{most}}, 60, lambda: now[0])
    assert limiter.allow("{{use.a}}", {{most}}) is True
    assert limiter.allow("{{use.a}}") is False
    assert limiter.wait("{{use.a}}") == 60


def test_unknown_key():
    limiter = Limiter({{most}}, 60, lambda: 0)
    assert limiter.remaining("{{use.b}}") == {{most}}
