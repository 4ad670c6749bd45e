"""A GraphQL field of a route: it takes the same parameters, asks the same way and answers the same.

Not here: which routes are fields (schema.py).
"""

from __future__ import annotations

from inspect import Parameter, Signature, getdoc, unwrap
from sys import modules
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args, get_origin, get_type_hints
from urllib.parse import urlencode

import strawberry
from fastapi import Response
from pydantic import BaseModel, ConfigDict, create_model
from pydantic_core import PydanticUndefined

from api.accounts.principal import Principal, get_principal
from api.database import Database
from api.entitlements import refuse_query
from api.graphql.graphiql import PATH
from api.graphql.problems import checked
from api.graphql.types import translated, type_of
from api.models.history_schemas import MOST_DAYS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping

    from pydantic.fields import FieldInfo

    from api.entitlements import Tier
    from api.graphql.context import Context

HOURS_A_DAY = 24
PROVIDED: Mapping[type, Callable[[Context], Any]] = {
    Database: lambda context: context.database,
    Response: lambda _: Response(),
    Principal: lambda context: get_principal(context.connection),
}
"""What a handler is given that is no parameter of its route."""


class _Ids(BaseModel):
    model_config = ConfigDict(protected_namespaces=())


def field_of(handler: Callable[..., Awaitable[BaseModel]], **bound: Callable[[Any], Any]) -> Any:
    """The field of a route. `bound` parameters are read of the object that the field belongs to."""
    hints = get_type_hints(handler, include_extras=True)
    answer = hints.pop("return")
    queries = {name: _bare(hint) for name, hint in hints.items() if _is_model(_bare(hint))}
    provided = {name: PROVIDED[_bare(hint)] for name, hint in hints.items() if _bare(hint) in PROVIDED}
    paths = {name: hint for name, hint in hints.items() if name not in {*queries, *provided, *bound}}
    ids = create_model("Ids", __base__=_Ids, **{name: (hint, ...) for name, hint in paths.items()})  # type: ignore[call-overload]

    path = path_of(handler)

    async def resolve(root: Any, info: strawberry.Info, **given: Any) -> BaseModel:
        asked: dict[str, Any] = {name: read(root) for name, read in bound.items()}
        asked |= dict(checked(ids, {name: given[name] for name in paths}))
        for name, query in queries.items():
            asked[name] = checked(query, {key: given[key] for key in query.model_fields if key in given})
            refuse_history(info.context.tier, asked[name], path)
        return await handler(**asked, **{name: give(info.context) for name, give in provided.items()})

    arguments = [_argument(name, translated(_bare(hint)), hint.__metadata__[0]) for name, hint in paths.items()]
    for query in queries.values():
        arguments += [
            _argument(name, translated(field.annotation), field) for name, field in query.model_fields.items()
        ]
    own = [
        Parameter("root", Parameter.KEYWORD_ONLY),
        Parameter("info", Parameter.KEYWORD_ONLY, annotation=strawberry.Info),
    ]
    resolve.__signature__ = Signature([*own, *arguments], return_annotation=type_of(answer) | None)  # type: ignore[attr-defined]
    return strawberry.field(resolver=resolve, description=getdoc(handler), metadata={"sizes": sizes_of})


def refuse_history(tier: Tier, query: BaseModel, path: str = PATH) -> None:
    """Raises not-in-tier where the route of that path would, also for what it reaches back by default."""
    asked = query.model_dump(mode="json", exclude_none=True)
    refuse_query(tier, path, urlencode(asked, doseq=True).encode())


def path_of(handler: Callable[..., Awaitable[BaseModel]]) -> str:
    """The path of the handler's route, whose router is in the same module."""
    routes = modules[handler.__module__].router.routes
    path: str = next(route.path for route in routes if unwrap(route.endpoint) is handler)
    return path


def sizes_of(given: Mapping[str, Any]) -> dict[str, int]:
    """How long the lists in an answer to these arguments are at most, by the names of their fields."""
    counts = {name: max(value, 1) for name, value in given.items() if isinstance(value, int)}
    sizes = {"hours": counts["hours"]} if "hours" in counts else {}
    if "limit" in counts:
        sizes["data"] = counts["limit"]
    elif (granularity := given.get("granularity")) in MOST_DAYS:
        days = MOST_DAYS[granularity] if given.get("since") else counts["days"]
        sizes["data"] = days * (HOURS_A_DAY if granularity == "hour" else 1)
    return sizes


def _argument(name: str, annotation: Any, field: FieldInfo) -> Parameter:
    default = field.get_default(call_default_factory=True)
    described = Annotated[annotation, strawberry.argument(description=" ".join(_words(field)))]
    return Parameter(
        name,
        Parameter.KEYWORD_ONLY,
        annotation=described,
        default=Parameter.empty if default is PydanticUndefined else _hashable(default),
    )


def _hashable(default: Any) -> Any:
    """strawberry looks parameters up in a table, and GraphQL writes a tuple as the list that it was."""
    return tuple(default) if isinstance(default, list) else default


def _words(field: FieldInfo) -> Iterator[str]:
    """What a parameter is, and the choices that there are."""
    if field.description:
        yield field.description
    if get_origin(field.annotation) is Literal:
        yield f"One of {', '.join(map(str, get_args(field.annotation)))}."


def _bare(hint: Any) -> Any:
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def _is_model(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, BaseModel)
