"""Scenarios of more than one turn: tools with scripted results, what the user says next, and what was said.

Not here: asking a model (the programs that measure), nor what a dialogue is worth (the graders).
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self

import jsonschema
from pydantic import Field, JsonValue, StringConstraints, TypeAdapter, ValidationError, field_validator, model_validator

from scenarios.schema import Identifier, StrictModel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Role = Literal["user", "assistant", "tool"]
MOST_CALLS_IN_A_TURN: Final = 32
"""Further calls of one turn are answered as too many; an endless list of them must not cost an endless dialogue."""


class ToolResult(StrictModel):
    """What a tool gives to calls whose arguments hold all of `when`: the next of `gives` each time, then the last."""

    when: dict[str, JsonValue] = Field(default_factory=dict)
    gives: Annotated[tuple[JsonValue, ...], Field(min_length=1)]


class Tool(StrictModel):
    """A function that the model may call. `parameters` is the JSON schema of its arguments."""

    name: Identifier
    description: Annotated[str, StringConstraints(min_length=1, max_length=600)]
    parameters: dict[str, JsonValue]
    results: tuple[ToolResult, ...] = ()
    otherwise: JsonValue = "not found"

    @field_validator("parameters")
    @classmethod
    def describe_an_object(cls, parameters: dict[str, JsonValue]) -> dict[str, JsonValue]:
        if fault := schema_fault(json.dumps(parameters)):
            raise ValueError(f"not a JSON schema: {fault}")
        if parameters.get("type") != "object":
            raise ValueError("the schema of the arguments has the type object")
        return parameters


class Dialogue(StrictModel):
    """The contents of tests/dialogue.yaml: what may happen after the prompt.

    The model's turn is one message of it. Its calls are answered until it makes none; then the next of `follow_ups` is
    said, and behind the last one the dialogue is over. So it is after `turn_limit` turns.
    """

    tools: tuple[Tool, ...] = ()
    follow_ups: tuple[Annotated[str, StringConstraints(min_length=1)], ...] = ()
    turn_limit: Annotated[int, Field(ge=2, le=24)] = 10

    @model_validator(mode="after")
    def is_one(self) -> Self:
        if not (self.tools or self.follow_ups):
            raise ValueError("a dialogue has tools or follow_ups")
        names = Counter(tool.name for tool in self.tools)
        if names and (twice := names.most_common(1)[0])[1] > 1:
            raise ValueError(f"two tools are called {twice[0]}")
        return self


class ToolCall(StrictModel):
    """A call as the model made it. `arguments` is the text that it gave, JSON if it is well made."""

    tool: str
    arguments: str
    id: str = ""


class Turn(StrictModel):
    """One message of the model."""

    text: str = ""
    calls: tuple[ToolCall, ...] = ()


class ScriptedCall(StrictModel):
    tool: Identifier
    arguments: dict[str, JsonValue] = Field(default_factory=dict)


class ScriptedTurn(StrictModel):
    """One message of a known solution, as its file has it."""

    text: str = ""
    calls: tuple[ScriptedCall, ...] = ()

    @property
    def turn(self) -> Turn:
        return Turn(
            text=self.text,
            calls=tuple(ToolCall(tool=call.tool, arguments=json.dumps(call.arguments)) for call in self.calls),
        )


@dataclass(frozen=True, slots=True)
class Message:
    """One message of any side. `calls` are the assistant's; `answers` is the id of the call that a tool answers."""

    role: Role
    text: str
    calls: tuple[ToolCall, ...] = ()
    answers: str = ""


@dataclass(frozen=True, slots=True)
class ToolAnswer:
    """What a tool says. A call is valid where the tool exists and its arguments fit its schema."""

    call: ToolCall
    text: str
    is_valid: bool
    arguments: Mapping[str, Any] = field(default_factory=dict)


