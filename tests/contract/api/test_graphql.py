"""The committed schema of GraphQL, and that it has what the routes have."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, get_type_hints

from fastapi.routing import APIRoute
from graphql import GraphQLObjectType, build_schema, get_named_type
from pydantic import BaseModel

from api import app
from api.graphql.sdl import SCHEMA_FILE, render

if TYPE_CHECKING:
    from collections.abc import Callable

SCHEMA = build_schema(SCHEMA_FILE.read_text(encoding="utf-8"))
WITHOUT_DATA = ("/v1/events", "/v1/account", "/v1/alert-subscriptions", "/v1/alert-answers", "/v1/notifications")
"""Routes of /v1 that are no field: events are a subscription, and what is an account's own is not measured."""

CHOICE = "fields"
"""The parameter of columns, in whose place a document names them."""


def routes() -> list[APIRoute]:
    found = [route for router in app.ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    told = [route for route in found if route.path.startswith("/v1/") and not route.path.startswith(WITHOUT_DATA)]
    return [route for route in told if "GET" in (route.methods or ())]


def handler_of(route: APIRoute) -> Callable[..., Any]:
    """The function that was written for the route, under what encodes its answer."""
    return inspect.unwrap(route.endpoint)


def field_name(route: APIRoute) -> str:
    return route.name.removeprefix("list_").removeprefix("get_")


def test_the_committed_schema_is_current() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == render(), "run `python -m api.graphql.sdl`"


def test_every_route_is_a_field_with_the_same_parameters_and_the_same_answer() -> None:
    assert SCHEMA.query_type is not None
    fields = SCHEMA.query_type.fields
    assert {field_name(route) for route in routes()} == set(fields)
    for route in routes():
        field = fields[field_name(route)]
        assert set(field.args) == parameters(route), route.name
        made = get_named_type(field.type)
        assert isinstance(made, GraphQLObjectType)
        assert set(made.fields) == set(get_type_hints(handler_of(route))["return"].model_fields), route.name


def parameters(route: APIRoute) -> set[str]:
    paths = {parameter.name for parameter in route.dependant.path_params}
    queries = [parameter.field_info.annotation for parameter in route.dependant.query_params]
    models = [query for query in queries if isinstance(query, type) and issubclass(query, BaseModel)]
    return paths.union(*(model.model_fields for model in models)) - {CHOICE}


def test_names_are_those_of_the_routes_and_everything_is_described() -> None:
    for name, made in SCHEMA.type_map.items():
        if isinstance(made, GraphQLObjectType) and not name.startswith("__"):
            assert made.description, name
            assert all(field == field.lower() for field in made.fields), name
