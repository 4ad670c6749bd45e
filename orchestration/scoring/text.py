"""Scores answers that are text or JSON, and dialogues; nothing is run.

Not here: finding code in an answer (extraction), nor the rules of equality (comparison).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from orchestration.sandbox.values import Items, Pairs, Value
from orchestration.scoring.checking import Judged, grade_of, grade_of_no_answer
from orchestration.scoring.comparison import Comparison
from orchestration.scoring.extraction import TAGS_OF, fenced_blocks, without_thoughts
from orchestration.scoring.interface import REFUSAL
from orchestration.scoring.tool_calls import calls_made, judge_calls, turns_of
from scenarios.checks import EqualsCheck, JsonCheck, LineSetCheck, OneOfCheck, RegexCheck, ToolCallsCheck
from scenarios.dialogue import answers_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from orchestration.scoring.interface import Grade
    from scenarios.checks import Check
    from scenarios.dialogue import Turn
    from scenarios.variants import Variant

SaidCheck: TypeAlias = EqualsCheck | OneOfCheck | RegexCheck | JsonCheck | LineSetCheck

MISSING: Final = object()
LONGEST_ANSWER: Final = 200_000
DEEPEST_JSON: Final = 60


@dataclass(frozen=True, slots=True)
class TextScorer:
    name: str = "text"
    version: int = 4

    def score(self, variant: Variant, answer: str) -> Grade:
        turns = turns_of(variant, answer)
        said = [Said.of(text) for text in answers_of(turns)] or [Said.of("")]
        wants_json = any(isinstance(check, JsonCheck | LineSetCheck) for check in variant.checks)
        nothing = grade_of_no_answer(variant, said[-1].text)
        if nothing and not (nothing.reason == REFUSAL and wants_json and said[-1].has_data):
            return nothing
        judged = [judge_any(check, said, variant, turns) for check in variant.checks]
        return grade_of(judged, [], is_format_ok=not wants_json or said[-1].parsed is not MISSING)


class Said(NamedTuple):
    """One message to the user, and the JSON in it."""

    text: str
    parsed: Any

    @classmethod
    def of(cls, answer: str) -> Said:
        text = without_thoughts(answer).strip()[:LONGEST_ANSWER]
        return cls(text, json_in(text))

    @property
    def has_data(self) -> bool:
        """Whether it brings an object or a list, whatever it declines besides."""
        return isinstance(self.parsed, dict | list)


def judge_any(check: Check, said: Sequence[Said], variant: Variant, turns: Sequence[Turn]) -> Judged:
    """Raises TypeError for a check of another kind of scenario."""
    if isinstance(check, ToolCallsCheck):
        return judge_calls(check, calls_made(variant, turns))
    if not isinstance(check, SaidCheck):
        raise TypeError(f"{check.name} is no check of a text")
    if not -len(said) <= check.turn < len(said):
        return Judged(check, 0.0, "wrong", "the dialogue ended before this answer")
    return judge(check, *said[check.turn])


def judge(check: SaidCheck, text: str, parsed: Any) -> Judged:
    match check:
        case LineSetCheck():
            return judge_labels(check, parsed)
        case JsonCheck():
            passed = parsed is not MISSING and holds_json(check, parsed)
        case RegexCheck():
            passed = (re.search(check.pattern, text) is not None) == check.must_match
        case EqualsCheck():
            passed = is_one_of(text, (check.expected,), ignore_case=check.ignore_case)
        case OneOfCheck():
            passed = is_one_of(text, check.expected, ignore_case=check.ignore_case)
    missing = " (no JSON in the answer)" if parsed is MISSING and isinstance(check, JsonCheck) else ""
    return Judged(check, 1.0, "ok") if passed else Judged(check, 0.0, "wrong", f"{check.kind} does not hold{missing}")


def is_one_of(text: str, expected: tuple[str, ...], *, ignore_case: bool) -> bool:
    """Equal but for white space around, and for one fence or pair of backticks around the whole."""
    bare = unwrapped(text)
    if ignore_case:
        return bare.casefold() in {item.strip().casefold() for item in expected}
    return bare in {item.strip() for item in expected}


def unwrapped(text: str) -> str:
    blocks = fenced_blocks(text)
    if len(blocks) == 1 and text.startswith(("```", "~~~")) and text.endswith(("```", "~~~")):
        return blocks[0].code.strip()
    if len(text) > 1 and text[0] == text[-1] == "`" and text.count("`") == 2:  # noqa: PLR2004 (a pair)
        return text[1:-1].strip()
    return text.strip()


def holds_json(check: JsonCheck, parsed: Any) -> bool:
    found = value_at(parsed, check.path)
    return found is not MISSING and Comparison(check.tolerance).equal(check.expected, as_value(found))


def as_value(parsed: Any) -> Value:
    """Parsed JSON in the form that the comparison reads."""
    if isinstance(parsed, dict):
        return Pairs(tuple((key, as_value(item)) for key, item in parsed.items()))
    if isinstance(parsed, list):
        return Items("list", tuple(as_value(item) for item in parsed))
    value: Value = parsed
    return value


def json_in(text: str) -> Any:
    """The JSON of an answer: the whole, else the first block that is some, else the first object or list in it."""
    for candidate in json_candidates(text):
        parsed = parsed_json(candidate)
        if parsed is not MISSING:
            return parsed
    return MISSING


def json_candidates(text: str) -> Iterator[str]:
    yield text
    blocks = fenced_blocks(text)
    yield from (block.code for block in blocks if block.tag in TAGS_OF["json"])
    yield from (block.code for block in blocks)
    found = re.search(r"[\[{]", text)
    if found:
        yield text[found.start() :]


def parsed_json(text: str) -> Any:
    """The JSON at the start of `text`, MISSING when there is none, or something that only nests."""
    text = text.strip()
    if nesting(text) > DEEPEST_JSON:
        return MISSING
    try:
        value, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return MISSING
    return value if isinstance(value, dict | list) or not text[end:].strip() else MISSING


def nesting(text: str) -> int:
    """The deepest run of opened brackets, those in strings included: an upper bound."""
    depth = deepest = 0
    for character in text:
        if character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    return deepest


def value_at(parsed: Any, pointer: str) -> Any:
    """The value that a JSON pointer (RFC 6901) names, MISSING when there is none."""
    for token in pointer.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        if isinstance(parsed, dict) and key in parsed:
            parsed = parsed[key]
        elif isinstance(parsed, list) and key.isascii() and key.isdigit() and int(key) < len(parsed):
            parsed = parsed[int(key)]
        else:
            return MISSING
    return parsed


def judge_labels(check: LineSetCheck, parsed: Any) -> Judged:
    items = MISSING if parsed is MISSING else value_at(parsed, check.path)
    if not isinstance(items, list):
        return Judged(check, 0.0, "wrong", "no list of findings in the answer")
    found = {label for item in items if (label := label_of(item, check.fields)) is not None}
    measure = measure_of(check, found)
    if measure >= check.at_least:
        return Judged(check, 1.0, "ok")
    share = measure if check.share == "fraction" else 0.0
    return Judged(check, share, "wrong", f"{check.measure} {measure:.2f}")


def label_of(item: Any, fields: tuple[str, ...]) -> str | None:
    """An item's label; None for an item without one of the fields."""
    if not fields:
        return None if isinstance(item, dict | list) else label_text(item)
    if not isinstance(item, dict) or any(field not in item for field in fields):
        return None
    return ":".join(label_text(item[field]) for field in fields)


def label_text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def measure_of(check: LineSetCheck, found: set[str]) -> float:
    """Recall, precision or F1 as LineSetCheck defines them."""
    expected = set(check.expected)
    recall = len(found & expected) / len(expected)
    precision = len(found & (expected | set(check.allowed))) / len(found) if found else 0.0
    if check.measure == "recall":
        return recall
    if check.measure == "precision":
        return precision
    return 2 * recall * precision / (recall + precision) if recall + precision else 0.0
