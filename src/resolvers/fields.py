"""How types and fields are declared: the docstring is the description, the right stands beside it.

A class marked `output`, `input_`, `interface` or `choices` is described by its docstring, and each
of its attributes or members by the string below it. A method marked `guarded` or `plain` becomes
a field; the `Args:` of its docstring describe its arguments.
"""

import ast
import dataclasses
import inspect
import sys
from collections.abc import Awaitable, Callable, Mapping
from enum import Enum
from functools import cache
from typing import Any, TypeVar

import strawberry
from graphql import GraphQLField
from strawberry.extensions import FieldExtension
from strawberry.schema_directive import Location
from strawberry.types.enum import StrawberryEnumDefinition
from strawberry.types.field import StrawberryField
from typing_extensions import dataclass_transform, override

from domain.permissions import Permission
from execution.strawberry_fields import declared

Needs = Permission | tuple[Permission, ...]
ANY_KEY: tuple[Permission, ...] = ()  # for the few root fields that every valid key may read

C = TypeVar("C", bound=type)
E = TypeVar("E", bound=Enum)


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="needs",
    repeatable=True,
    description="The permission that the key must hold to read this field; without a permission, "
    "any valid key may. A field with two of these needs both.",
)
class NeedsDirective:
    """The right that a field needs, as the SDL shows it."""

    permission: str | None = strawberry.directive_field(name="permission", default=strawberry.UNSET)


def guarded_value(*, needs: Needs, **options: Any) -> Any:
    """Declare an attribute that is shown to keys with these permissions only."""
    return strawberry.field(**_guard(needs), **options)


@dataclass_transform(kw_only_default=True, field_specifiers=(guarded_value,))
def output(cls: C) -> C:
    """Make the class an object type."""
    return _described(strawberry.type(cls, description=_text(cls)))


@dataclass_transform(kw_only_default=True, field_specifiers=(guarded_value,))
def interface(cls: C) -> C:
    """Make the class an interface."""
    return _described(strawberry.interface(cls, description=_text(cls)))


@dataclass_transform(kw_only_default=True)
def input_(cls: C) -> C:
    """Make the class an input type."""
    return _described(strawberry.input(cls, description=_text(cls)))


def given(input: Any) -> dict[str, Any]:
    """The fields of an input that are given, null ones included."""
    return {name: value for name, value in vars(input).items() if value is not strawberry.UNSET}


