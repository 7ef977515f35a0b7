"""What the schema says of the places where an operation uses its variables."""

from typing import Any

from graphql import (
    DocumentNode,
    GraphQLInputObjectType,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    visit,
)

# Of parameters that mean in REST what they do not quite mean in the graph.
_OWN = {
    "page": "The number of the page, from 1; one beyond the last is empty.",
    "limit": "How many rows a page has; more than the maximum is taken as the maximum.",
    "includeStockLines": "Whether a summary lists its lines too.",
}


def descriptions(schema: GraphQLSchema, document: DocumentNode) -> dict[str, str]:
    """Each variable's description: that of the argument or input field to which it is given."""
    found: dict[str, str] = {}
    info = TypeInfo(schema)

    class Uses(Visitor):
        def __init__(self) -> None:
            super().__init__()
            self.fields: list[str] = []

        def enter_object_field(self, node: Any, *_: Any) -> None:
            self.fields.append(node.name.value)

        def leave_object_field(self, *_: Any) -> None:
            self.fields.pop()

        def enter_variable(self, node: Any, *_: Any) -> None:
            text = self._text()
            if text:
                found.setdefault(node.name.value, text)

        def _text(self) -> str:
            parent = get_named_type(info.get_parent_input_type())
            if self.fields and isinstance(parent, GraphQLInputObjectType):
                field = parent.fields.get(self.fields[-1])  # None for a member of a list
                return (field.description if field else None) or ""
            argument = info.get_argument()
            return (argument.description if argument else None) or ""

    visit(document, TypeInfoVisitor(info, Uses()))
    return {**found, **_OWN}
