# score: 1.5 - the two examples of the prompt and nothing else
from {{module}} import make_batches


def test_count():
    r = make_batches(["ab", "cd", "ef"], 2, 100)
    assert [list(batch) for batch in r["batches"]] == [["ab", "cd"], ["ef"]] and r["rejected"] == []


def test_rejected():
    r = make_batches(["ab", "much too long", "cd"], 9, 10)
    assert [list(batch) for batch in r["batches"]] == [["ab", "cd"]] and r["rejected"] == [1]
