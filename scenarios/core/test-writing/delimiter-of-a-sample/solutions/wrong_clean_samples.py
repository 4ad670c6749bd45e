# score: 1.5 - samples of one delimiter each, with whole numbers and nothing doubtful
import pytest

from {{module}} import sniff

A, B = "{{order.a}}", "{{order.b}}"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_each_delimiter(delimiter):
    rows = [["name", "city", "age"], ["Ada", "London", "36"], ["Bo", "Oslo", "41"]]
    result = sniff("\n".join(delimiter.join(row) for row in rows))
    assert result["delimiter"] == delimiter
    assert result["columns"] == 3
    assert result["header"] is True


def test_no_header():
    result = sniff(f"1{A}2\n3{A}4\n")
    assert result["header"] is False


def test_blank_lines_and_comments():
    result = sniff(f"{{comment}} comment\n\na{A}b\n\n1{A}2\n")
    assert result["delimiter"] == A
    assert result["header"] is True


def test_quoted_delimiter():
    result = sniff(f'"Lovelace{A} Ada"{A}36\n"Berg{A} Bo"{A}41\n')
    assert result["columns"] == 2


def test_windows_line_ends():
    result = sniff(f"a{A}b\r\n1{A}2\r\n")
    assert (result["delimiter"], result["columns"]) == (A, 2)


@pytest.mark.parametrize("sample", ["", "one\ntwo\n"])
def test_nothing_fits(sample):
    with pytest.raises(ValueError):
        sniff(sample)
