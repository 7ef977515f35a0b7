"""Cells: what one channel can promise of one product from one location."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import strawberry

from domain.quantities import exact
from execution.links import ASK, LINK, Link
from resolvers import kinds
from resolvers.fields import choices, input_, output, plain
from resolvers.lists import Info, linked
from resolvers.scalars import Quantity
from resolvers.severity import Severity
from services import atp as service
from services.atp import Cell, Evidence, Place, StepKind

choices(StepKind, "AtpStepKind")


def _of_behind(shown: Callable[[Any, Sequence[str]], Any]) -> Any:
    """Make the method, which is given the ids behind a step, a field.

    They are there where they were read with the step's row, and asked for where they were not.
    """

    def resolver(self: Any, info: Info) -> Any:
        pair = (self.place.location_id, self.place.product_id)
        found = info.context.loaders.load(service.evidence, pair)
        return found.then(lambda one: shown(self, self.behind(one or service.NO_EVIDENCE)))

    def at_hand(self: Any, _context: Any) -> Any:
        if self.kind in _OF_POLICY:
            return shown(self, self.behind(service.NO_EVIDENCE))
        return ASK if self.evidence is None else shown(self, self.behind(self.evidence))

    setattr(resolver, LINK, Link(is_closed=True, at_hand=at_hand))
    resolver.__name__ = shown.__name__
    resolver.__module__ = shown.__module__
    resolver.__doc__ = shown.__doc__
    resolver.__annotations__["return"] = shown.__annotations__["return"]
    return plain(resolver)


@output
class AtpStep:
    """One step from what is on hand to what can be promised."""

    place: strawberry.Private[Place]
    cell: strawberry.Private[Cell]
    evidence: strawberry.Private[Evidence | None]

    kind: StepKind
    """What it is about."""

    label: str
    """The same in words."""

    quantity: Quantity
    """By how many units it changes what is left."""

    balance: Quantity
    """What is left after it; after the last step it is the cell's `atp`."""

    @_of_behind
    def count(self, ids: Sequence[str]) -> int:
        """How many things are behind it."""
        return len(ids)

    @_of_behind
    def refs(self, ids: Sequence[str]) -> list[strawberry.ID]:
        """The ids of the first 100 of them: items, holds, reservations, quotas, the policy."""
        shown: list[Any] = list(ids[: service.REFS_MAX])
        return shown

    @linked(kinds.CHANNEL_POLICY)
    def policy(self) -> str | None:
        """The policy behind it, at the version of that moment; absent for what no policy says."""
        return self.cell.terms.policy_id if self.kind in _OF_POLICY else None

    def behind(self, evidence: Evidence) -> Sequence[str]:
        """The ids behind it."""
        terms = self.cell.terms
        if self.kind in _OF_POLICY:
            return [] if terms.policy_id is None else [terms.policy_id]
        return evidence.of(self.kind, terms.channel_id)


_OF_POLICY = {
    StepKind.SHARE,
    StepKind.CAP,
    StepKind.LIMITS,
    StepKind.SAFETY_STOCK,
    StepKind.BUFFER,
    StepKind.BACKORDER,
}


@input_
class AtpBuckets:
    """The parts into which the time ahead is cut, from today on."""

    size: str = "WEEK"
    """`DAY` or `WEEK`."""

    count: int | None = None
    """How many; 14 days or 26 weeks unless told. None may begin more than 180 days ahead."""


def buckets_of(asked: AtpBuckets | None) -> list[service.Bucket]:
    """The parts that are asked for.

    Raises:
        UnknownBucketSize, BeyondHorizon: there are none such.
    """
    asked = asked or AtpBuckets()
    return service.buckets(asked.size, asked.count)


@output
class AtpPromise:
    """What a channel can promise for the days of one part of the time ahead."""

    first_day: date
    """Its first day."""

    last_day: date
    """Its last day."""

    atp: Quantity
    """What the channel can promise for whichever day of it."""

    supply: Quantity
    """Units that are expected to come to the location in it."""

    demand: Quantity
    """Units that are promised for days of it, or planned to leave then."""

    projected: Quantity
    """Units that will be there and free by its end if all of that comes true; below zero where
    too little is there."""


