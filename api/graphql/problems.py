"""What goes wrong with a document or its fields, in GraphQL's shape: the codes are the problems of the API.

Not here: which exception of another module becomes which problem (app).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from graphql import GraphQLError
from pydantic import BaseModel, ValidationError
from strawberry.extensions import MaskErrors

from api import errors
from api.errors import InvalidParameter, ProblemError, words_of
from api.graphql.limits import TooMuchError
from api.pagination import CursorError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.errors import ProblemType

ModelT = TypeVar("ModelT", bound=BaseModel)


class SayProblems(MaskErrors):
    """Every error has a `code` and tells nothing of the inside."""

    def __init__(self, failures: Mapping[type[Exception], ProblemType]) -> None:
        super().__init__()
        self._failures = failures

    def anonymise_error(self, error: GraphQLError) -> GraphQLError:
        problem = problem_of(error, self._failures)
        return GraphQLError(
            problem.detail,
            nodes=error.nodes,
            source=error.source,
            positions=error.positions,
            path=error.path,
            extensions=_extensions(problem),
        )


def checked(model: type[ModelT], given: Mapping[str, Any]) -> ModelT:
    """What was given, as a model. Raises invalid-parameter, where an answer that is none of its model is a defect."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        found = [
            InvalidParameter(parameter=".".join(map(str, each["loc"])), location="query", detail=words_of(each["msg"]))
            for each in error.errors(include_url=False, include_context=False, include_input=False)
        ]
        detail = "; ".join(f"{each.parameter}: {each.detail}" for each in found)
        raise ProblemError(errors.INVALID_PARAMETER, detail, errors=found) from None


def problem_of(error: GraphQLError, failures: Mapping[type[Exception], ProblemType]) -> ProblemError:
    """The problem that a route would end with, or that of a document which is none."""
    cause = error.original_error
    if isinstance(error, TooMuchError) or isinstance(cause, RecursionError):
        return ProblemError(errors.DOCUMENT_TOO_COSTLY, error.message)
    if cause is None or isinstance(cause, GraphQLError):
        return ProblemError(errors.INVALID_DOCUMENT, error.message)
    if isinstance(cause, ProblemError):
        return cause
    if isinstance(cause, CursorError):
        found = InvalidParameter(parameter="cursor", location="query", detail=str(cause))
        return ProblemError(errors.INVALID_PARAMETER, f"cursor: {cause}", errors=[found])
    return ProblemError(next(kind for failure, kind in failures.items() if isinstance(cause, failure)))


def _extensions(problem: ProblemError) -> dict[str, Any]:
    told = {
        "code": problem.kind.slug,
        "type": problem.kind.uri,
        "status": problem.kind.status,
        "retry_after_s": problem.kind.retry_after_s,
        "errors": None if problem.errors is None else [each.model_dump() for each in problem.errors],
        "near": None if problem.near is None else list(problem.near),
    }
    return {name: value for name, value in told.items() if value is not None}