def plain_given(input: Any) -> dict[str, Any]:
    """The same with the values of enums, and with inputs in lists as mappings; {} of None."""
    return {} if input is None else {name: _plain(value) for name, value in given(input).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [plain_given(one) if hasattr(one, "__dict__") else one for one in value]
    return value.value if isinstance(value, Enum) else value


def choices(cls: type[E], name: str | None = None) -> type[E]:
    """Make the enum an enum type; one of a lower layer is handed in as it is."""
    strawberry.enum(cls, name=name or cls.__name__, description=_text(cls))
    definition: StrawberryEnumDefinition = vars(cls)["__strawberry_definition__"]
    texts = _attribute_texts(cls)
    for value in definition.values:
        value.description = texts.get(value.name)
    return cls


def guarded(*, needs: Needs) -> Callable[[Callable[..., Any]], Any]:
    """Make the method a field that keys without all of these permissions are refused.

    Every root field is declared so, and every field that shows more than the right of its parent
    covers.
    """

    def declare(resolver: Callable[..., Any]) -> Any:
        return _field(resolver, **_guard(needs))

    return declare


def needs_of(definition: GraphQLField) -> list[Permission]:
    """The rights that a field of the schema needs, beside that of its parent."""
    field = declared(definition)
    directives = field.directives if field else ()
    return [
        Permission(one.permission)
        for one in directives
        if isinstance(one, NeedsDirective) and one.permission
    ]


def plain(resolver: Callable[..., Any]) -> Any:
    """Make the method a field that the right of its parent covers."""
    return _field(resolver)


class _Guard(FieldExtension):
    def __init__(self, needs: tuple[Permission, ...]) -> None:
        self._needs = needs

    @override
    def resolve(
        self, next_: Callable[..., Any], source: Any, info: strawberry.Info, **kwargs: Any
    ) -> Any:
        info.context.actor.require(*self._needs)
        return next_(source, info, **kwargs)

    @override
    async def resolve_async(
        self,
        next_: Callable[..., Awaitable[Any]],
        source: Any,
        info: strawberry.Info,
        **kwargs: Any,
    ) -> Any:
        info.context.actor.require(*self._needs)
        return await next_(source, info, **kwargs)


def _guard(needs: Needs) -> dict[str, Any]:
    permissions = (needs,) if isinstance(needs, Permission) else needs
    shown = [NeedsDirective(permission=str(one)) for one in permissions] or [NeedsDirective()]
    return {"directives": shown, "extensions": [_Guard(permissions)] if permissions else []}


def _field(resolver: Callable[..., Any], **options: Any) -> Any:
    field: StrawberryField = strawberry.field(resolver, description=_text(resolver), **options)
    texts = _argument_texts(resolver)
    for argument in field.arguments:
        argument.description = argument.description or texts.get(argument.python_name)
        if argument.default is None:  # what may be left out needs no `= null` in the SDL
            argument.default = strawberry.UNSET
    return field


def _described(cls: C) -> C:
    texts = _attribute_texts(cls)
    for field in vars(cls)["__strawberry_definition__"].fields:
        field.description = field.description or texts.get(field.python_name)
        if field.default_value is None:  # as with arguments
            field.default_value = dataclasses.MISSING
    return cls


_SECTIONS = ("Args:", "Raises:", "Returns:")


def _text(thing: Any) -> str:
    """The docstring without its sections, which clients get in other ways."""
    lines = inspect.cleandoc(thing.__doc__ or "").splitlines()
    end = next((i for i, line in enumerate(lines) if line in _SECTIONS), len(lines))
    return "\n".join(lines[:end]).strip()


def _argument_texts(resolver: Callable[..., Any]) -> dict[str, str]:
    """What `Args:` says of each argument; a text may go on in lines that are indented further."""
    lines = inspect.cleandoc(resolver.__doc__ or "").splitlines()
    if "Args:" not in lines:
        return {}
    texts: dict[str, str] = {}
    name = ""
    for line in lines[lines.index("Args:") + 1 :]:
        if not line.startswith(" "):
            break
        if line.startswith("     "):
            texts[name] += " " + line.strip()
        else:
            name, _, text = line.strip().partition(": ")
            texts[name] = text
    return texts


def _attribute_texts(cls: type) -> Mapping[str, str]:
    """The string below each attribute, in the class and in those it extends."""
    texts: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        if base.__module__ in sys.modules and base is not object:
            texts |= _texts_of_module(base.__module__).get(base.__qualname__, {})
    return texts


@cache
def _texts_of_module(name: str) -> dict[str, dict[str, str]]:
    try:
        tree = ast.parse(inspect.getsource(sys.modules[name]))
    except (OSError, TypeError):  # built in
        return {}
    return {node.name: _texts_of(node) for node in tree.body if isinstance(node, ast.ClassDef)}


def _texts_of(node: ast.ClassDef) -> dict[str, str]:
    texts: dict[str, str] = {}
    for statement, below in zip(node.body, node.body[1:], strict=False):
        name = _assigned(statement)
        if name and isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            texts[name] = " ".join(str(below.value.value).split())
    return texts


def _assigned(statement: ast.stmt) -> str | None:
    target: ast.expr | None = None
    if isinstance(statement, ast.AnnAssign):
        target = statement.target
    elif isinstance(statement, ast.Assign):
        target = statement.targets[0]
    return target.id if isinstance(target, ast.Name) else None
