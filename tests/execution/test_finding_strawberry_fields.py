"""What is known of Strawberry's insides still holds, and its fields are found past its wrapping."""

import inspect
from collections.abc import Mapping
from enum import Enum
from typing import Any

import strawberry
from graphql import GraphQLField, GraphQLObjectType, OperationDefinitionNode, execute, parse
from strawberry.extensions import FieldExtension
from typing_extensions import override

from execution.compiling import Access
from execution.strawberry_fields import access_of, graph_of, plans_of


class Louder(FieldExtension):
    @override
    def resolve(self, next_: Any, source: Any, info: strawberry.Info, **kwargs: Any) -> Any:
        return f"{next_(source, info, **kwargs)}!"


@strawberry.enum
class Color(Enum):
    RED = "red"
    BLUE = "blue"


@strawberry.type
class Thing:
    name: str
    loud: str = strawberry.field(extensions=[Louder()], default="loud")

    @strawberry.field
    def method(self) -> str:
        return f"{self.name} by method"

    @strawberry.field
    async def later(self) -> str:
        return f"{self.name} later"

    @strawberry.field
    def told(self, info: strawberry.Info) -> str:
        return f"{self.name} at {info.path.key}"

    @strawberry.field
    def given(self, number: int = 3) -> str:
        return f"{self.name} {number}"

    @strawberry.field
    def colored(self, one_color: Color = Color.RED, odd: strawberry.Maybe[int] = None) -> str:
        return f"{self.name} {one_color} {odd}"

    @strawberry.field
    def named(self, first_name: str, info: strawberry.Info, *, last_name: str | None = None) -> str:
        return f"{info.field_name} {first_name} {last_name}"

    @strawberry.field(extensions=[Louder()])  # type: ignore[untyped-decorator] # an extension
    def louder(self) -> str:
        return self.name


@strawberry.type
class Query:
    @strawberry.field
    def thing(self) -> Thing:
        return Thing(name="thing")


schema = strawberry.Schema(Query)
TEXT = """
query($name: String! = "Ada", $number: Int) { thing {
  name loud method later told given other: given(number: 5) open: given(number: $number) louder
  red: colored blue: colored(oneColor: BLUE, odd: 3)
  named(firstName: $name) both: named(firstName: "Ada", lastName: null)
} }
"""


def fields(schema: strawberry.Schema) -> Mapping[str, GraphQLField]:
    thing = graph_of(schema).type_map["Thing"]
    assert isinstance(thing, GraphQLObjectType)
    found: Mapping[str, GraphQLField] = thing.fields
    return found


def accesses() -> dict[str, Access | None]:
    return {name: access_of(field, strawberry.Info) for name, field in fields(schema).items()}


def test_attributes_and_methods_of_their_object_alone_are_found_directly() -> None:
    found = accesses()

    assert found.pop("name") == Access(attribute="name")
    assert {name: one.function.__name__ for name, one in found.items() if one and one.function} == {
        "method": "method",
        "later": "later",
    }
    assert [name for name, one in found.items() if one and one.resolver] == [
        "told",
        "given",
        "named",
    ]
    assert [name for name, one in found.items() if one is None] == ["loud", "colored", "louder"]


async def test_the_answer_is_the_one_of_strawberry() -> None:
    document = parse(TEXT)
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)

    made: Any = plans_of(schema).of(document, operation).execute()
    ours = await made
    theirs: Any = execute(graph_of(schema), document)

    assert ours == await theirs
    assert ours.data == (await schema.execute(TEXT)).data
    assert ours.errors is None


def test_with_handlers_of_exceptions_every_field_is_resolved_by_strawberry() -> None:
    handled = strawberry.Schema(Query)
    specs = handled.schema_converter._exception_handler_specs
    assert not specs, "there are none"
    assert "_exception_handler_specs" in inspect.getsource(type(handled.schema_converter))

    handled.schema_converter._exception_handler_specs = ["one"]  # type: ignore[assignment] # it is only looked at

    assert plans_of(handled).accesses(fields(schema)["name"]) is None


def test_a_default_resolver_of_ones_own_is_asked_for_attributes() -> None:
    config = strawberry.schema.config.StrawberryConfig(default_resolver=lambda one, name: one[name])
    other = strawberry.Schema(Query, config=config)

    assert access_of(fields(other)["name"], strawberry.Info) is None
