"""Reads of a former moment: what asks for them, and what the fields below it read through."""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import strawberry

from domain import positions
from domain.errors import UnknownPosition
from models.past import Past
from resolvers.cursors import Cursors
from resolvers.loaders import Loaders
from resolvers.scalars import Position

if TYPE_CHECKING:
    from domain.actor import Actor
    from resolvers.context import Context

_TEXTS: Mapping[str, str] = {
    "as_of": "As it was at this moment: what had happened by then. Everything below the field is "
    "of that moment; names, codes and trees are as they are now. Not in the future.",
    "known_at": "As far as was known at this position: what was recorded later is left out.",
    "at_least": "Wait until what was written at this position is seen.",
}


def looks_back(resolver: Callable[..., Any]) -> Callable[..., Any]:
    """Give the field `asOf`, `knownAt` and `atLeast`: it and all below it read that moment."""
    signature = inspect.signature(resolver)
    takes_info = "info" in signature.parameters

    async def looking(
        self: Any,
        info: strawberry.Info[Any, Any],
        *,
        as_of: datetime | None = None,
        known_at: Position | None = None,
        at_least: Position | None = None,
        **kwargs: Any,
    ) -> Any:
        await info.context.look_back(info.path, as_of, known_at, at_least)
        found = resolver(self, **({"info": info} if takes_info else {}), **kwargs)
        return await found if inspect.isawaitable(found) else found

    places = dict(inspect.signature(looking).parameters)
    places.pop("kwargs")
    first = [places.pop(name) for name in ("self", "info")]
    given = [p for name, p in signature.parameters.items() if name not in ("self", "info")]
    named = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in given]
    found: Any = looking
    found.__signature__ = signature.replace(parameters=[*first, *named, *places.values()])
    found.__annotations__ |= resolver.__annotations__
    found.__name__, found.__module__ = resolver.__name__, resolver.__module__
    found.__doc__ = _with_texts(inspect.cleandoc(resolver.__doc__ or ""))
    return looking


def _with_texts(doc: str) -> str:
    lines = [f"    {name}: {text}" for name, text in _TEXTS.items()]
    return "\n".join([doc, *([] if "\nArgs:\n" in doc else ["", "Args:"]), *lines])


class PastContext:
    """What the fields below one that looks back read through: the same snapshot, another moment."""

    def __init__(self, context: "Context", past: Past) -> None:
        self._context = context
        self._past = past
        self.loaders = Loaders(self.read)

    @property
    def actor(self) -> "Actor":
        """Who asks."""
        return self._context.actor

    @property
    def cursors(self) -> Cursors:
        """What seals places in lists."""
        return self._context.cursors

    def kept(self, _listing: object, _id: str) -> None:
        """Nothing: what is kept is of the present."""

    async def read(self, function: Callable[..., Awaitable[Any]], *args: Any, **kwargs: Any) -> Any:
        """What the service function reads of this moment, on the snapshot of the operation."""
        return await self._context.read_at(self._past, function, *args, **kwargs)

    async def look_back(self, *asked: Any) -> None:
        """Look at another moment below a field."""
        await self._context.look_back(*asked)


def place_of(position: str | None, field: str, cluster: int) -> positions.Place | None:
    """What a position that a client gave says.

    Raises:
        UnknownPosition: it is none of this database.
    """
    if position is None:
        return None
    try:
        place = positions.decode(position)
    except ValueError as error:
        raise UnknownPosition(field, f"{field} is no position: {error}.") from None
    if place.cluster != cluster:
        raise UnknownPosition(field, f"{field} is a position of another database.")
    return place