class Exchange:
    """A dialogue under way: `messages` so far, and whether it `is_over`. Deterministic."""

    def __init__(self, prompt: str, dialogue: Dialogue | None) -> None:
        self.dialogue = dialogue or NO_DIALOGUE
        self.messages: list[Message] = [Message("user", prompt)]
        self.answers: list[ToolAnswer] = []
        self.turns: list[Turn] = []
        self.is_over = False
        self._said = 0
        self._given: Counter[tuple[str, int]] = Counter()

    def take(self, turn: Turn) -> None:
        """The model's next message, and what follows from it."""
        calls = tuple(
            call if call.id else call.model_copy(update={"id": f"call_{len(self.turns)}_{index}"})
            for index, call in enumerate(turn.calls)
        )
        self.turns.append(turn)
        self.messages.append(Message("assistant", turn.text, calls))
        for index, call in enumerate(calls):
            answer = self._answer(call) if index < MOST_CALLS_IN_A_TURN else refused(call, "too many calls at once")
            self.answers.append(answer)
            self.messages.append(Message("tool", answer.text, answers=call.id))
        if not calls and self._said < len(self.dialogue.follow_ups):
            self.messages.append(Message("user", self.dialogue.follow_ups[self._said]))
            self._said += 1
        elif not calls or len(self.turns) >= self.dialogue.turn_limit:
            self.is_over = True

    def _answer(self, call: ToolCall) -> ToolAnswer:
        tool = next((tool for tool in self.dialogue.tools if tool.name == call.tool), None)
        if tool is None:
            return refused(call, f"there is no tool {call.tool[:60]!r}")
        try:
            arguments = json.loads(call.arguments or "{}")
            fault = next(validator_of(json.dumps(tool.parameters)).iter_errors(arguments), None)
            if fault is not None:
                return refused(call, f"invalid arguments: {fault.message[:200]}")
            return ToolAnswer(call, json.dumps(self._result(tool, arguments)), is_valid=True, arguments=arguments)
        except ValueError:
            return refused(call, "the arguments are not JSON")
        except RecursionError:
            return refused(call, "the arguments are nested too deeply")

    def _result(self, tool: Tool, arguments: Mapping[str, Any]) -> JsonValue:
        for index, result in enumerate(tool.results):
            if holds(arguments, result.when):
                nth = self._given[tool.name, index]
                self._given[tool.name, index] += 1
                return result.gives[min(nth, len(result.gives) - 1)]
        return tool.otherwise


NO_DIALOGUE: Final = Dialogue.model_construct(tools=(), follow_ups=(), turn_limit=1)


def refused(call: ToolCall, reason: str) -> ToolAnswer:
    return ToolAnswer(call, json.dumps({"error": reason}), is_valid=False)


@lru_cache(maxsize=1024)
def schema_fault(schema: str) -> str | None:
    """What is wrong with the text of a JSON schema."""
    try:
        jsonschema.Draft202012Validator.check_schema(json.loads(schema))
    except jsonschema.SchemaError as error:
        return str(error.message)
    return None


@lru_cache(maxsize=1024)
def validator_of(schema: str) -> Any:
    return jsonschema.Draft202012Validator(json.loads(schema))


def holds(arguments: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether every wanted argument is there with that value; 1 and 1.0 are equal, True is neither."""
    return all(name in arguments and same(arguments[name], value) for name, value in wanted.items())


def same(one: Any, other: Any) -> bool:
    return json.dumps(canonical(one), sort_keys=True) == json.dumps(canonical(other), sort_keys=True)


def canonical(value: Any) -> Any:
    if isinstance(value, list):
        return [canonical(item) for item in value]
    if isinstance(value, dict):
        return {key: canonical(item) for key, item in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value


TURNS: Final = TypeAdapter(tuple[Turn, ...])


def written(turns: Iterable[Turn]) -> str:
    """A whole dialogue as one answer: the model's own turns, as JSON; all else follows from the scenario.

    Ids are left out, hosts draw them: equal dialogues are equal answers.
    """
    kept = [turn.model_dump(exclude_defaults=True, exclude={"calls": {"__all__": {"id"}}}) for turn in turns]
    return json.dumps({"turns": kept}, ensure_ascii=False)


def read(answer: str, *, is_dialogue: bool) -> tuple[Turn, ...]:
    """The turns of a written dialogue; any other text is one turn."""
    try:
        if not is_dialogue:
            return (Turn(text=answer),)
        found = json.loads(answer)
        return TURNS.validate_json(json.dumps(found["turns"]))
    except (ValueError, KeyError, TypeError, RecursionError, ValidationError):
        return (Turn(text=answer),)


def replayed(prompt: str, dialogue: Dialogue, turns: Sequence[Turn]) -> Exchange:
    """The dialogue as these turns make it; what lies behind its end is left out."""
    exchange = Exchange(prompt, dialogue)
    for turn in turns:
        if exchange.is_over:
            break
        exchange.take(turn)
    return exchange


def answers_of(turns: Iterable[Turn]) -> list[str]:
    """What the model said to the user: the texts of its turns without calls."""
    return [turn.text for turn in turns if not turn.calls]
