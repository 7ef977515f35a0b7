"""Selections become Python functions: one for each object type at each place of an operation.

What is written is straight-line code: a field that is an attribute is read, its class is compared
with the one that its scalar gives out as it is, and the object is one dict literal. Everything
unusual is a call of `places`.
"""

from collections.abc import Callable, Mapping
from itertools import count
from typing import Any, NamedTuple

from graphql import (
    GraphQLAbstractType,
    GraphQLField,
    GraphQLList,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    OperationDefinitionNode,
    TypeNameMetaFieldDef,
    Undefined,
    get_named_type,
)
from graphql.execution.collect_fields import (
    FieldDetails,
    FragmentDetails,
    collect_fields,
    collect_subfields,
)
from graphql.execution.values import VariableValues
from graphql.type import (
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)

from execution.abstract import Checked, by_type
from execution.fragments import Finishes, Once, Written, is_closed, written_once
from execution.leaves import PLAINLY, serialized
from execution.links import ASK, Link, asks_id_only
from execution.places import OBJECTS, PLAIN, Complete, Field, ListPlace, Place, is_object
from execution.waiting import collect

Fields = Mapping[str, list[FieldDetails]]


class Access(NamedTuple):
    """How a field's value is found: an attribute of its object, or a function of it.

    The function takes the object alone, a resolver takes info as well.
    """

    attribute: str | None = None
    function: Callable[[Any], Any] | None = None
    resolver: Callable[[Any, Any], Any] | None = None
    link: Link | None = None  # what the resolver says of itself


ITEM = "v"  # the variable of an item of a list

# How a field is found without its resolver; None where only the resolver knows.
Accesses = Callable[[GraphQLField], Access | None]
Serializers = Mapping[str, Callable[[Any], Any]]


class Setting(NamedTuple):
    """What the compiled code of one operation depends on."""

    schema: GraphQLSchema
    operation: OperationDefinitionNode
    fragments: dict[str, FragmentDetails]
    accesses: Accesses
    serializers: Serializers  # of leaf types by name, in place of their own
    once: Once = Once()
    finishes: Finishes | None = None


