"""GraphQL types, made from the models that the routes answer with: one name and one meaning in both.

Not here: which fields there are to ask (schema.py).
"""

from __future__ import annotations

from copy import copy
from datetime import UTC, date, datetime
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, NewType, Union, get_args, get_origin
from uuid import UUID

import strawberry
from pydantic import AwareDatetime, BaseModel
from strawberry.scalars import JSON

from api.envelope import SimulatedLabel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic.fields import FieldInfo

Simulated = NewType("Simulated", object)
Long = NewType("Long", int)
Moment = NewType("Moment", datetime)

SCALARS: Mapping[object, Any] = {
    Simulated: strawberry.scalar(
        name="Simulated", description="Whether data rest on simulated models: true, false, or `mixed`."
    ),
    Long: strawberry.scalar(name="Long", description="A whole number of up to 63 bits.", parse_value=int),
    Moment: strawberry.scalar(
        name="Moment",
        description="A moment in UTC, as RFC 3339 writes it.",
        serialize=lambda moment: moment.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        parse_value=datetime.fromisoformat,
    ),
}
PLAIN = {str: str, float: float, bool: bool, int: int, date: date, datetime: Moment, AwareDatetime: Moment, UUID: UUID}
LARGE = ("_tokens", "event_number")
"""Ends of names of numbers that 31 bits may not hold."""

_made: dict[type[BaseModel], type] = {}
_links: dict[type[BaseModel], dict[str, Any]] = {}


def link(model: type[BaseModel], /, **fields: Any) -> None:
    """Give the type of a model fields that lead to others. To be said before the type is made."""
    _links.setdefault(model, {}).update(fields)


def type_of(model: type[BaseModel]) -> type:
    """The GraphQL type of a model: its fields, and those that lead to others where they are none of its own."""
    if model not in _made:
        fields: dict[str, Any] = {
            name: strawberry.field(description=field.description) for name, field in model.model_fields.items()
        }
        annotations = {name: annotation_of(name, field) for name, field in model.model_fields.items()}
        links = {name: copy(found) for base in model.__mro__[::-1] for name, found in _links.get(base, {}).items()}
        fields = {**links, **fields}
        made = type(model.__name__, (), {"__annotations__": annotations, "__module__": __name__, **fields})
        _made[model] = strawberry.type(made, description=(model.__doc__ or "").strip())
    return _made[model]


def annotation_of(name: str, field: FieldInfo) -> Any:
    return translated(field.annotation, is_large=name.endswith(LARGE))


def translated(annotation: Any, *, is_large: bool = False) -> Any:
    """A Python annotation in the words of GraphQL. Choices stay words, of which the route's own check knows which."""
    if annotation == SimulatedLabel:
        return Simulated
    if annotation is int and is_large:
        return Long
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return type_of(annotation)
    if annotation in PLAIN:
        return PLAIN[annotation]
    return _composed(annotation, is_large=is_large)


def _composed(annotation: Any, *, is_large: bool) -> Any:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return translated(arguments[0], is_large=is_large)
    if origin is Literal:
        return type(arguments[0])
    if origin is list:
        return list[translated(arguments[0], is_large=is_large)]  # type: ignore[misc]
    if origin in {Union, UnionType} and NoneType in arguments:
        rest = [argument for argument in arguments if argument is not NoneType]
        return translated(Union[tuple(rest)], is_large=is_large) | None  # noqa: UP007 - of a list of them
    return JSON
