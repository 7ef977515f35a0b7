"""Cells by place and product, from one statement for all numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from domain.quantities import ZERO
from models import availability, matrix
from models.session import Session
from services.atp.ahead import Ahead
from services.atp.policies import PolicyBook
from services.atp.rules import Cell, Numbers, Promised, Terms, cells

Pair = tuple[str, str]  # location id, product id


@dataclass(frozen=True, slots=True)
class Place:
    """All cells of one product at one location, and the numbers that they share."""

    location_id: str
    product_id: str
    numbers: Numbers
    cells: list[Cell]
    promised: Mapping[str, Promised] = field(default_factory=dict)
    step: Decimal = Decimal(1)

    def cell(self, channel_id: str) -> Cell:
        """The cell of an active channel."""
        return next(one for one in self.cells if one.terms.channel_id == channel_id)

    def terms(self, channel_id: str) -> Terms:
        """What the policies say about an active channel here."""
        return self.cell(channel_id).terms

    def promising(self, channel_id: str | None, quantity: Decimal, day: int = 0) -> "Place":
        """The place as it would be once so much more is promised, to a channel or to nobody's.

        What a channel is promised uses its quota up first. `day` counts from today.
        """
        numbers = replace(self.numbers, reserved=self.numbers.reserved + quantity)
        if day > 0:
            ahead = numbers.ahead
            more = replace(ahead, promised=(*ahead.promised, (day, quantity)))
            numbers = replace(numbers, ahead=more).within(0)
        promised = dict(self.promised)
        if channel_id is not None:
            now = promised.get(channel_id, Promised())
            left = max(ZERO, now.quota_left - quantity)
            promised[channel_id] = Promised(now.quantity + quantity, left)
        made = cells(numbers, [one.terms for one in self.cells], promised, self.step)
        return replace(self, numbers=numbers, cells=made, promised=promised)


async def by_pairs(
    session: Session, pairs: Sequence[Pair], book: PolicyBook
) -> Mapping[Pair, Place]:
    """The cells of every active channel for these (location, product) pairs.

    The book must hold the policies of these locations. A pair whose product does not exist is
    left out.
    """
    if not pairs:
        return {}
    rows = await session.all(availability.numbers(pairs))
    return {(row.location_id, row.product_id): _place(book, row) for row in rows}


async def by_products(
    session: Session, product_ids: Sequence[str], book: PolicyBook
) -> Mapping[str, list[Place]]:
    """For each product, its cells at every location that lists it, by location id.

    The book must hold the policies of all locations.
    """
    pairs = [
        (row.location_id, row.product_id)
        for row in await session.all(matrix.locations_of(product_ids))
    ]
    found: dict[str, list[Place]] = {id: [] for id in product_ids}
    for pair, one in sorted((await by_pairs(session, pairs, book)).items()):
        found[pair[1]].append(one)
    return found


def _place(book: PolicyBook, row: Any) -> Place:
    numbers = numbers_of(row)
    promised, step = promised_of(row), row.quantity_step
    made = cells(numbers, terms_of(book, row), promised, step)
    return Place(row.location_id, row.product_id, numbers, made, promised, step)


def numbers_of(row: Any) -> Numbers:
    """The numbers in a row of `availability.numbers`."""
    sums = (row.on_hand, row.expired, row.held, row.reserved)
    return numbers_with(sums, row.lots, row.promised_ahead, row.supply_ahead)


def numbers_with(
    sums: Sequence[Decimal], lots: Any, promised_ahead: Any, supply_ahead: Any
) -> Numbers:
    """The same from the four sums, and lists of days and units where there are some."""
    on_hand, expired, held, reserved = sums
    numbers = Numbers(on_hand, expired, held, reserved, dated(lots))
    if not promised_ahead and not supply_ahead:
        return numbers
    ahead = Ahead(supply=dated(supply_ahead), promised=dated(promised_ahead))
    return replace(numbers, ahead=ahead).within(0)


def dated(rows: Any) -> tuple[tuple[int, Decimal], ...]:
    """Days and units from a JSON list of pairs, or from nothing."""
    return tuple((int(days), _exact(units)) for days, units in rows or ())


def terms_of(book: PolicyBook, row: Any) -> list[Any]:
    """The terms of every channel for a row of `availability.numbers`."""
    return book.terms(row.location_id, row.path, row.policies)


def promised_of(row: Any) -> dict[str, Promised]:
    """Each channel's open promises and what is left of its quota, from a row's JSON lists."""
    return promised_of_lists(row.promises, row.quotas)


def promised_of_lists(
    open_promises: Sequence[Any] | None, quotas: Sequence[Any] | None
) -> dict[str, Promised]:
    """The same from [channel, quantity, from quota] and [channel, allocated, consumed] lists."""
    promises = {channel: (_exact(q), _exact(used)) for channel, q, used in open_promises or ()}
    left = {
        channel: max(ZERO, _exact(allocated) - _exact(consumed) - promises.get(channel, _NONE)[1])
        for channel, allocated, consumed in quotas or ()
    }
    return {
        channel: Promised(promises.get(channel, _NONE)[0], left.get(channel, ZERO))
        for channel in promises.keys() | left.keys()
    }


_NONE = (ZERO, ZERO)


def _exact(number: int | Decimal) -> Decimal:
    return Decimal(number)
