"""Whether a claimed value equals an expected one, driven by the expected value.

Not here: reading the claimed value (sandbox.values). Claimed keys are never hashed and claimed items never sorted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from orchestration.sandbox.values import Items, Pairs, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True, slots=True)
class Comparison:
    """How strict to be.

    Numbers are equal when they are equal as numbers, or within `tolerance` (absolute), when given. True is not 1. A
    tuple equals a list. A claimed key or item of a set counts once. `is_text_of_dates`: an expected text equals a date
    or time whose ISO form it is, with a blank or a T between date and time.
    """

    tolerance: float | None = None
    is_text_of_dates: bool = False

    def equal(self, expected: Any, actual: Value) -> bool:
        if expected is None or isinstance(expected, bool):
            return actual is expected
        if isinstance(expected, int | float | Decimal):
            return self._numbers(expected, actual)
        if isinstance(expected, dict):
            return self._dicts(expected, actual)
        if isinstance(expected, list | tuple):
            return self._sequences(expected, actual)
        if isinstance(expected, set | frozenset):
            return self._sets(expected, actual)
        return self._texts(expected, actual)

    def _numbers(self, expected: float | Decimal, actual: Value) -> bool:
        if isinstance(actual, bool) or not isinstance(actual, int | float | Decimal):
            return False
        if is_nan(expected) or is_nan(actual):
            return is_nan(expected) and is_nan(actual)
        if expected == actual:
            return True
        return self.tolerance is not None and is_within(expected, actual, self.tolerance)

    def _sequences(self, expected: Sequence[Any], actual: Value) -> bool:
        return (
            isinstance(actual, Items)
            and actual.kind in {"list", "tuple"}
            and len(actual.items) == len(expected)
            and all(map(self.equal, expected, actual.items))
        )

    def _sets(self, expected: set[Any] | frozenset[Any], actual: Value) -> bool:
        if not isinstance(actual, Items) or actual.kind not in {"set", "frozenset"}:
            return False
        return each_once(list(expected), list(actual.items), self.equal)

    def _dicts(self, expected: dict[Any, Any], actual: Value) -> bool:
        return isinstance(actual, Pairs) and each_once(list(expected.items()), list(actual.pairs), self._pair)

    def _pair(self, expected: tuple[Any, Any], actual: tuple[Value, Value]) -> bool:
        return self.equal(expected[0], actual[0]) and self.equal(expected[1], actual[1])

    def _texts(self, expected: Any, actual: Value) -> bool:
        if self.is_text_of_dates and isinstance(expected, str) and isinstance(actual, date):
            return expected in iso_forms(actual)
        return type(actual) is type(expected) and bool(actual == expected)


def each_once(expected: list[Any], actual: list[Any], equal: Callable[[Any, Any], bool]) -> bool:
    """Whether the two can be paired off. The expected side is ours and small; most often the orders agree."""
    if len(expected) != len(actual):
        return False
    remaining = list(actual)
    for wanted in expected:
        index = next((index for index, item in enumerate(remaining) if equal(wanted, item)), None)
        if index is None:
            return False
        del remaining[index]
    return True


def is_nan(number: float | Decimal) -> bool:
    return number.is_nan() if isinstance(number, Decimal) else isinstance(number, float) and math.isnan(number)


def is_within(expected: float | Decimal, actual: float | Decimal, tolerance: float) -> bool:
    try:
        return abs(float(expected) - float(actual)) <= tolerance
    except OverflowError:
        return False


def iso_forms(moment: date) -> set[str]:
    if not isinstance(moment, datetime):
        return {moment.isoformat()}
    forms = {moment.isoformat(separator) for separator in " T"}
    if moment.tzinfo is None and (moment.hour, moment.minute, moment.second, moment.microsecond) == (0, 0, 0, 0):
        forms.add(moment.date().isoformat())
    return forms
