"""Why a channel may promise what it may: the steps from what is on hand to the cell's ATP."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from domain.quantities import ZERO
from models import evidence as statements
from models.session import Session
from services.atp.cells import Pair, Place
from services.atp.rules import NOTHING, Cell, Mode

REFS_MAX = 100  # of a step


class StepKind(StrEnum):
    """What a step of an explanation is about; steps come in this order."""

    ON_HAND = "ON_HAND"
    """Units that are physically at the location."""

    EXPIRED = "EXPIRED"
    """Units that have expired or were marked as expired."""

    HELD = "HELD"
    """Units on hold, or in a bin for what is held; what is expired is not counted again."""

    RESERVED = "RESERVED"
    """Units that are promised to documents and by reservations."""

    INBOUND = "INBOUND"
    """What counts of what is expected: as far as the policy counts it, and as far as it covers in
    time what is promised for later days."""

    FENCED_FOR_OTHERS = "FENCED_FOR_OTHERS"
    """Units that quotas set aside for other channels, and that are not used up."""

    OWN_QUOTA = "OWN_QUOTA"
    """Units that a quota sets aside for the channel, whose policy does not fence it."""

    QUOTA = "QUOTA"
    """What a fenced channel's quota leaves it, with what it may spill over."""

    SHARE = "SHARE"
    """What the channel's share leaves it of what is free."""

    CAP = "CAP"
    """What is free above the most that the channel may promise at a time."""

    LIMITS = "LIMITS"
    """What further terms of the policy take or add."""

    SAFETY_STOCK = "SAFETY_STOCK"
    """Minimum, safety and reserve stock that the policy keeps back."""

    BUFFER = "BUFFER"
    """Units that the policy keeps back against errors in the count."""

    BACKORDER = "BACKORDER"
    """The channel promises no less than this below zero."""


