"""From a raw answer to its code."""

from __future__ import annotations

import time

import pytest

from orchestration.scoring.extraction import extract_code, is_empty, is_refusal

FENCE = "```"


def block(code: str, tag: str = "python") -> str:
    return f"{FENCE}{tag}\n{code}\n{FENCE}\n"


def code_of(answer: str, language: str = "python", entry: str | None = "solve", prefix: str = "") -> str:
    return extract_code(answer, language=language, entry=entry, prefix=prefix).code.strip()


SOLVE = "def solve(a):\n    return a"


@pytest.mark.parametrize(
    "answer",
    [
        SOLVE,
        block(SOLVE),
        f"Sure!\n\n{block(SOLVE)}\nThis returns a.",
        block("pip install x", "bash") + block(SOLVE),
        block("print(solve(1))") + block(SOLVE),
        block(SOLVE) + "Better:\n" + block("class Other: pass"),
        block(SOLVE, ""),
        block(SOLVE, "py"),
        f"<think>maybe {block('def solve(): wrong')}</think>{block(SOLVE)}",
        f"reasoning without its first tag</think>{block(SOLVE)}",
        f"~~~python\n{SOLVE}\n~~~",
        f"{FENCE}python\n{SOLVE}",
        f"{FENCE}python\n{SOLVE}{FENCE}",
        f"1. Here:\n   {FENCE}python\n   def solve(a):\n       return a\n   {FENCE}",
        f"Here it is: {FENCE}python\n{SOLVE}\n{FENCE}",
        f"{FENCE * 2}python\n{SOLVE}\n{FENCE * 2}",
    ],
)
def test_the_block_that_defines_the_entry_is_found(answer: str) -> None:
    assert code_of(answer) == SOLVE


def test_fences_inside_the_code_stay_in_it() -> None:
    code = f'def solve(a):\n    """\n    x = "{FENCE}python"\n    """\n    return a'
    assert code_of(block(code)) == code


def test_without_an_entry_the_first_block_of_the_language_is_taken() -> None:
    answer = block("npm i", "bash") + block("select 1", "sql") + block("select 2", "sql")
    assert code_of(answer, "sql", None) == "select 1"
    assert code_of(block("select 1", ""), "sql", None) == "select 1"
    assert code_of("select 1;", "sql", None) == "select 1;"


def test_javascript_definitions_are_known() -> None:
    for code in ("const solve = (a) => a", "async function solve(a) { }", "exports.solve = (a) => a", "class solve {}"):
        assert code_of(block("solve(1)", "js") + block(code, "js"), "javascript") == code


PREFIX = 'from typing import List\n\n\ndef solve(a):\n    """Doc."""\n'


@pytest.mark.parametrize("body", ["    return a", "return a", block("    return a"), block("return a")])
def test_a_body_continues_the_prompt(body: str) -> None:
    assert code_of(body, prefix=PREFIX) == PREFIX + "    return a"


def test_a_whole_function_does_not_continue_the_prompt() -> None:
    assert code_of(block(SOLVE), prefix=PREFIX) == SOLVE


@pytest.mark.parametrize(
    ("answer", "is_format_ok"),
    [(block(SOLVE), True), (SOLVE, True), (f"{FENCE}python\n{SOLVE}", False), (f"Well, {SOLVE}", False)],
)
def test_the_format_is_judged(answer: str, is_format_ok: bool) -> None:
    assert extract_code(answer, language="python", entry="solve").is_format_ok is is_format_ok


@pytest.mark.parametrize(
    "answer",
    [
        "I'm sorry, but I can't help with that.",
        "I cannot assist with this request.",
        "Sorry, I can't do that.",
        "As an AI language model, I am unable to write this.",
        "I\u2019m unable to comply.",
        "Unfortunately, I won't be able to help.",
    ],
)
def test_refusals_are_recognised(answer: str) -> None:
    assert is_refusal(answer)


@pytest.mark.parametrize(
    "answer",
    [
        SOLVE,
        "I'm sorry for the confusion, but here:\n" + block(SOLVE),
        "I can do that.",
        "Sorry about the delay. select 1",
        "The loop can't end.",
        "SELECT 1",
        'def solve():\n    raise ValueError("Sorry, I can\'t")',
    ],
)
def test_answers_are_not_refusals(answer: str) -> None:
    assert not is_refusal(answer)


@pytest.mark.parametrize("answer", ["", " \n", "<think>hm</think>\n", "<think>never ended " + block(SOLVE)])
def test_nothing_but_thoughts_is_empty(answer: str) -> None:
    assert is_empty(answer)


@pytest.mark.parametrize(
    "unit", ["<think>", "```", "```\n", "\n", "def ", "from import ", "solve = ", "I'm ", "</think>", "~~~x\n", "> "]
)
def test_no_answer_makes_extraction_slow(unit: str) -> None:
    answer = unit * (100_000 // len(unit))
    started = time.perf_counter()
    extract_code(answer, language="python", entry="solve")
    extract_code(answer, language="javascript", entry="solve")
    is_refusal(answer)
    assert time.perf_counter() - started < 2
