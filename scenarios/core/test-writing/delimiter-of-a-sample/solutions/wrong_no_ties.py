# score: 8 - no two delimiters fit equally well, and no line is dropped before the last one that is looked at
import pytest

from {{module}} import sniff

A, B = "{{order.a}}", "{{order.b}}"


def check(sample, delimiter, columns, header):
    result = sniff(sample)
    assert result["delimiter"] == delimiter
    assert result["columns"] == columns
    assert result["header"] is header


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends(end):
    check(f"a{A}b{end}c{A}1{end}", A, 2, True)


def test_inconsistent_delimiter_does_not_fit():
    check(f"a{A}b{A}c{B}d\ne{A}f{B}g\n", B, 2, False)
    check(f"a{A}b{B}c\nd{B}e\n", B, 2, False)


def test_most_in_a_line():
    check(f"a{A}b{B}c{B}d\ne{A}f{B}g{B}h\n", B, 3, False)


def test_quotes():
    check(f'"a{A}b"{A}c\nd{A}e\n', A, 2, False)


def test_quoted_number():
    check(f'a{A}b\nc{A}"12"\n', A, 2, False)
    check(f'a{A}"12"\nc{A}12\n', A, 2, True)


def test_comments_and_blank_lines():
    check(f"{{comment}} top\n\na{A}b\n   \n1{A}2\n{{comment}} end\n", A, 2, True)


@pytest.mark.parametrize("number", ["1", "-1", "+1", "1.5", "-0.25", " 7 "])
def test_numbers(number):
    check(f"a{A}b\nc{A}{number}\n", A, 2, True)
    check(f"a{A}{number}\nc{A}1\n", A, 2, False)


def test_empty_field_in_the_first_line():
    check(f"a{A}\nc{A}1\n", A, 2, False)


def test_limit():
    lines = [f"a{A}b"] * {{looked_at}}
    check("\n".join(lines + ["no delimiter here"]), A, 2, False)
    with pytest.raises(ValueError):
        sniff("\n".join(lines[1:] + ["no delimiter here"]))


@pytest.mark.parametrize("sample", ["", "\n\n", "word", "{{comment}} only\n"])
def test_errors(sample):
    with pytest.raises(ValueError):
        sniff(sample)
