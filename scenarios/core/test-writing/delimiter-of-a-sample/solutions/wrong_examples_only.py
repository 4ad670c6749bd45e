# score: 0.5 - the two examples of the prompt and nothing else
from {{module}} import sniff


def test_two_columns():
    r = sniff("name{{order.a}}age\nAda{{order.a}}36\n")
    assert r["delimiter"] == "{{order.a}}" and r["columns"] == 2 and r["header"] is True


def test_three_columns():
    r = sniff("a{{order.b}}b{{order.b}}c\n1{{order.b}}2{{order.b}}3\n")
    assert r["delimiter"] == "{{order.b}}" and r["columns"] == 3 and r["header"] is True
