"""What an act would do, without doing it: cells before and after, severities that change."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from models.session import Session
from services import atp
from services.atp import Cell, Place

Pair = tuple[str, str]  # location id, product id
PAIRS_MAX = 100  # of a preview; an act that touches more shows the first of them


@dataclass(frozen=True, slots=True)
class Seen:
    """A cell, with the place whose product it promises."""

    place: Place
    cell: Cell


@dataclass(frozen=True, slots=True)
class Crossing:
    """A cell whose severity would change."""

    before: Seen
    after: Seen


@dataclass(frozen=True, slots=True)
class Preview:
    """The cells of what an act touches, in one order, as they are and as they would be."""

    before: list[Seen]
    after: list[Seen]
    crossings: list[Crossing]


async def rehearse(
    session: Session, use_case: Callable[..., Awaitable[Any]], *args: Any
) -> tuple[Any, Preview]:
    """Run the use case, look at the cells that it touches, and take it back.

    Everything is checked and locked as when it is meant. The outcome names what it has `touched`:
    pairs of location and product.
    """
    async with session.attempt(keep=False):
        outcome = await use_case(session, *args)
        pairs = [(location, product) for location, product in outcome.touched][:PAIRS_MAX]
        after = await _cells(session, pairs)
    before = await _cells(session, pairs)
    was = {_key(seen): seen for seen in before}
    crossings = [
        Crossing(was[_key(seen)], seen)
        for seen in after
        if _key(seen) in was and was[_key(seen)].cell.severity is not seen.cell.severity
    ]
    return outcome, Preview(before, after, crossings)


async def _cells(session: Session, pairs: Sequence[Pair]) -> list[Seen]:
    book = await atp.book(session, sorted({location for location, _ in pairs}))
    places = await atp.by_pairs(session, pairs, book)
    return [Seen(place, cell) for _, place in sorted(places.items()) for cell in place.cells]


def _key(seen: Seen) -> tuple[str, str, str]:
    return seen.place.location_id, seen.place.product_id, seen.cell.terms.channel_id
