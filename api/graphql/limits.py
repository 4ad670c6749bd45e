"""How much one document may ask for, told before anything is asked: depth, aliases, and fields in the whole answer.

Not here: the length of a document (schema.py), nor how often one may ask.

Fragments are weighed once for each place in which they would come out differently, so that documents whose fragments
spread each other many times are weighed in no more steps than they have words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLList,
    GraphQLObjectType,
    InlineFragmentNode,
    OperationDefinitionNode,
    get_argument_values,
    get_named_type,
    get_nullable_type,
)
from graphql.execution.values import get_variable_values
from strawberry.extensions import SchemaExtension

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphql import DocumentNode, GraphQLField, GraphQLSchema, SelectionSetNode

MOST_DEPTH, MOST_ALIASES, MOST_COST = 8, 20, 20_000
ASKING_COST = 50
"""What a field that asks the database counts for beside the fields of its answer."""
LIST_LENGTH = 10
"""Of a list whose length no argument says."""
INTROSPECTION_COST = {"__schema": 4_000, "__type": 400}
LIMITS = {
    "depth": (MOST_DEPTH, "Fields may be nested {most} deep; this goes to {found}."),
    "aliases": (MOST_ALIASES, "There may be {most} aliases; this has {found}."),
    "cost": (
        MOST_COST,
        "An answer may have {most} fields; this may have {found}. Ask for shorter lists or fewer fields.",
    ),
}


class TooMuchError(GraphQLError):
    """A document asks for more than one may."""


@dataclass(frozen=True, slots=True)
class Weight:
    """What a selection comes to: nesting, names that are given, and fields in the answer."""

    depth: int = 0
    aliases: int = 0
    cost: int = 0

    def beside(self, other: Weight) -> Weight:
        return Weight(max(self.depth, other.depth), self.aliases + other.aliases, self.cost + other.cost)


class Scales:
    """Weighs one operation of a document with these variables."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
    ) -> None:
        self._schema = schema
        self._operation = operation
        found = get_variable_values(schema, operation.variable_definitions, dict(variables))
        self._variables = found if isinstance(found, dict) else {}  # wrong ones are refused later
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._weighed: dict[tuple[Any, ...], Weight] = {}

    def weigh(self) -> Weight:
        """Raises TooMuchError as soon as it is clear."""
        root = self._schema.get_root_type(self._operation.operation)
        return self._selection(self._operation.selection_set, root, {}, 1)

    def _selection(self, selection: SelectionSetNode, parent: Any, sizes: dict[str, int], depth: int) -> Weight:
        weight = Weight(depth)
        for node in selection.selections:
            if isinstance(node, FieldNode):
                weight = weight.beside(self._field(node, parent, sizes, depth))
            elif isinstance(node, InlineFragmentNode):
                weight = weight.beside(self._selection(node.selection_set, self._on(node, parent), sizes, depth))
            elif isinstance(node, FragmentSpreadNode):
                weight = weight.beside(self._spread(node, sizes, depth))
            refuse_too_much(weight)
        return weight

    def _field(self, node: FieldNode, parent: Any, sizes: dict[str, int], depth: int) -> Weight:
        own = Weight(depth, int(node.alias is not None), 1)
        name = node.name.value
        if name in INTROSPECTION_COST:
            return Weight(depth, own.aliases, INTROSPECTION_COST[name])
        if node.selection_set is None:
            return own
        field = parent.fields.get(name) if isinstance(parent, GraphQLObjectType) else None
        if field is None:  # which a later rule refuses
            return own.beside(self._selection(node.selection_set, None, sizes, depth + 1))
        asked, inner_sizes = self._asked(field, node, sizes)
        inner = self._selection(node.selection_set, get_named_type(field.type), inner_sizes, depth + 1)
        times = sizes.get(name, LIST_LENGTH) if isinstance(get_nullable_type(field.type), GraphQLList) else 1
        return own.beside(Weight(inner.depth, inner.aliases, asked + times * inner.cost))

    def _asked(self, field: GraphQLField, node: FieldNode, sizes: dict[str, int]) -> tuple[int, dict[str, int]]:
        """What it counts for that the field asks, and how long the lists in its answer are."""
        declared = field.extensions.get("strawberry-definition")
        size_of = declared.metadata.get("sizes") if declared is not None else None
        if size_of is None:
            return 0, sizes
        try:
            arguments = get_argument_values(field, node, self._variables)
        except GraphQLError:  # a wrong one, which is refused later
            arguments = {}
        return ASKING_COST, {**sizes, **size_of(arguments)}

    def _spread(self, node: FragmentSpreadNode, sizes: dict[str, int], depth: int) -> Weight:
        fragment = self._fragments.get(node.name.value)
        if fragment is None:
            return Weight(depth)
        place = (node.name.value, depth, *sorted(sizes.items()))
        if place not in self._weighed:
            self._weighed[place] = Weight(depth)  # what a cycle comes to, which a later rule refuses
            parent = self._schema.get_type(fragment.type_condition.name.value)
            self._weighed[place] = self._selection(fragment.selection_set, parent, sizes, depth)
        return self._weighed[place]

    def _on(self, node: InlineFragmentNode, parent: Any) -> Any:
        condition = node.type_condition
        return parent if condition is None else self._schema.get_type(condition.name.value)


def refuse_too_much(weight: Weight) -> None:
    """Raises TooMuchError."""
    for name, (most, said) in LIMITS.items():
        found = getattr(weight, name)
        if found > most:
            raise TooMuchError(said.format(most=most, found=found))


class Limits(SchemaExtension):
    """Weighs every document before it is looked at more closely."""

    def on_validate(self) -> Iterator[None]:
        context = self.execution_context
        document = context.graphql_document
        schema = context.schema._schema  # noqa: SLF001 - strawberry shows it to extensions in no other way
        try:
            weight = Weight()
            for node in document.definitions if document else ():
                if document and isinstance(node, OperationDefinitionNode):
                    weight = weight.beside(Scales(schema, document, node, context.variables or {}).weigh())
            refuse_too_much(weight)
        except TooMuchError as error:
            context.pre_execution_errors = [error]
        yield
