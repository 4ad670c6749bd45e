"""Words an answer as a model would: a sentence, the fenced code, remarks; or a refusal, or nothing usable.

Not here: which answer is given (skills, simulated_models).
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from orchestration.simulator.draws import uniforms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orchestration.simulator.profiles import Manner

Wrapping = Literal["fenced", "second_block", "unfenced"]

OPENINGS: dict[str, tuple[str, ...]] = {
    "python": (
        "Here is a Python solution:",
        "This implementation handles the cases you describe:",
        "The following code does what you ask for:",
        "Sure, here you go:",
    ),
    "sql": (
        "Here is the query:",
        "This query returns the rows you describe:",
        "You can do it in one statement:",
        "The following SQL should work:",
    ),
    "bash": (
        "Here is a script that does it:",
        "This should do the job:",
        "You can use the following script:",
        "The following works in a plain shell:",
    ),
    "javascript": (
        "Here is a JavaScript solution:",
        "This function does what you ask for:",
        "The following code should work:",
        "Sure, here you go:",
    ),
}

REMARKS = (
    "It goes through the input once, so it stays fast for large inputs.",
    "Empty input is handled without a special case.",
    "Nothing outside the standard tools is needed.",
    "The names follow those of your description.",
    "I kept it short so that it is easy to review.",
    "Let me know if you would like it adapted to other inputs.",
)

SECOND_BLOCKS: dict[str, str] = {
    "python": "To try it, save it and run:\n\n```bash\npython -i solution.py\n```",
    "sql": "The shape of the result is:\n\n```text\none row per group, columns in the order you named\n```",
    "bash": "Make it executable first:\n\n```bash\nchmod +x solution.sh\n```",
    "javascript": "To try it, save it and run:\n\n```bash\nnode solution.js\n```",
}

REFUSALS = (
    "I'm sorry, but I can't help with that request.",
    "I'm sorry, but I cannot assist with this.",
    "I can't help with that. Is there something else I can do for you?",
)

GARBAGE = (
    (
        "There are several ways to approach this. First I would look closely at the input, then decide on a data "
        "structure, and only then write the final version. Which of these steps would you like to begin with?"
    ),
    (
        "The key idea is to keep track of what was seen before and to combine the parts at the end. The details depend "
        "on your environment, so I leave the remaining steps to you."
    ),
    (
        "This is a common task, and most teams solve it with a well known library. I would recommend reading its "
        "documentation, which has an example very close to what you describe."
    ),
)

GENERIC = (
    "Thank you for your question. I am a simulated model and know only the tasks of the benchmark's catalogue, so I "
    "can't give a useful answer to this one."
)


def chosen(options: Sequence[str], name: str) -> str:
    """One of the options, always the same for a name."""
    return options[int(uniforms(f"{name}|words")[0] * len(options))]


def wrapping_of(manner: Manner, name: str) -> Wrapping:
    uniform = uniforms(f"{name}|wrapping")[0]
    if uniform < manner.unfenced:
        return "unfenced"
    return "second_block" if uniform < manner.unfenced + manner.second_block else "fenced"


@lru_cache(maxsize=16_384)
def worded(solution: str, language: str | None, name: str, manner: Manner) -> str:
    """A solution as the text of an answer. The words around it depend on its `name` and on the model's manner alone.

    So models of one manner say the same, and a catalogue has few distinct answers: each is graded only once.
    """
    body, wrapping = solution.strip("\n"), wrapping_of(manner, name)
    if language not in OPENINGS:
        return _worded_text(body, wrapping)
    if wrapping == "unfenced":
        return body
    parts = [chosen(OPENINGS[language], name), f"```{language}\n{body}\n```"]
    if wrapping == "second_block":
        parts.append(SECOND_BLOCKS[language])
    if manner.remarks:
        parts.append(" ".join(_remarks(name, manner.remarks)))
    return "\n\n".join(parts)


def _remarks(name: str, count: int) -> list[str]:
    first = REMARKS.index(chosen(REMARKS, name))
    return [REMARKS[(first + index) % len(REMARKS)] for index in range(count)]


def _worded_text(body: str, wrapping: Wrapping) -> str:
    """A text answer is what was asked for and nothing else; JSON stands in a block as models like to put it."""
    return f"```json\n{body}\n```" if wrapping == "fenced" and _is_json(body) else body


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict | list)
    except ValueError:
        return False
