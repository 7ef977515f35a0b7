"""The rights that fields need, read from the SDL instead of from what was declared."""

from collections.abc import Iterator

from graphql import GraphQLField, value_from_ast_untyped

from domain.permissions import Permission


def needs_in_sdl(definition: GraphQLField) -> Iterator[Permission]:
    """The permissions of the field's `@needs`."""
    assert definition.ast_node, "the schema was built from SDL"
    for directive in definition.ast_node.directives or ():
        if directive.name.value == "needs":
            given = directive.arguments or ()
            yield from (Permission(value_from_ast_untyped(one.value)) for one in given)
