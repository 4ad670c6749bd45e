"""Lists with only those columns that a caller names in `fields`, and those without which a row can't be read.

The entries of a list that can be told so say as `ALWAYS` what stays: what tells a row from others, and the counts that
its numbers rest on. A number that is named brings its intervals. `meta` stays whole.

Not here: how the rest is encoded (published, tables).
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Self, get_args

from pydantic import BaseModel, Field, create_model

from api.errors import refuse_unknown_value
from api.negotiation import JSON

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fastapi.routing import APIRoute

NAME = "fields"
INTERVAL_ENDS = ("_ci95_lower", "_ci95_upper")


@dataclass(frozen=True)
class SparseFields:
    """The columns of one list's entries, and those of them that every row has."""

    answer: type[BaseModel]
    entry: type[BaseModel]
    always: frozenset[str]

    @classmethod
    def of(cls, answer: type[BaseModel]) -> Self | None:
        """None where the answer is no list whose entries say what stays."""
        entry = next(iter(get_args(answer.model_fields["data"].annotation)), None)
        always = getattr(entry, "ALWAYS", None)
        return None if entry is None or always is None else cls(answer, entry, frozenset(always))

    def offered_by(self, query: type[BaseModel]) -> type[BaseModel]:
        """The same parameters, and `fields`."""
        told = ", ".join(f"`{name}`" for name in self.entry.model_fields if name in self.always)
        schema: dict[str, Any] = {"items": {"type": "string", "enum": list(self.entry.model_fields)}}
        described = Field(
            description=f"Only these columns of every row, by comma; without it all. Always told are {told}, and the "
            "95% intervals of numbers that are named.",
            json_schema_extra=schema,
        )
        fields: dict[str, Any] = {NAME: (Annotated[list[str], described], [])}
        return create_model(query.__name__, __base__=query, __doc__=query.__doc__, **fields)

    def unwanted(self, query: BaseModel) -> set[str]:
        """The columns to leave out. Raises invalid-parameter for a name that is none of theirs."""
        names = [name for part in getattr(query, NAME) for name in part.split(",")]
        for name in names:
            refuse_unknown_value(NAME, name, list(self.entry.model_fields), called="column")
        return set(self.entry.model_fields) - self._told(names) if names else set()

    def describe(self, document: dict[str, Any]) -> str:
        """Adds the schema of a sparse answer to an OpenAPI document. Returns its name."""
        schemas = document["components"]["schemas"]
        answer, entry = (f"Sparse{model.__name__}" for model in (self.answer, self.entry))
        required = [name for name in self.entry.model_fields if name in self.always]
        schemas[entry] = {**schemas[self.entry.__name__], "title": entry, "required": required}
        schemas[answer] = deepcopy(schemas[self.answer.__name__]) | {"title": answer}
        del schemas[answer]["examples"]
        schemas[answer]["properties"]["data"]["items"] = {"$ref": f"#/components/schemas/{entry}"}
        return answer

    def _told(self, names: Iterable[str]) -> set[str]:
        """A number is named by what its interval is of, or by that and a word for its kind or unit."""
        stems = {stem for name in names for stem in (name, name.rpartition("_")[0])}
        return {*self.always, *names, *(stem + end for stem in stems for end in INTERVAL_ENDS)}


def describe(document: dict[str, Any], routes: Iterable[tuple[APIRoute, SparseFields]]) -> None:
    """Says in an OpenAPI document which lists can be told so, and how those are like then."""
    for route, sparse in routes:
        operation = document["paths"][route.path]["get"]
        (parameter,) = (found for found in operation["parameters"] if found["name"] == NAME)
        parameter.update(style="form", explode=False)
        told = operation["responses"]["200"]["content"][JSON]
        told["schema"] = {"anyOf": [told["schema"], {"$ref": f"#/components/schemas/{sparse.describe(document)}"}]}
