"""Random schemas, operations and resolvers, the same ones again for the same seed.

What a field gives depends on the seed and on its place in the answer alone: a value, nothing, a
value of another type, an error, or any of these later: from a coroutine, a loader, an iterator.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
)
from graphql.type import (
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)
from typing_extensions import override

from execution.batching import Loader

LEAVES = ("Int", "Float", "String", "Boolean", "ID", "Color", "Odd")
_DEPTH_MAX = 4


class RandomGraph:
    """One schema with its resolvers; `calls` and `batches` are what they were asked, in order."""

    def __init__(self, seed: int, *, sdl: str | None = None, has_loaders: bool = False) -> None:
        self.seed = seed
        self.is_async = seed % 8 > 0
        self.is_nullable = seed % 4 == 1  # all of it: no error ends what is beside it
        self.has_loaders = has_loaders
        self.calls: list[str] = []
        self.batches: list[list[Any]] = []
        self._loaders: dict[int, Loader] = {}
        self._dice = random.Random(seed)
        self.schema = build_schema(sdl or self._sdl())
        self._resolve_all(self.schema)

    def forget(self) -> None:
        """Begin anew, for another run of the same operation."""
        self.calls, self.batches, self._loaders = [], [], {}

    def operation(self) -> tuple[str, dict[str, Any]]:
        """A random operation on the schema, with the values of its variables."""
        return Writer(self.schema, self._dice).operation()

    def _sdl(self) -> str:
        dice = self._dice
        objects = [f"T{number}" for number in range(dice.randint(2, 5))]
        interfaces = [f"I{number}" for number in range(dice.randint(1, 2))]
        named = [*objects, *interfaces, "U"]
        shared = {one: self._fields(named, f"{one.lower()}_") for one in interfaces}
        lines = ["enum Color { RED GREEN BLUE }", "scalar Odd", f"union U = {' | '.join(objects)}"]
        lines += [f"interface {one} {{ {shared[one]} }}" for one in interfaces]
        for name in [*objects, "Query", "Mutation"]:
            given = [] if name in {"Query", "Mutation"} else dice.sample(interfaces, 1)
            own = self._fields(named, "f")
            fields = " ".join([own, *(shared[one] for one in given)])
            implements = f"implements {' & '.join(given)}" if given else ""
            lines.append(f"type {name} {implements} {{ {fields} }}")
        return "\n".join(lines)

    def _fields(self, named: list[str], prefix: str) -> str:
        dice = self._dice
        found = []
        for number in range(dice.randint(3, 6)):
            type_ = dice.choice(LEAVES) if dice.random() < 0.5 else dice.choice(named)
            marks = ("",) if self.is_nullable else ("", "", "!")
            for _ in range(dice.choice((0, 0, 0, 1, 1, 2))):
                type_ = f"[{type_}{dice.choice(marks)}]"
            arguments = dice.choice(("", "", "(n: Int = 3, o: Color)", "(s: String!)"))
            found.append(f"{prefix}{number}{arguments}: {type_}{dice.choice(marks)}")
        return " ".join(found)

    def _resolve_all(self, schema: GraphQLSchema) -> None:
        for type_ in schema.type_map.values():
            if type_.name.startswith("__"):
                continue
            if isinstance(type_, GraphQLObjectType):
                for field in type_.fields.values():
                    if self._dice.random() < 0.8 or type_.name in {"Query", "Mutation"}:
                        field.resolve = self._resolve
                if self._dice.random() < 0.3:
                    type_.is_type_of = self._is_type_of
            elif isinstance(type_, GraphQLInterfaceType | GraphQLUnionType):
                type_.resolve_type = self._resolve_type

    def _rolled(self, *place: object) -> random.Random:
        return random.Random(f"{self.seed} {place}")

    def _resolve(self, _source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        place = info.path.as_list()
        self.calls.append(f"{place} {sorted(arguments.items(), key=str)}")
        return self._given(info.return_type, tuple(place), len(place))

    def _given(self, type_: Any, place: tuple[Any, ...], depth: int) -> Any:
        """A value for a type, perhaps later, perhaps wrong."""
        dice = self._rolled("given", *place)
        how = dice.random()
        if not self.is_async or how < 0.5:
            return self._value(type_, place, depth)
        if how < 0.65 and self.has_loaders:
            loader = self._loader(dice.randint(0, 1))
            return loader.load(place).then(lambda _: self._value(type_, place, depth))
        return self._later(type_, place, depth, dice.choice((0, 0, 0, 1, 2, 3)))

    async def _later(self, type_: Any, place: tuple[Any, ...], depth: int, rounds: int) -> Any:
        self.calls.append(f"{place} begun")
        for _ in range(rounds):
            await asyncio.sleep(0)
        if self.has_loaders and self._rolled("chained", *place).random() < 0.3:
            await self._loader(0).load((*place, "chained"))
        return self._value(type_, place, depth)

    def _value(self, type_: Any, place: tuple[Any, ...], depth: int) -> Any:
        dice = self._rolled("value", *place)
        fate = dice.random()
        if fate < 0.04:
            raise ValueError(f"no {place}")
        if fate < 0.05:
            return ValueError(f"returned at {place}")
        if fate < 0.06:
            raise GraphQLError(f"refused at {place}", extensions={"code": "REFUSED"})
        if is_non_null_type(type_):
            type_ = type_.of_type
            fate = max(fate, 0.11)
        if fate < 0.1:
            return None
        if is_list_type(type_):
            return self._list(type_, place, depth, dice)
        named: Any = type_
        if is_leaf_type(named):
            return self._leaf(named, dice)
        return self._object(named, place, dice)

    def _list(self, type_: Any, place: tuple[Any, ...], depth: int, dice: random.Random) -> Any:
        if dice.random() < 0.03:
            return "no list"
        count = dice.randint(0, 3 if depth < _DEPTH_MAX else 1)
        items = [self._item(type_.of_type, (*place, n), depth) for n in range(count)]
        how = dice.random()
        if how < 0.1:
            return iter(items)
        if how < 0.15:
            return tuple(items)
        if how < 0.25 and self.is_async:
            return _one_by_one(items, has_failed=dice.random() < 0.2)
        return items

    def _item(self, type_: Any, place: tuple[Any, ...], depth: int) -> Any:
        """An item; what would raise is given as an error, for nobody could catch it alone."""
        try:
            return self._given(type_, place, depth)
        except Exception as error:  # noqa: BLE001 - any of those above
            return error

    def _object(self, type_: Any, place: tuple[Any, ...], dice: random.Random) -> Any:
        possible = self.schema.get_possible_types(type_) if is_abstract_type(type_) else [type_]
        if not possible:
            return None
        concrete = dice.choice(list(possible))
        fields = {
            name: self._own(field.type, (*place, name, "own"), dice)
            for name, field in concrete.fields.items()
            if field.resolve is None
        }
        source = {"type": concrete.name, "seed": str(place), **fields}
        return source if dice.random() < 0.7 else Source(source)

    def _own(self, type_: Any, place: tuple[Any, ...], dice: random.Random) -> Any:
        """What a source has for a field without a resolver: a value, or a method that gives it."""
        if is_leaf_type(get_named_type(type_)) and not is_list_type(type_) and dice.random() < 0.6:
            return self._leaf(get_named_type(type_), dice)
        return lambda _info, **_arguments: self._given(type_, place, len(place))

    @staticmethod
    def _leaf(type_: Any, dice: random.Random) -> Any:
        usual: Mapping[str, list[Any]] = {
            "Int": [1, 0, -7, 2**31, True, 1.0, "5", "x"],
            "Float": [1.5, 0.0, 3, float("nan"), "x", True],
            "String": ["text", "ä\u2028", "", 5, True, ["x"]],
            "Boolean": [True, False, 1, "x"],
            "ID": ["id", 7, 1.5, True],
            "Odd": ["anything", 3, {"a": [1]}, [1, "x"]],
        }
        if isinstance(type_, GraphQLEnumType):
            choices = [*type_.values, "GREY"]
        else:
            choices = usual.get(type_.name, usual["Odd"])
        return choices[0] if dice.random() < 0.6 else dice.choice(choices)

    def _resolve_type(self, value: Any, info: GraphQLResolveInfo[Any], _type: Any) -> Any:
        self.calls.append(f"type at {info.path.as_list()}")
        name = value["type"] if isinstance(value, dict) else getattr(value, "type", None)
        dice = self._rolled("type", info.path.as_list(), str(name))
        if dice.random() < 0.03:
            return dice.choice(["Nothing", "Color", None, 5, "Query"])
        return _given(name) if self.is_async and dice.random() < 0.2 else name

    def _is_type_of(self, value: Any, info: GraphQLResolveInfo[Any]) -> Any:
        self.calls.append(f"is type at {info.path.as_list()}")
        dice = self._rolled("is", info.path.as_list(), str(value)[:40])
        answer = dice.random() > 0.05
        return _given(answer) if self.is_async and dice.random() < 0.2 else answer

    def _loader(self, number: int) -> Loader:
        if number not in self._loaders:

            async def read(keys: list[Any]) -> dict[Any, Any]:
                self.batches.append([number, *keys])
                for _ in range(number):
                    await asyncio.sleep(0)
                return {}

            self._loaders[number] = Loader(read)
        return self._loaders[number]


class Source:
    """An object whose fields are attributes."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        vars(self).update(fields)

    @override
    def __repr__(self) -> str:
        return f"Source {vars(self)['seed']}"


