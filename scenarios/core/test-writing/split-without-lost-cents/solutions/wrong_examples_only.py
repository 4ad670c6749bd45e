# score: 1.5 - the two examples of the prompt and nothing else
from {{module}} import split_amount


def test_even():
    assert split_amount(100, {"{{bill.a}}": 1, "{{bill.b}}": 1, "{{bill.c}}": 1}) == {"{{bill.a}}": 34, "{{bill.b}}": 33, "{{bill.c}}": 33}


def test_weighted():
    assert split_amount(10, {"{{bill.a}}": 1, "{{bill.b}}": 2}) == {"{{bill.a}}": 3, "{{bill.b}}": 7}
