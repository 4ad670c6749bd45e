"""Runs an answer's tests: functions test_*, methods of classes Test*, unittest's cases, the common parts of pytest.

Not here: what they judge (tests). A cell runs this file in front of the answer; it has only the standard library.
"""

from __future__ import annotations

import itertools
import re
import sys
import types
import unittest
from typing import Any, Self


class Raises:
    """`pytest.raises`: the block must raise one of the classes, with a message that `match` is found in."""

    def __init__(self, expected: Any, *, match: str | None = None) -> None:
        self.expected, self.match = expected, match
        self.value: BaseException | None = None
        self.type: type[BaseException] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> bool:
        if kind is None:
            raise AssertionError(f"did not raise {self.expected}")
        self.type, self.value = kind, error
        is_expected = issubclass(kind, self.expected)
        if is_expected and self.match is not None and not re.search(self.match, str(error)):
            raise AssertionError(f"{str(error)!r} does not match {self.match!r}")
        return is_expected


def raises(expected: Any, *call: Any, match: str | None = None, **keywords: Any) -> Raises:
    context = Raises(expected, match=match)
    if call:
        with context:
            call[0](*call[1:], **keywords)
    return context


class Approximately:
    """`pytest.approx`: numbers within 1e-6 of the expected size, or 1e-12, also within lists, tuples and dicts."""

    def __init__(self, expected: Any, rel: float | None = None, abs: float | None = None) -> None:  # noqa: A002
        self.expected, self.rel, self.abs = expected, rel, abs

    def __eq__(self, other: object) -> bool:
        return self.holds(self.expected, other)

    __hash__ = None  # type: ignore[assignment]

    def holds(self, expected: Any, found: Any) -> bool:
        if isinstance(expected, list | tuple):
            return len(expected) == len(found) and all(map(self.holds, expected, found))
        if isinstance(expected, dict):
            return expected.keys() == found.keys() and all(self.holds(expected[key], found[key]) for key in expected)
        if isinstance(expected, bool) or not isinstance(expected, int | float):
            return bool(expected == found)
        relative = (1e-6 if self.abs is None else 0.0) if self.rel is None else self.rel
        allowed = max(relative * abs(expected), 1e-12 if self.abs is None else self.abs)
        return bool(expected == found or abs(expected - found) <= allowed)


class Mark:
    """`pytest.mark`: `parametrize` gives a test its rows, every other mark changes nothing."""

    def __getattr__(self, name: str) -> Any:
        return lambda *arguments, **_: arguments[0] if len(arguments) == 1 and callable(arguments[0]) else same

    def parametrize(self, names: Any, rows: Any, **_: Any) -> Any:
        split = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)

        def decorate(test: Any) -> Any:
            given = [row.values if isinstance(row, Parameters) else row for row in rows]
            cases = [dict(zip(split, row if len(split) > 1 else (row,), strict=True)) for row in given]
            test.cases = [*getattr(test, "cases", []), cases]
            return test

        return decorate


class Parameters:
    """`pytest.param`: one row."""

    def __init__(self, *values: Any, **_: Any) -> None:
        self.values = values if len(values) > 1 else values[0]


def same(test: Any) -> Any:
    return test


def offer_module(name: str, values: dict[str, Any]) -> types.ModuleType:
    module = sys.modules[name] = types.ModuleType(name)
    module.__dict__.update(values)
    return module


def offer_pytest() -> None:
    parts = {"raises": raises, "approx": Approximately, "mark": Mark(), "param": Parameters}
    offer_module("pytest", {**parts, "fail": fail})


def fail(reason: str = "") -> None:
    raise AssertionError(reason)


def run_tests(namespace: dict[str, Any]) -> None:
    """Run every test. Raises what the first failing one raises; AssertionError when there is none."""
    tests = list(tests_in(namespace))
    if not tests:
        fail("there is no test")
    for test in tests:
        test()


def tests_in(namespace: dict[str, Any]) -> Any:
    for name, value in list(namespace.items()):
        if isinstance(value, type) and issubclass(value, unittest.TestCase):
            yield from (case.debug for case in unittest.defaultTestLoader.loadTestsFromTestCase(value))
        elif isinstance(value, type) and name.startswith("Test"):
            yield from methods_of(value)
        elif name.startswith("test") and isinstance(value, types.FunctionType):
            yield from cases_of(value)


def methods_of(kind: type) -> Any:
    for name in dir(kind):
        if name.startswith("test"):
            yield from cases_of(
                lambda name=name, **values: called_on_fresh(kind, name, values), getattr(kind, name), kind
            )


def called_on_fresh(kind: type, name: str, values: dict[str, Any]) -> None:
    instance = kind()
    test = getattr(instance, name)
    if prepare := getattr(instance, "setup_method", None):
        prepare(*[test][: prepare.__code__.co_argcount - 1])
    test(**values)


def cases_of(test: Any, *marked: Any) -> Any:
    """The test with each combination of the rows that it, or what it stands for, is marked with."""
    marks = [rows for item in marked or (test,) for rows in getattr(item, "cases", [])]
    for rows in itertools.product(*marks):
        merged = {name: value for row in rows for name, value in row.items()}
        yield lambda merged=merged: test(**merged)