async def _given(value: Any) -> Any:
    await asyncio.sleep(0)
    return value


async def _one_by_one(items: list[Any], *, has_failed: bool) -> AsyncIterator[Any]:
    for item in items:
        await asyncio.sleep(0)
        yield item
    if has_failed:
        raise ValueError("no more")


class Writer:
    """Writes random operations: fragments, aliases, merged fields, conditions, variables."""

    def __init__(self, schema: GraphQLSchema, dice: random.Random) -> None:
        self._schema = schema
        self._dice = dice
        self._fragments: list[str] = []
        self._variables: dict[str, tuple[str, Any]] = {}

    def operation(self) -> tuple[str, dict[str, Any]]:
        """The text, with the values of its variables."""
        kind = "mutation" if self._dice.random() < 0.2 else "query"
        root = self._schema.mutation_type if kind == "mutation" else self._schema.query_type
        body = self._selection(root, 0)
        declared = ", ".join(f"${name}: {type_}" for name, (type_, _) in self._variables.items())
        head = f"{kind}({declared})" if declared else kind
        values = {n: v for n, (_, v) in self._variables.items() if v is not ...}
        return " ".join([f"{head} {body}", *self._fragments]), values

    def _selection(self, type_: Any, depth: int) -> str:
        parts = [self._part(type_, depth) for _ in range(self._dice.randint(1, 4))]
        return f"{{ {' '.join(part for part in parts if part) or '__typename'} }}"

    def _part(self, type_: Any, depth: int) -> str:
        dice = self._dice
        how = dice.random()
        if how < 0.08:
            return dice.choice(("__typename", "kind: __typename"))
        if how < 0.25 and depth < _DEPTH_MAX:
            return self._fragment(type_, depth)
        if isinstance(type_, GraphQLUnionType):
            return "__typename"
        return self._field(type_, depth)

    def _field(self, type_: Any, depth: int) -> str:
        dice = self._dice
        name = dice.choice(list(type_.fields))
        field = type_.fields[name]
        named: Any = get_named_type(field.type)
        if not is_leaf_type(named) and depth >= _DEPTH_MAX:
            return ""
        # One alias a field, so that the same name never stands for two things.
        alias = f"{type_.name}_{name}_{depth}: " if dice.random() < 0.4 or field.args else ""
        arguments = self._arguments(field, alias)
        below = "" if is_leaf_type(named) else self._selection(named, depth + 1)
        return f"{alias}{name}{arguments} {self._condition()} {below}"

    def _arguments(self, field: Any, alias: str) -> str:
        found = []
        for name in field.args:
            number = len(alias) % 3
            if name == "s":
                text = self._variable("String!", "given") if number else '"text"'
                found.append(f"s: {text}")
            elif name == "n" and number != 1:
                found.append(f"n: {self._variable('Int', 5) if number else 4}")
        return f"({', '.join(found)})" if found else ""

    def _variable(self, type_: str, value: Any) -> str:
        name = f"v{len(type_)}"
        if name not in self._variables:
            is_given = type_.endswith("!") or self._dice.random() < 0.7
            self._variables[name] = (type_, value if is_given else ...)
        return f"${name}"

    def _condition(self) -> str:
        dice = self._dice
        if dice.random() < 0.9:
            return ""
        word = dice.choice(("skip", "include"))
        if dice.random() < 0.5:
            return f"@{word}(if: {dice.choice(('true', 'false'))})"
        name = f"c{dice.randint(0, 2)}"
        self._variables.setdefault(name, ("Boolean! = true", dice.choice((True, False, ...))))
        return f"@{word}(if: ${name})"

    def _fragment(self, type_: Any, depth: int) -> str:
        dice = self._dice
        on = type_
        possible = list(self._schema.get_possible_types(type_)) if is_abstract_type(type_) else []
        if possible and dice.random() < 0.7:
            on = dice.choice(possible)
        body = self._selection(on, depth + 1)
        if dice.random() < 0.5:
            condition = f"on {on.name}" if on is not type_ or dice.random() < 0.5 else ""
            return f"... {condition} {self._condition()} {body}"
        name = f"F{len(self._fragments)}"
        self._fragments.append(f"fragment {name} on {on.name} {body}")
        return f"...{name} {self._condition()}"
