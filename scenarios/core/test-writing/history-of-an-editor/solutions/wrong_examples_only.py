# score: 1.5 - the example of the prompt and nothing else
from {{module}} import History


def test_undo_and_redo():
    h = History("s0", {{limit}})
    h.do("{{use.a}}", "s1"), h.do("{{use.b}}", "s2")
    assert h.undo() == "{{use.b}}" and h.current() == "s1" and list(h.labels()) == ["{{use.a}}"]
    assert h.redo() == "{{use.b}}" and h.current() == "s2" and h.redo() is None
