"""From a raw answer to the code in it, and whether it is an answer at all.

Not here: what the code is worth. Nothing is parsed or compiled here: an answer is text that nobody trusts.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

Source = Literal["block", "raw", "continuation"]

TAGS_OF: Final = {
    "python": frozenset({"python", "py", "python3", "python2", "pycon"}),
    "javascript": frozenset({"javascript", "js", "node", "nodejs", "mjs", "cjs", "jsx"}),
    "bash": frozenset({"bash", "sh", "shell", "zsh", "console", "shell-session"}),
    "sql": frozenset({"sql", "duckdb", "postgresql", "postgres", "sqlite", "mysql"}),
    "json": frozenset({"json", "jsonc", "json5"}),
}
THOUGHT_BEGINS: Final = re.compile(r"<think(?:ing)?>")
THOUGHT_ENDS: Final = re.compile(r"</think(?:ing)?>")
OPENING: Final = re.compile(r"^(?P<indent>[ \t>]*)(?P<fence>`{3,}|~{3,})[ \t]*(?P<tag>[\w+#.-]*)[^`\n]*$")
INLINE_FENCE: Final = re.compile(r"```[ \t]*(?P<tag>[\w+#-]*)[^\n]{0,99}\n(?P<code>.*?)(?:```|\Z)", re.DOTALL)
REFUSAL: Final = re.compile(
    r"\A\W*(?:(?:i['\u2019]?m|i am|we['\u2019]re|my) (?:\w+ )?(?:sorry|apologi\w+|afraid|unable|not able)\b"
    r"|(?:sorry|apologies|unfortunately|as an? (?:ai|artificial|large|language))\b[^.\n]{0,80}"
    r"\b(?:can(?:no|['\u2019])?t|unable|not able|won['\u2019]?t)\b"
    r"|i (?:can(?:no|['\u2019])?t|won['\u2019]?t|will not|must decline|have to decline|decline|refuse)\b)",
    re.IGNORECASE,
)
PYTHON_DEFINITIONS: Final = (
    r"^(?:async[ \t]{1,9})?(?:def|class)[ \t]{1,9}NAME\b",
    r"^NAME[ \t]{0,9}(?::[^=\n]{1,99})?=[^=]",
    r"^from[ \t][^\n]{1,99}?[ \t]import[ \t][^\n]{0,199}\bNAME\b",
)
JAVASCRIPT_DEFINITIONS: Final = (
    r"\b(?:function|class|const|let|var)[ \t*]{1,9}NAME\b",
    r"^[ \t]{0,40}(?:(?:module\.)?exports\.)?NAME[ \t]{0,9}=",
)
NEW_STATEMENT: Final = re.compile(r"(?:def|class|import|from|async|@)\b|@")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block. `is_closed` is false when the answer ends inside it."""

    tag: str
    code: str
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Extracted:
    """The code of an answer. `is_format_ok`: it came in a closed block, or the answer was nothing but code."""

    code: str
    source: Source
    is_format_ok: bool


def extract_code(answer: str, *, language: str, entry: str | None = None, prefix: str = "") -> Extracted:
    """The block that defines `entry`, else the first of the language, else the first, else the text itself.

    An answer that does not define `entry` continues `prefix`, the code that the task showed, when there is one.
    """
    text = without_thoughts(answer)
    blocks = fenced_blocks(text)
    chosen = best_block(blocks, language, entry)
    code = chosen.code if chosen else text
    if prefix and entry and not defines(code, entry, language):
        return Extracted(prefix + continued(code, prefix), "continuation", is_format_ok=True)
    if chosen is None:
        return Extracted(code, "raw", is_format_ok=entry is None or starts_as_code(code, entry, language))
    return Extracted(code, "block", is_format_ok=chosen.is_closed)


def best_block(blocks: list[Block], language: str, entry: str | None) -> Block | None:
    """Measured on 1,352 published answers: the defining block agrees with 1,345 verdicts, the first with 1,338."""
    tags = TAGS_OF.get(language, frozenset())
    of_language = [block for block in blocks if block.tag in tags]
    for candidates in (of_language, blocks) if entry else ():
        for block in candidates:
            if defines(block.code, entry or "", language):
                return block
    return next(iter(of_language or blocks), None)


