from __future__ import annotations

import pytest

from orchestration.simulator.profiles import Manner
from orchestration.simulator.wording import OPENINGS, REMARKS, worded, wrapping_of

FENCED = Manner(remarks=0)
UNFENCED = Manner(remarks=3, unfenced=1)
TWO_BLOCKS = Manner(remarks=0, second_block=1)
JSON = '[{"line": 1}]'


def test_shares_decide_the_wrapping() -> None:
    manner = Manner(remarks=0, unfenced=0.2, second_block=0.3)
    drawn = [wrapping_of(manner, f"sql/a|wrong_{number}") for number in range(2000)]
    assert drawn.count("unfenced") / 2000 == pytest.approx(0.2, abs=0.03)
    assert drawn.count("second_block") / 2000 == pytest.approx(0.3, abs=0.03)


@pytest.mark.parametrize("language", OPENINGS)
def test_code_stands_in_the_first_block(language: str) -> None:
    text = worded("line 1\nline 2\n", language, "sql/a|reference", Manner(remarks=2))
    opening, *_, remarks = text.split("\n\n")
    assert opening in OPENINGS[language]
    assert f"```{language}\nline 1\nline 2\n```" in text
    assert text.count("```") == 2
    assert sum(remark in remarks for remark in REMARKS) == 2


def test_a_second_block_follows_the_code() -> None:
    text = worded("pass", "python", "sql/a|reference", TWO_BLOCKS)
    assert text.count("```") == 4
    assert text.index("```python") < text.index("```bash")


def test_code_without_a_fence_is_the_code_alone() -> None:
    assert worded("select 1\n", "sql", "sql/a|reference", UNFENCED) == "select 1"


def test_the_same_solution_is_worded_alike_by_models_of_one_manner() -> None:
    names = [f"sql/a|wrong_{number}" for number in range(50)]
    assert len({worded("pass", "python", name, FENCED) for name in names}) == len(OPENINGS["python"])
    assert worded("pass", "python", names[0], FENCED) == worded("pass", "python", names[0], Manner(remarks=0))


def test_a_text_answer_is_nothing_but_the_answer() -> None:
    assert worded("cart.py:14\n", None, "a", FENCED) == "cart.py:14"
    assert worded(JSON, None, "a", FENCED) == f"```json\n{JSON}\n```"
    assert worded(JSON, None, "a", UNFENCED) == JSON
