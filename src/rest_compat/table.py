"""The words of the page of routes: a method, a path, its permission and its stored operation."""

import re
from dataclasses import dataclass
from http import HTTPStatus

from domain.permissions import Permission

_PARAMETER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One row of the page.

    `permissions` are the documented ones, all of which are needed. `operation` is a file below
    `schema/operations`, without its ending. With `success`, a write's body begins with
    `"success": true`.
    """

    method: str
    path: str
    permissions: frozenset[Permission]
    operation: str
    status: HTTPStatus
    success: bool

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


def get(path: str, permission: str, operation: str) -> Route:
    """A read."""
    return _route("GET", path, permission, operation, HTTPStatus.OK, success=False)


def post(
    path: str,
    permission: str,
    operation: str,
    status: HTTPStatus = HTTPStatus.OK,
    *,
    success: bool = True,
) -> Route:
    """A write, or a question whose arguments need a body."""
    return _route("POST", path, permission, operation, status, success=success)


def patch(path: str, permission: str, operation: str, *, success: bool = True) -> Route:
    """A change of some fields."""
    return _route("PATCH", path, permission, operation, HTTPStatus.OK, success=success)


def _route(
    method: str, path: str, permission: str, operation: str, status: HTTPStatus, *, success: bool
) -> Route:
    return Route(
        method=method,
        path=path,
        permissions=frozenset(Permission(name) for name in permission.split(" + ")),
        operation=operation,
        status=status,
        success=success,
    )
