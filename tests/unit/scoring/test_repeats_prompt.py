"""An answer that only repeats the prompt."""

from __future__ import annotations

import pytest

from orchestration.scoring.extraction import repeats_prompt

PROMPT = "Mend this:\n\n```python\ndef f(x):\n    return x\n```\n\nIt says:\n\n```\nE assert 1 == 2\n```\n"


@pytest.mark.parametrize(
    "answer",
    [
        PROMPT,
        "```python\ndef f(x):\n    return x\n```",
        "Here it is.\n\n```py\n\ndef f(x):   \n    return x\n```\nDone.",
        "<think>hm</think>```python\ndef f(x):\n    return x\n```",
        "def f(x):\n    return x\n",
    ],
)
def test_what_the_prompt_showed_is_no_answer(answer: str) -> None:
    assert repeats_prompt(answer, PROMPT)


@pytest.mark.parametrize(
    "answer",
    [
        "```python\ndef f(x):\n    return x + 1\n```",
        "42",
        "```python\ndef f(x):\n    return x\n```\n```\nf(2)\n```",
        "{}",
    ],
)
def test_anything_else_is_one(answer: str) -> None:
    assert not repeats_prompt(answer, PROMPT)
