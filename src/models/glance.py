"""A look at numbers in one message, for a process that keeps all else that an answer takes.

Whoever glances assumes that what is kept is what the next snapshot sees, and reads numbers with the
version that tells. If it was not, or if the answer takes more than can be read so, the glance is
void: nothing that was made of it may be shown, and the answer is made anew in a session.
"""

from collections.abc import Awaitable, Callable, Hashable, Sequence
from contextlib import suppress
from typing import Any, NoReturn

from models.reference import Shelf

# Reads by one message of its own: version, moment, and the numbers of pairs of places and products.
Look = Callable[[Sequence[str], Sequence[str]], Awaitable[Sequence[Any]]]


class NotEnough(Exception):
    """The answer takes more than a glance; whoever glanced begins anew."""


class Glance:
    """Takes the place of a session for what is kept, and for one look at numbers."""

    def __init__(self, shelf: Shelf, look: Look) -> None:
        self._shelf = shelf
        self._look = look
        self._has_looked = False
        self._is_void = False
        self.looks_back = False

    async def shelf(self) -> Shelf:
        """What is kept, of a version that is assumed."""
        return self._shelf

    def kept(self, name: Hashable, id: str) -> Any:
        """A kept row of reference data, or None."""
        return self._shelf.get(name, id)

    async def numbers(self, location_ids: Sequence[str], product_ids: Sequence[str]) -> list[Any]:
        """The numbers of these pairs, once.

        Raises:
            NotEnough: they were asked for before, or what is kept is not of their snapshot.
        """
        if self._has_looked:  # a second look would be another snapshot
            self.void()
        self._has_looked = True
        found: Sequence[Any] = ()
        with suppress(Exception):  # a session will meet it again, and knows what it means
            found = await self._look(location_ids, product_ids)
        if not found or not self._shelf.epoch.holds(found[0][0], found[0][1]):
            self.void()
        return [(row[2], row[3]) for row in found] if product_ids else []

    async def is_good(self) -> bool:
        """Whether all that was given is of one snapshot."""
        if not self._has_looked and not self._is_void:
            try:
                await self.numbers([], [])
            except NotEnough:
                return False
        return not self._is_void

    def void(self) -> NoReturn:
        """Give the glance up.

        Raises:
            NotEnough: always.
        """
        self._is_void = True
        raise NotEnough

    def __getattr__(self, name: str) -> Any:
        """Whatever else a session does takes more than a glance."""

        async def refuse(*_: Any, **__: Any) -> None:
            self.void()

        return refuse