_LABELS = {
    StepKind.ON_HAND: "On hand",
    StepKind.EXPIRED: "Expired",
    StepKind.HELD: "On hold",
    StepKind.RESERVED: "Reserved",
    StepKind.INBOUND: "Expected",
    StepKind.FENCED_FOR_OTHERS: "Set aside for other channels",
    StepKind.OWN_QUOTA: "Set aside for the channel",
    StepKind.QUOTA: "The channel's quota",
    StepKind.SHARE: "The channel's share",
    StepKind.CAP: "The channel's cap",
    StepKind.LIMITS: "Further terms of the policy",
    StepKind.SAFETY_STOCK: "Safety stock",
    StepKind.BUFFER: "Buffer",
    StepKind.BACKORDER: "No less than the backorder limit",
}
_ALWAYS = {
    StepKind.ON_HAND,
    StepKind.EXPIRED,
    StepKind.HELD,
    StepKind.RESERVED,
    StepKind.FENCED_FOR_OTHERS,
    StepKind.SAFETY_STOCK,
    StepKind.BUFFER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: by how much it changes what is left, and what is left after it."""

    kind: StepKind
    quantity: Decimal
    balance: Decimal

    @property
    def label(self) -> str:
        """The step in words."""
        return _LABELS[self.kind]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is behind the numbers of one product at one location: ids, in their order.

    `quotas` are with their channels.
    """

    items: tuple[str, ...] = ()
    expired: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    reservations: tuple[str, ...] = ()
    inbound: tuple[str, ...] = ()
    quotas: tuple[tuple[str, str], ...] = ()

    def of(self, kind: StepKind, channel_id: str) -> Sequence[str]:
        """The ids behind a step of this channel's cell."""
        if kind is StepKind.FENCED_FOR_OTHERS:
            return [id for id, channel in self.quotas if channel != channel_id]
        if kind in (StepKind.OWN_QUOTA, StepKind.QUOTA):
            return [id for id, channel in self.quotas if channel == channel_id]
        if kind is StepKind.HELD:
            return self.held + self.holds
        name = _BEHIND.get(kind)
        return () if name is None else getattr(self, name)


_BEHIND = {
    StepKind.ON_HAND: "items",
    StepKind.EXPIRED: "expired",
    StepKind.RESERVED: "reservations",
    StepKind.INBOUND: "inbound",
}
NO_EVIDENCE = Evidence()


def explain(place: Place, cell: Cell) -> list[Step]:
    """The steps that lead to the cell's ATP, in the order of their kinds; the last balance is it.

    Steps that are about nothing of this cell are left out, but for the usual ones.
    """
    steps: list[Step] = []
    balance = ZERO
    for kind, quantity in _quantities(place, cell):
        if quantity or kind in _ALWAYS:
            balance += quantity
            steps.append(Step(kind=kind, quantity=quantity, balance=balance))
    assert balance == cell.atp, "the steps add up to the cell"
    return steps


def _quantities(place: Place, cell: Cell) -> Iterator[tuple[StepKind, Decimal]]:
    numbers, terms = place.numbers, cell.terms
    yield StepKind.ON_HAND, numbers.on_hand
    yield StepKind.EXPIRED, -numbers.expired
    yield StepKind.HELD, -numbers.held
    yield StepKind.RESERVED, -numbers.reserved
    yield StepKind.INBOUND, cell.inbound
    yield StepKind.FENCED_FOR_OTHERS, -cell.fenced_for_others
    base = numbers.present + cell.inbound - cell.fenced_for_others
    for kind, quantity in _of_mode(place, cell, base):
        base += quantity
        yield kind, quantity
    kept = terms.safety_stock + terms.buffer
    is_least = cell.atp == -terms.backorder_limit and base - kept <= cell.atp
    limits = ZERO if is_least else cell.atp + kept - base
    yield StepKind.LIMITS, limits
    yield StepKind.SAFETY_STOCK, -terms.safety_stock
    yield StepKind.BUFFER, -terms.buffer
    yield StepKind.BACKORDER, cell.atp - (base + limits - kept)


def _of_mode(place: Place, cell: Cell, left: Decimal) -> Iterator[tuple[StepKind, Decimal]]:
    """From what is left after the fences of others to what the mode lets the channel promise."""
    terms = cell.terms
    own = place.promised.get(terms.channel_id, NOTHING)
    free = left - own.quota_left
    if terms.mode is Mode.FENCED:
        spilled = max(ZERO, free) if terms.spill_over else ZERO
        yield StepKind.QUOTA, cell.available + spilled - left
        return
    yield StepKind.OWN_QUOTA, -own.quota_left
    if terms.mode is Mode.SHARE:
        yield StepKind.SHARE, cell.available - free
    elif terms.mode is Mode.CAP and terms.cap is not None:
        yield StepKind.CAP, min(ZERO, terms.cap - own.quantity - free)


async def evidence(session: Session, pairs: Sequence[Pair]) -> Mapping[Pair, Evidence]:
    """What is behind the numbers of these (location, product) pairs, in one statement."""
    rows = await session.all(statements.behind(pairs))
    return {(row.location_id, row.product_id): _evidence(row) for row in rows}


def _evidence(row: Any) -> Evidence:
    items, expired, held = (tuple(ids or ()) for ids in row.stock)
    return Evidence(
        items=items,
        expired=expired,
        held=held,
        holds=tuple(row.holds or ()),
        reservations=tuple(row.reservations or ()),
        inbound=tuple(row.inbound or ()),
        quotas=tuple((id, channel) for id, channel in row.quotas or ()),
    )


async def open_promises(session: Session, pair: Pair) -> Sequence[Any]:
    """The reservations of a product at a location that are open, by their ids."""
    rows: Sequence[Any] = await session.all(statements.open_reservations(*pair))
    return rows


async def inbound(session: Session, pair: Pair) -> Sequence[Any]:
    """What is on its way to a location of a product, the earliest first."""
    rows: Sequence[Any] = await session.all(statements.inbound(*pair))
    return rows