@output
class AtpCell:
    """How many units of one product one channel can promise from one location, now."""

    place: strawberry.Private[Place]
    cell: strawberry.Private[Cell]
    evidence: strawberry.Private[Evidence | None]  # where it was read with the cell

    on_hand: Quantity
    """Units that are physically there for the channel: all of the location's, or, where it is
    fenced or shares, its own part."""

    reserved: Quantity
    """Units of those that are promised already."""

    available: Quantity
    """Units of those that are usable and promised to nobody; below zero where more was promised."""

    atp: Quantity
    """Available to promise: what the channel may still promise after fences, shares, safety stock
    and buffer. Below zero only as far as its policy allows backorders."""

    held: Quantity
    """Units at the location that are promised to nobody because of their bin."""

    expired: Quantity
    """Units at the location of lots that have expired."""

    safety_stock: Quantity
    """Minimum, safety and reserve stock that the policy keeps back."""

    buffer: Quantity
    """Units that the policy keeps back against errors in the count."""

    inbound: Quantity
    """Units that are expected and count as if they were there: those that the channel's policy
    counts, and those that come in time for what is promised for later days."""

    fenced_for_others: Quantity
    """Units that are set aside for other channels, not used up, and not the channel's to take."""

    short_lived: Quantity
    """Free units of lots that expire sooner than the channel's policy allows."""

    severity: Severity
    """How near to nothing `atp` is."""

    threshold: Quantity
    """Up to here `atp` is LOW; the policy's or the tenant's number."""

    @classmethod
    def of(cls, place: Place, cell: Cell, evidence: Evidence | None = None) -> "AtpCell":
        """This cell as the graph shows it."""
        return cls(
            place=place,
            cell=cell,
            evidence=evidence,
            on_hand=Quantity(cell.on_hand),
            reserved=Quantity(cell.reserved),
            available=Quantity(cell.available),
            atp=Quantity(cell.atp),
            held=Quantity(cell.held),
            expired=Quantity(cell.expired),
            safety_stock=Quantity(cell.terms.safety_stock),
            buffer=Quantity(cell.terms.buffer),
            inbound=Quantity(cell.inbound),
            fenced_for_others=Quantity(cell.fenced_for_others),
            short_lived=Quantity(cell.short_lived),
            severity=cell.severity,
            threshold=Quantity(cell.terms.threshold),
        )

    @linked(kinds.CHANNEL)
    def channel(self) -> str:
        """The channel that may promise."""
        return self.cell.terms.channel_id

    @linked(kinds.PRODUCT)
    def product(self) -> str:
        """The product that is promised."""
        return self.place.product_id

    @linked(kinds.LOCATION)
    def location(self) -> str:
        """The location from which it is promised."""
        return self.place.location_id

    @linked(kinds.CHANNEL_POLICY)
    def policy(self) -> str | None:
        """The most specific policy that matches; absent where none does."""
        return self.cell.terms.policy_id

    @plain
    def explain(self) -> list[AtpStep]:
        """Why `atp` is what it is: what is on hand, and what is taken from it step by step."""
        return [
            AtpStep(
                place=self.place,
                cell=self.cell,
                evidence=self.evidence,
                kind=step.kind,
                label=step.label,
                quantity=Quantity(step.quantity),
                balance=Quantity(step.balance),
            )
            for step in service.explain(self.place, self.cell)
        ]

    @plain
    async def series(self, info: Info, buckets: AtpBuckets | None = None) -> list[AtpPromise]:
        """What the channel can promise for later days, with what is expected and planned.

        Args:
            buckets: The parts of the time ahead, 26 weeks unless told.
        """
        parts = buckets_of(buckets)
        outlook, today = await self._outlook(info)
        balance = outlook.projection().balance
        least = outlook.least(self.cell.terms.channel_id, parts)
        return [
            AtpPromise(
                first_day=service.day_of(today, part.first),
                last_day=service.day_of(today, part.last),
                atp=Quantity(atp),
                supply=Quantity(part.sum(outlook.ahead.supply)),
                demand=Quantity(part.sum((*outlook.ahead.promised, *outlook.ahead.planned))),
                projected=Quantity(balance.at(part.last)),
            )
            for part, atp in zip(parts, least, strict=True)
        ]

    @plain
    async def earliest(self, info: Info, quantity: Quantity) -> date | None:
        """The first day for which the channel could promise so many units, at most 180 days ahead.

        Args:
            quantity: How many units.
        """
        outlook, today = await self._outlook(info)
        day = outlook.earliest(self.cell.terms.channel_id, exact(quantity, "quantity"))
        return None if day is None else service.day_of(today, day)

    async def _outlook(self, info: Info) -> tuple[service.Outlook, date]:
        pair = (self.place.location_id, self.place.product_id)
        lookout = await info.context.loaders.load(service.lookouts, pair)
        today: date = await info.context.loaders.load(service.days, 0)
        return lookout.over(self.place), today


async def cells_at(
    info: Info, product_id: str, location_id: str, channel_ids: Sequence[str] | None
) -> list[AtpCell]:
    """The cells of one product at one location, asked together with its siblings."""
    book = await info.context.loaders.load(service.books, location_id)
    place = await info.context.loaders.load(service.by_pairs, (location_id, product_id), book)
    return _shown(place, channel_ids)


async def cells_everywhere(
    info: Info, product_id: str, channel_ids: Sequence[str] | None
) -> list[AtpCell]:
    """The cells of one product at every location that lists it, by location id."""
    book = await info.context.loaders.load(service.books, service.EVERYWHERE)
    places = await info.context.loaders.load(service.by_products, product_id, book)
    return [cell for place in places or () for cell in _shown(place, channel_ids)]


def _shown(place: Place | None, channel_ids: Sequence[str] | None) -> list[AtpCell]:
    if place is None:
        return []
    return [
        AtpCell.of(place, cell)
        for cell in place.cells
        if channel_ids is None or cell.terms.channel_id in channel_ids
    ]
