"""The words of the page of routes: a method, a path, its permission and its stored operation."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any

from domain.permissions import Permission

_PARAMETER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Other:
    """A second operation of a row, for requests that have what `switch` names.

    That is a field of the body, or of a read a parameter that is true; or it is several parameters
    of a read that are all given, with one value each.
    """

    switch: str | tuple[str, ...]
    operation: str
    head: Mapping[str, Any] = field(default_factory=dict)
    within: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One row of the page.

    `permissions` are the documented ones, all of which are needed. `operation` is a file below
    `schema/operations`, without its ending; `other` takes its place for some requests. With
    `success`, a write's body begins with `"success": true`; the members of `head` come before
    what the operation gives, which stands in a member of its own where `within` names one. `csv`
    is the path to the list that is given as CSV to who would rather have that; what the lists on
    the way say of a row stands before it.
    """

    method: str
    path: str
    permissions: frozenset[Permission]
    operation: str
    status: HTTPStatus
    success: bool
    head: Mapping[str, Any] = field(default_factory=dict)
    within: str | None = None
    other: Other | None = None
    csv: tuple[str, ...] = ()

    @property
    def constants(self) -> dict[str, Any]:
        """The members that every body begins with."""
        return {**({"success": True} if self.success else {}), **self.head}

    @property
    def is_record(self) -> bool:
        """Whether the path is that of one record, which the body has in a member of its own."""
        return self.within is not None and self.path.endswith("}")

    def switched(self) -> "Route | None":
        """The row with its other operation, where it has one."""
        if self.other is None:
            return None
        other = self.other
        return replace(
            self, operation=other.operation, head=other.head, within=other.within, other=None
        )

    @property
    def name(self) -> str:
        """The row as messages name it."""
        return f"{self.method} {self.path}"

    @property
    def area(self) -> str:
        """The area of the operation."""
        return self.operation.partition("/")[0]

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names in braces in the path."""
        return tuple(_PARAMETER.findall(self.path))

    @property
    def shape(self) -> str:
        """The path with its parameters' names left out: two rows of one shape are ambiguous."""
        return _PARAMETER.sub("{}", self.path)


def get(path: str, permission: str, operation: str, **more: Any) -> Route:
    """A read; `more` are `head`, `within`, `other` and `csv`."""
    return _route("GET", path, permission, operation, HTTPStatus.OK, success=False, **more)


def post(
    path: str,
    permission: str,
    operation: str,
    status: HTTPStatus = HTTPStatus.OK,
    *,
    success: bool = True,
    **more: Any,
) -> Route:
    """A write, or a question whose arguments need a body; `more` as of a read."""
    return _route("POST", path, permission, operation, status, success=success, **more)


def patch(path: str, permission: str, operation: str, *, success: bool = True) -> Route:
    """A change of some fields."""
    return _route("PATCH", path, permission, operation, HTTPStatus.OK, success=success)


def delete(path: str, permission: str, operation: str) -> Route:
    """A removal."""
    return _route("DELETE", path, permission, operation, HTTPStatus.OK, success=True)


def _route(
    method: str, path: str, permission: str, operation: str, status: HTTPStatus, **more: Any
) -> Route:
    return Route(
        method=method,
        path=path,
        permissions=frozenset(Permission(name) for name in permission.split(" + ")),
        operation=operation,
        status=status,
        **more,
    )
