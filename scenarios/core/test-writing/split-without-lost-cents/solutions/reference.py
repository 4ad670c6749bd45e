# score: 10
import pytest

from {{module}} import split_amount

A, B, C, D = "{{bill.a}}", "{{bill.b}}", "{{bill.c}}", "{{bill.d}}"


@pytest.mark.parametrize(
    "total, weights, expected",
    [
        (100, {A: 1, B: 1, C: 1}, {A: 34, B: 33, C: 33}),
        (10, {A: 1, B: 2}, {A: 3, B: 7}),
        (100, {C: 1, B: 1, A: 1}, {A: 34, B: 33, C: 33}),
        (101, {D: 1, C: 1, B: 1}, {B: 34, C: 34, D: 33}),
        (2, {B: 1, C: 1, D: 1, A: 1}, {A: 1, B: 1, C: 0, D: 0}),
        (1, {A: 1, B: 3}, {A: 0, B: 1}),
        (10, {A: 1, B: 1, C: 4}, {A: 2, B: 2, C: 6}),
        (3, {A: 1, B: 5}, {A: 1, B: 2}),
        (7, {A: 0, B: 1}, {A: 0, B: 7}),
        (1, {A: 0, B: 1, C: 1}, {A: 0, B: 1, C: 0}),
        (0, {A: 1, B: 2}, {A: 0, B: 0}),
        (5, {A: 3}, {A: 5}),
    ],
)
def test_shares(total, weights, expected):
    assert split_amount(total, weights) == expected
    assert split_amount(-total, weights) == {name: -share for name, share in expected.items()}


def test_large_totals_are_exact():
    assert split_amount(10**30 + 1, {A: 1, B: 1}) == {A: 5 * 10**29 + 1, B: 5 * 10**29}
    assert split_amount(3 * 10**25 + 2, {A: 1, B: 1, C: 1}) == {A: 10**25 + 1, B: 10**25 + 1, C: 10**25}


@pytest.mark.parametrize("total", [0, 1, 100, -7])
@pytest.mark.parametrize("weights", [{}, {A: 0}, {A: 0, B: 0}, {A: -1, B: 5}, {A: 5, B: -5}, {A: -1, B: -2}])
def test_errors(total, weights):
    with pytest.raises(ValueError):
        split_amount(total, weights)


def test_weights_stay():
    weights = {C: 0, A: 1, B: 2}
    split_amount(10, weights)
    assert list(weights.items()) == [(C, 0), (A, 1), (B, 2)]
