"""What a schema says of costs, read from its text alone, as a client would."""

from typing import Any

from graphql import GraphQLSchema, value_from_ast_untyped

from execution.selections import Size, Weights


def weights_in(schema: GraphQLSchema) -> Weights:
    """The `@cost` and `@listSize` of a schema that was built from text."""
    types: dict[str, float] = {}
    fields: dict[tuple[str, str], float] = {}
    arguments: dict[tuple[str, str, str], float] = {}
    sizes: dict[tuple[str, str], Size] = {}
    for type_ in schema.type_map.values():
        types.update((type_.name, float(one["weight"])) for one in _said(type_, "cost"))
        for name, field in getattr(type_, "fields", {}).items():
            place = (type_.name, name)
            fields.update((place, float(one["weight"])) for one in _said(field, "cost"))
            sizes.update((place, _size(one)) for one in _said(field, "listSize"))
            for argument, its in getattr(field, "args", {}).items():
                found = _said(its, "cost")
                arguments.update(((*place, argument), float(one["weight"])) for one in found)
    return Weights(schema=schema, types=types, fields=fields, arguments=arguments, sizes=sizes)


def _size(said: dict[str, Any]) -> Size:
    return Size(
        assumed=said.get("assumedSize"),
        slicing=tuple(said.get("slicingArguments") or ()),
        sized=tuple(said.get("sizedFields") or ()),
        requires_one=said.get("requireOneSlicingArgument", True),
    )


def _said(part: Any, name: str) -> list[dict[str, Any]]:
    """The arguments of each directive of this name on a part of the schema."""
    node = part.ast_node
    return [
        {one.name.value: value_from_ast_untyped(one.value) for one in directive.arguments or ()}
        for directive in (node.directives if node else None) or ()
        if directive.name.value == name
    ]
