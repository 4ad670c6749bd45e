# score: 10
import pytest

from {{module}} import sniff

A, B = "{{order.a}}", "{{order.b}}"


def found(sample):
    result = sniff(sample)
    return result["delimiter"], result["columns"], result["header"]


def delimited(*lines, end="\n"):
    """Lines in which `/` stands for the first delimiter of the order and `:` for the second."""
    return "".join(line.replace("/", A).replace(":", B) + end for line in lines)


@pytest.mark.parametrize(
    "lines, expected",
    [
        (["name/age", "Ada/36"], (A, 2, True)),
        (["a:b:c", "1:2:3"], (B, 3, True)),
        (["a|b", "1|2"], ("|", 2, True)),
        (["a\tb", "1\t2"], ("\t", 2, True)),
        (["a/b:c", "1/2:3"], (A, 2, True)),
        (["a/b:c:d", "1/2:3:4"], (B, 3, True)),
        (["a/b/c:d", "x/1/c:d"], (A, 3, True)),
        (["a/b:c", "x:1"], (B, 2, True)),
        (["x/y", "1"], None),
        (["a/b/c:d", "1/2:3"], (B, 2, True)),
        (['"a/b/c":1', "d:2"], (B, 2, False)),
        (['x/"a:b:c"', 'y/"d:e:f"'], (A, 2, False)),
        (['"say ""a/b""":1', "c:2"], (B, 2, False)),
        (["", "a/b", "  ", "1/2", "\t"], (A, 2, True)),
        (["{{comment}} a:b:c", "a/b", "{{comment}}x", "1/2"], (A, 2, True)),
        (["a/{{comment}}", "1/{{comment}}"], (A, 2, True)),
        (["X/b", "1/2"], (A, 2, True)),
        (["a/\u00a0", "1/2"], (A, 2, True)),
        (["1/2"], (A, 2, False)),
        (["a/b"], (A, 2, False)),
        (["a/b", "c/d"], (A, 2, False)),
        (["a/", "1/2"], (A, 2, False)),
        (["a/ ", "1/2"], (A, 2, False)),
        (["a/1", "b/2"], (A, 2, False)),
        (["a/b", "c/"], (A, 2, False)),
        (["a/b", 'c/"1"'], (A, 2, False)),
        (['a/"1"', "c/1"], (A, 2, True)),
        (['a/""', "c/1"], (A, 2, True)),
        (["a/b", "c/ -3.50 "], (A, 2, True)),
        (["a/b", "c/+3"], (A, 2, True)),
        (["a/b", "c/3."], (A, 2, False)),
        (["a/-1.5", "c/3"], (A, 2, False)),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_sample(lines, expected, end):
    sample = delimited(*lines, end=end)
    if expected is None:
        with pytest.raises(ValueError):
            sniff(sample)
    else:
        assert found(sample) == expected
        assert found(sample.removesuffix(end)) == expected


def test_lines_that_are_looked_at():
    counted = ["a/b"] + ["x/1"] * ({{looked_at}} - 1)
    assert found(delimited(*counted, "no delimiter")) == (A, 2, True)
    assert found(delimited("{{comment}}", "", *counted, "no delimiter")) == (A, 2, True)
    text_only = ["a/b"] * ({{looked_at}} - 1)
    assert found(delimited(*text_only, "x/1")) == (A, 2, True)
    assert found(delimited("", "{{comment}}", *text_only, "x/1")) == (A, 2, True)
    assert found(delimited(*text_only, "x/y", "x/1")) == (A, 2, False)
    with pytest.raises(ValueError):
        sniff(delimited(*text_only, "no delimiter"))


@pytest.mark.parametrize("sample", ["", "\n \r\n", "word", "one\ntwo\n", "{{comment}}a,b;c\n", '"a,b;c|d"\n'])
def test_no_delimiter(sample):
    with pytest.raises(ValueError):
        sniff(sample)
