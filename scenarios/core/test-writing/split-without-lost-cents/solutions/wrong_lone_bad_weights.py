# score: 8 - a negative weight never stands beside larger ones, and 0 is split with good weights only
import pytest

from {{module}} import split_amount

A, B, C, D = "{{bill.a}}", "{{bill.b}}", "{{bill.c}}", "{{bill.d}}"


@pytest.mark.parametrize(
    "total, weights, expected",
    [
        (100, {A: 1, B: 1, C: 1}, {A: 34, B: 33, C: 33}),
        (10, {A: 1, B: 2}, {A: 3, B: 7}),
        (100, {C: 1, B: 1, A: 1}, {A: 34, B: 33, C: 33}),
        (101, {C: 1, B: 1, A: 1}, {A: 34, B: 34, C: 33}),
        (1, {A: 1, B: 9}, {A: 0, B: 1}),
        (-10, {A: 1, B: 2}, {A: -3, B: -7}),
        (-100, {A: 1, B: 1, C: 1}, {A: -34, B: -33, C: -33}),
        (10, {A: 0, B: 1}, {A: 0, B: 10}),
        (0, {A: 1, B: 1}, {A: 0, B: 0}),
        (10**20, {A: 1, B: 2}, {A: (10**20 - 1) // 3, B: (2 * 10**20 + 1) // 3}),
    ],
)
def test_split(total, weights, expected):
    before = dict(weights)
    assert split_amount(total, weights) == expected
    assert weights == before


@pytest.mark.parametrize("weights", [{}, {A: 0, B: 0}, {A: -1}, {A: -1, B: 0}])
def test_errors(weights):
    with pytest.raises(ValueError):
        split_amount(100, weights)
