# score: 0 - compares the whole dict, though it may have other entries
import pytest

from {{module}} import sniff

A, B = "{{order.a}}", "{{order.b}}"


def test_header():
    assert sniff(f"name{A}age\nAda{A}36\n") == {"delimiter": A, "columns": 2, "header": True}


def test_quotes():
    assert sniff(f'"a{A}b"{B}c\nd{B}e\n') == {"delimiter": B, "columns": 2, "header": False}


def test_comments_and_blank_lines():
    sample = f"{{comment}} exported\n\na{A}b\n{{comment}} more\n1{A}2\n"
    assert sniff(sample) == {"delimiter": A, "columns": 2, "header": True}


@pytest.mark.parametrize("sample", ["", "word\n"])
def test_errors(sample):
    with pytest.raises(ValueError):
        sniff(sample)
