# score: 4 - checks that the shares add up and are nearly right, never which name gets what is left
import pytest

from {{module}} import split_amount

CASES = [
    (100, {"{{bill.a}}": 1, "{{bill.b}}": 1, "{{bill.c}}": 1}),
    (10, {"{{bill.a}}": 1, "{{bill.b}}": 2}),
    (99, {"{{bill.a}}": 5, "{{bill.b}}": 0, "{{bill.c}}": 7}),
    (-50, {"{{bill.a}}": 1, "{{bill.b}}": 1, "{{bill.c}}": 4}),
    (12345, {"{{bill.d}}": 13, "{{bill.c}}": 17, "{{bill.a}}": 19}),
    (0, {"{{bill.a}}": 1, "{{bill.b}}": 2}),
]


@pytest.mark.parametrize("total, weights", CASES)
def test_shares_add_up(total, weights):
    result = split_amount(total, weights)
    assert sum(result.values()) == total
    assert set(result) == set(weights)


@pytest.mark.parametrize("total, weights", CASES)
def test_no_share_is_a_whole_unit_off(total, weights):
    whole = sum(weights.values())
    for name, share in split_amount(total, weights).items():
        assert abs(share - total * weights[name] / whole) < 1


@pytest.mark.parametrize("weights", [{}, {"{{bill.a}}": 0, "{{bill.b}}": 0}, {"{{bill.a}}": -1}])
def test_errors(weights):
    with pytest.raises(ValueError):
        split_amount(10, weights)
