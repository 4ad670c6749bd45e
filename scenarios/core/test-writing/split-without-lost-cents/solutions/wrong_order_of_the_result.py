# score: 0 - expects the names of the result in the order in which they were given, which is left open
import pytest

from {{module}} import split_amount


def test_even_split_in_order():
    result = split_amount(100, {"{{bill.a}}": 1, "{{bill.b}}": 1, "{{bill.c}}": 1})
    assert list(result.items()) == [("{{bill.a}}", 34), ("{{bill.b}}", 33), ("{{bill.c}}", 33)]


def test_tie_breaks_by_name():
    assert split_amount(1, {"{{bill.b}}": 1, "{{bill.a}}": 1}) == {"{{bill.a}}": 1, "{{bill.b}}": 0}


def test_refund():
    assert split_amount(-10, {"{{bill.a}}": 1, "{{bill.b}}": 2}) == {"{{bill.a}}": -3, "{{bill.b}}": -7}


@pytest.mark.parametrize("weights", [{}, {"{{bill.a}}": 0}, {"{{bill.a}}": -1, "{{bill.b}}": 2}])
def test_errors(weights):
    with pytest.raises(ValueError):
        split_amount(10, weights)