def without_thoughts(answer: str) -> str:
    """The answer without its reasoning, also when the reasoning has lost its first tag or, at the start, its last."""
    kept = []
    position = 0
    while begin := THOUGHT_BEGINS.search(answer, position):
        end = THOUGHT_ENDS.search(answer, begin.end())
        if end is None:
            break
        kept.append(answer[position : begin.start()])
        position = end.end()
    rest = without_headless_thought("".join(kept) + answer[position:])
    return "" if THOUGHT_BEGINS.match(rest.lstrip()) else rest


def without_headless_thought(text: str) -> str:
    """Some chat templates send the first tag themselves: what precedes a lone last tag is reasoning."""
    end = THOUGHT_ENDS.search(text)
    return text if end is None or "```" in text[: end.start()] else text[end.end() :]


def fenced_blocks(text: str) -> list[Block]:
    """Blocks whose fences start a line; only when they hold nothing, those that start within one."""
    blocks = [block for block in line_blocks(text.split("\n")) if block.code.strip()]
    if blocks:
        return blocks
    return [
        Block(found["tag"].lower(), found["code"], found[0].endswith("```")) for found in INLINE_FENCE.finditer(text)
    ]


def line_blocks(lines: list[str]) -> Iterator[Block]:
    position = 0
    while position < len(lines):
        opening = OPENING.match(lines[position])
        position += 1
        if opening is None:
            continue
        end = end_of_block(lines, position, opening["fence"])
        yield block_of(lines[position : end + 1], opening, is_closed=end < len(lines))
        position = end + 1


def end_of_block(lines: list[str], start: int, fence: str) -> int:
    """The index of the line that closes the block, or the number of lines."""
    for index in range(start, len(lines)):
        line = lines[index].strip()
        if line.strip(fence[0]) == "" and len(line) >= len(fence):
            return index
        if line.endswith(fence) and line.count(fence) == 1:
            return index
    return len(lines)


def block_of(lines: list[str], opening: re.Match[str], *, is_closed: bool) -> Block:
    """`lines` without the fence's indent and the closing fence, which may stand behind the last line of code."""
    if is_closed:
        last = lines[-1].rstrip().rstrip(opening["fence"][0])
        lines = [*lines[:-1], last] if last.strip() else lines[:-1]
    indent = opening["indent"]
    code = "".join(line.removeprefix(indent) + "\n" for line in lines)
    return Block(opening["tag"].lower(), code, is_closed)


def defines(code: str, entry: str, language: str) -> bool:
    """Whether `code` gives the name a top-level meaning, as far as its lines show.

    All repetitions are bounded: an answer must not be able to make the search slow.
    """
    templates = JAVASCRIPT_DEFINITIONS if language == "javascript" else PYTHON_DEFINITIONS
    pattern = "|".join(templates).replace("NAME", re.escape(entry))
    return re.search(pattern, code, re.MULTILINE) is not None


def starts_as_code(text: str, entry: str, language: str) -> bool:
    """Whether a text without fences is code from its first line on, as far as that line shows."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    looks = r"\s*(?:[#@/*\"']|(?:async|def|class|import|from|const|let|var|function|export)\b|\w+\s*=)"
    return defines(text, entry, language) and re.match(looks, first) is not None


def continued(code: str, prefix: str) -> str:
    """A continuation of a function's head: its body is indented when the model left that out."""
    first = next((line for line in code.split("\n") if line.strip()), "")
    is_body = prefix.rstrip().endswith((":", '"""', "'''"))
    if is_body and first and not first[0].isspace() and not NEW_STATEMENT.match(first):
        return textwrap.indent(code, "    ")
    return code


def is_refusal(answer: str) -> bool:
    """Whether a text without any code declines the task in its first words."""
    text = without_thoughts(answer).strip()
    return not fenced_blocks(text) and REFUSAL.match(text) is not None


def is_empty(answer: str) -> bool:
    return not without_thoughts(answer).strip()


def repeats_prompt(answer: str, prompt: str) -> bool:
    """Whether an answer holds nothing but what the prompt showed: its code unchanged, or the whole of it."""
    text = without_thoughts(answer)
    parts = [block.code for block in fenced_blocks(text)] or [text]
    shown = {without_margins(part) for part in (prompt, *(block.code for block in fenced_blocks(prompt)))}
    return all(without_margins(part) in shown for part in parts)


def without_margins(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip("\n").split("\n")).strip()