class Compiler:
    """Writes the functions of one operation, with some values of the variables in conditions."""

    def __init__(self, setting: Setting, variables: VariableValues) -> None:
        self._setting = setting
        self._variables = variables
        self._lines: list[str] = []
        self._names: dict[str, Any] = {
            "PLAIN": PLAIN,
            "OBJECTS": OBJECTS,
            "is_object": is_object,
            "collect": collect,
            "Undefined": Undefined,
            "ASK": ASK,
            "Written": Written,
        }
        self._numbers = count()
        self._later: list[Callable[[], None]] = []

    def roots(self, root: GraphQLObjectType, *, apart: bool) -> list[Complete]:
        """The functions of the root: one for all its fields, or `apart` one for each of them."""
        schema, operation, fragments = self._setting[:3]
        found = collect_fields(schema, fragments, self._variables, root, operation)
        fields = found.grouped_field_set
        parts = [{key: details} for key, details in fields.items()] if apart else [fields]
        names = [self._object(root, part) for part in parts]
        self._build()
        return [self._names[name] for name in names]

    def of_type(self, place: Place, type_: GraphQLObjectType, details: list[FieldDetails]) -> Any:
        """The function for objects of one of an abstract type's types, compiled when met."""
        name = self._checked_object(place, type_, details)
        self._build()
        return self._names[name]

    def _build(self) -> None:
        code = compile("\n".join(self._lines), "<operation>", "exec")
        self._lines.clear()
        exec(code, self._names)  # noqa: S102 - of names and types of the schema alone, each by repr
        for link in self._later:
            link()
        self._later.clear()

    def _name(self, prefix: str, thing: object = None) -> str:
        name = f"{prefix}{next(self._numbers)}"
        if thing is not None:
            self._names[name] = thing
        return name

    def _object(self, type_: GraphQLObjectType, fields: Fields) -> str:
        """Write the function that makes an object's dict."""
        body: list[str] = []
        members: list[str] = []
        for key, details in fields.items():
            definition = self._setting.schema.get_field(type_, details[0].node.name.value)
            if definition is TypeNameMetaFieldDef:
                members.append(f"{key!r}: {type_.name!r}")
            elif definition is not None:
                value = f"a{len(members)}"
                members.append(f"{key!r}: {value}")
                body += self._field(type_, definition, key, details, value)
        name = self._name("object")
        if any("is_mapping" in line for line in body):
            body.insert(0, " is_mapping = not (v.__class__ in OBJECTS or is_object(v))")
        self._lines += [
            f"def {name}(run, v, p):",
            " P = run.pending; m = len(P)",
            *body,
            f" d = {{{', '.join(members)}}}",
            " if len(P) != m: collect(P, m, d)",
            " return d",
        ]
        return name

    def _field(
        self,
        parent: GraphQLObjectType,
        definition: GraphQLField,
        key: str,
        details: list[FieldDetails],
        value: str,
    ) -> list[str]:
        access = self._setting.accesses(definition)
        resolve = access.resolver if access else definition.resolve
        nodes = [one.node for one in details]
        field = Field(key, definition, nodes, parent, resolve, is_default=not access)
        link = access.link if access else None
        is_object = is_object_type(_nullable(definition.type))
        if link and link.id_of and is_object and asks_id_only(nodes):
            return self._id_alone(field, details, value, link.id_of)
        found = self._access(field, access)
        is_leaf = _is_leaf(definition.type)
        position = f"(p, {key!r}, {parent.name!r})"
        # A leaf that is read, not resolved, needs its position only when something is unusual.
        at = position if is_leaf and resolve is None else "q"
        place, lines = self._value(field, definition.type, details, value, at)
        return [
            *([] if at == position else [f" q = {position}"]),
            *([] if is_leaf else [" n = len(P)"]),
            " try:",
            f"  {value} = {found}",
            *(f"  {line}" for line in lines),
            " except Exception as e:",
            f"  {value} = {place}.fail(run, e, {at}, {'len(P)' if is_leaf else 'n'})",
            *_adopting(definition.type, place),
        ]

    def _id_alone(
        self, field: Field, details: list[FieldDetails], value: str, id_of: Callable[[Any], Any]
    ) -> list[str]:
        """The lines of a link of whose thing nothing but the id is selected: no thing is made."""
        inner: Any = _nullable(field.definition.type)
        place = Place(field, is_required=inner is not field.definition.type, is_item=False)
        known = self._name("place", place)
        members = [
            f"{name!r}: {inner.name!r}"
            if one[0].node.name.value == "__typename"
            else f"{name!r}: i"
            for name, one in self._selected(inner, details).items()
        ]
        return [
            " try:",
            f"  i = {self._name('id_of', id_of)}(v)",
            f"  {value} = {known}.nothing() if i is None else {{{', '.join(members)}}}",
            " except Exception as e:",
            f"  {value} = {known}.fail(run, e, (p, {field.key!r}, {field.parent.name!r}), len(P))",
        ]

    def _selected(self, type_: GraphQLObjectType, details: list[FieldDetails]) -> Fields:
        """What is selected of an object of this type."""
        schema, operation, fragments = self._setting[:3]
        found = collect_subfields(schema, fragments, self._variables, operation, type_, details)
        return found.grouped_field_set

    def _access(self, field: Field, access: Access | None) -> str:
        """The expression that finds the value of a field of `v`."""
        if access is not None and access.attribute is not None:
            return f"v.{access.attribute}"
        if access is not None and access.function is not None:
            return f"{self._name('resolve', access.function)}(v)"
        if field.resolve is None:
            name = repr(field.name)
            return f"v.get({name}) if is_mapping else getattr(v, {name}, None)"
        link = access.link if access else None
        known = self._name("field", field)
        arguments = f", **{known}.arguments(run)" if field.takes_arguments else ""
        asked = f"{self._name('resolve', field.resolve)}(v, {known}.info(run, q){arguments})"
        if link is None or link.at_hand is None:
            return asked
        at_hand = self._name("at_hand", link.at_hand)
        return f"x if (x := {at_hand}(v, run.context)) is not ASK else {asked}"

    def _value(
        self,
        field: Field,
        type_: GraphQLOutputType,
        details: list[FieldDetails],
        value: str,
        at: str,
    ) -> tuple[str, list[str]]:
        """A place's name, and the lines that make of a variable the answer's value.

        `at` is the expression of its position.
        """
        inner: Any = _nullable(type_)
        is_required, is_item = inner is not type_, value == ITEM
        if is_list_type(inner):
            item, lines = self._value(field, inner.of_type, details, ITEM, "q")
            at_item = self._names[item]
            place: Place = ListPlace(field, at_item, is_required=is_required, is_item=is_item)
            name = self._name("place", place)
            function = self._list(name, inner, item, lines)
        else:
            place = Place(field, is_required=is_required, is_item=is_item)
            name = self._name("place", place)
            if is_leaf_type(inner):
                return name, self._leaf(name, place, inner, value, at)
            function = self._one(place, inner, details)
        self._later.append(lambda: setattr(place, "complete", self._names[function]))
        return name, _composite(name, function, value, is_required=is_required)

    def _one(self, place: Place, type_: Any, details: list[FieldDetails]) -> str:
        """Write the function that makes one object, of this type or of one that is of it."""
        if is_object_type(type_):
            return self._checked_object(place, type_, details)
        assert is_abstract_type(type_), "there are no further output types"
        return self._name("abstract", self._abstract(place, type_, details))

    def _leaf(self, name: str, place: Place, type_: Any, value: str, at: str) -> list[str]:
        serialize = self._setting.serializers.get(type_.name)
        place.complete = serialized(type_, serialize or type_.coerce_output_value)
        other = f"{value} = {name}.other(run, {value}, {at})"
        plainly = PLAINLY.get(type_) if serialize is None else None
        if plainly:
            test = f"not ({plainly.format(value)})"
            return [
                f"if {test if place.is_required else f'{value} is not None and {test}'}: {other}"
            ]
        whole = self._name("leaf", place.complete)
        return [
            f"if {value}.__class__ in PLAIN: {value} = {whole}(run, {value}, {at})",
            f"{'else' if place.is_required else f'elif {value} is not None'}: {other}",
        ]

    def _checked_object(
        self, place: Place, type_: GraphQLObjectType, details: list[FieldDetails]
    ) -> str:
        selected = self._selected(type_, details)
        name = self._object(type_, selected)
        if type_.name in self._setting.once.names and self._is_closed(type_, selected):
            name = self._once(name, place.field)
        if type_.is_type_of is None:
            return name
        check = Checked(place, type_)
        self._later.append(lambda: setattr(check, "make", self._names[name]))
        return self._name("checked", check.complete)

    def _is_closed(self, type_: GraphQLObjectType, fields: Fields) -> bool:
        get_field = self._setting.schema.get_field
        return is_closed(type_, fields, self._selected, get_field, self._setting.accesses)

    def _once(self, name: str, field: Field) -> str:
        """The function with this name, or one that writes each object once."""
        finishes, at = self._setting.finishes, (field.parent.name, field.key)
        if finishes is not None and at not in finishes:
            return name
        once, finish = self._name("once"), None if finishes is None else finishes[at]

        def link() -> None:
            self._names[once] = written_once(self._names[name], finish, self._setting.once.dumps)

        self._later.append(link)
        return once

    def _abstract(
        self, place: Place, type_: GraphQLAbstractType, details: list[FieldDetails]
    ) -> Complete:
        return by_type(
            place,
            type_,
            self._setting.schema,
            lambda concrete: self.of_type(place, concrete, details),
        )

    def _list(self, place: str, type_: GraphQLList[Any], item: str, lines: list[str]) -> str:
        """Write the function that makes a list, each item by these lines."""
        is_leaf = _is_leaf(type_.of_type)
        name = self._name("list")
        is_json = is_leaf and get_named_type(type_).name in self._setting.serializers
        written = [" if items.__class__ is Written: return items.json"] if is_json else []
        self._lines += [
            f"def {name}(run, items, p):",
            *written,
            " if items.__class__ is not list:",
            f"  items = {place}.items(run, items, p)",
            "  if items is None: return None",
            " P = run.pending; m = len(P); made = []; append = made.append; i = 0",
            " rest = iter(items)",
            " try:",
            f"  for {ITEM} in rest:",
            f"   q = (p, i, None); i += 1{'' if is_leaf else '; n = len(P)'}",
            "   try:",
            *(f"    {line}" for line in lines),
            "   except Exception as e:",
            f"    {ITEM} = {item}.fail(run, e, q, {'len(P)' if is_leaf else 'n'})",
            *(f"  {line}" for line in _adopting(type_.of_type, item)),
            f"   append({ITEM})",
            " except Exception:",
            f"  {place}.drain(run, m, rest)",
            "  raise",
            " if len(P) != m: collect(P, m, made)",
            " return made",
        ]
        return name


def _nullable(type_: GraphQLOutputType) -> GraphQLOutputType:
    inner: GraphQLOutputType = type_.of_type if is_non_null_type(type_) else type_
    return inner


def _is_leaf(type_: GraphQLOutputType) -> bool:
    return is_leaf_type(_nullable(type_))


def _adopting(type_: GraphQLOutputType, place: str) -> list[str]:
    if _is_leaf(type_):
        return []
    return [" else:", f"  if len(P) != n: {place}.adopt(run, q)"]


def _composite(place: str, function: str, value: str, *, is_required: bool) -> list[str]:
    lines = [
        f"if {value}.__class__ in PLAIN: {value} = {function}(run, {value}, q)",
        f"else: {value} = {place}.other(run, {value}, q)",
    ]
    return lines if is_required else [f"if {value} is None: pass", f"el{lines[0]}", lines[1]]
