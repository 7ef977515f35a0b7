"""How many units a channel may promise: pure functions, no session, no await.

Formulas: docs/promise.md. All quantities are base units of one product at one location.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum
from itertools import groupby

from domain.quantities import ZERO
from services.atp.ahead import HORIZON_DAYS, NOTHING_AHEAD, Ahead


class Mode(StrEnum):
    """How a channel takes part in the stock of a place."""

    SHARED = "SHARED"
    """It may promise whatever is free."""

    FENCED = "FENCED"
    """It may promise what its quota sets aside for it, and free stock when it may spill over."""

    CAP = "CAP"
    """It may promise whatever is free, but no more than its cap at a time."""

    SHARE = "SHARE"
    """It may promise its share of what is free."""


class Severity(StrEnum):
    """How near to nothing a promise is."""

    OK = "OK"
    """It is above the threshold."""

    LOW = "LOW"
    """It is above nothing, up to and with the threshold."""

    CRITICAL = "CRITICAL"
    """It is nothing, or less."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """The kept sums of a product at a location; what is expired is not counted as held again.

    `lots` are the days left and the free units of lots that expire, where a policy asks for them.
    `inbound` is what counts of what is `ahead` as if it were there.
    """

    on_hand: Decimal = ZERO
    expired: Decimal = ZERO
    held: Decimal = ZERO
    reserved: Decimal = ZERO
    lots: Sequence[tuple[int, Decimal]] = ()
    inbound: Decimal = ZERO
    ahead: Ahead = NOTHING_AHEAD

    @property
    def present(self) -> Decimal:
        """Usable and promised to nobody; below zero when more was promised than is there."""
        return self.on_hand - self.expired - self.held - self.reserved

    @property
    def available(self) -> Decimal:
        """What may be promised: what is present, and what counts of what is ahead."""
        return self.present + self.inbound

    def within(self, days: int) -> "Numbers":
        """The numbers as promises see them that are kept within so many days."""
        inbound = self.ahead.counted(days)
        return self if inbound == self.inbound else replace(self, inbound=inbound)

    def short_lived(self, days: int) -> Decimal:
        """Free units of lots that are good for less than so many days."""
        if not self.lots:
            return ZERO
        return sum((units for left, units in self.lots if left < days), ZERO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the policies that match say about one channel for one product at one location.

    `rank` orders channels by priority: the lower is served first when fences outgrow the stock.
    Channels of one tier and priority have one `level`.
    """

    channel_id: str
    policy_id: str | None = None
    mode: Mode = Mode.SHARED
    rank: int = 0
    level: int = 0
    share: Decimal = ZERO
    cap: Decimal | None = None
    spill_over: bool = False
    safety_stock: Decimal = ZERO
    buffer: Decimal = ZERO
    backorder_limit: Decimal = ZERO
    threshold: Decimal = Decimal(10)
    weight: Decimal | None = None
    can_preempt: bool = False
    minimum_atp: Decimal | None = None
    maximum_fraction: Decimal | None = None
    minimum_shelf_life_days: int = 0
    include_inbound: bool | None = None
    inbound_horizon_days: int = HORIZON_DAYS
    reservation_ttl_seconds: int = 15 * 60
    reservation_ttl_max_seconds: int = 7 * 24 * 60 * 60
    late_consume_seconds: int = 5 * 60

    @property
    def inbound_days(self) -> int:
        """Within how many days what arrives counts in a promise that names no day."""
        return self.inbound_horizon_days if self.include_inbound else 0


@dataclass(frozen=True, slots=True)
class Promised:
    """A channel's own open promises, and what of its quota is left."""

    quantity: Decimal = ZERO
    quota_left: Decimal = ZERO


@dataclass(slots=True, kw_only=True)  # a frozen one takes twice as long to make
class Cell:
    """What one channel can promise of one product from one location, and what it is made of."""

    terms: Terms
    on_hand: Decimal
    reserved: Decimal
    available: Decimal
    atp: Decimal
    held: Decimal
    expired: Decimal
    fenced_for_others: Decimal
    short_lived: Decimal
    inbound: Decimal
    severity: Severity

    @property
    def acceptable(self) -> Decimal:
        """The most that may be promised at once: down to the backorder limit below zero."""
        least = self.terms.minimum_atp
        if least is not None and self.atp < least:
            return ZERO
        return max(ZERO, self.atp + self.terms.backorder_limit)


NOTHING = Promised()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pool:
    """What the channels of one product at one location have between them.

    `paid` is what is there behind the fence of each channel; `shares` is what each SHARE channel
    may still promise, `scarce` what each channel with a weight may when little is free.
    """

    free: Decimal
    fenced: Decimal
    paid: Mapping[str, Decimal]
    shares: Mapping[str, Decimal]
    scarce: Mapping[str, Decimal]
    left: Mapping[str, Decimal]  # of each channel's quota
    level: Mapping[str, int]

    def preemptible(self, terms: Terms, parts: Mapping[str, Decimal]) -> Decimal:
        """The sum of these parts of the channels after one, if it may take what is theirs."""
        if not terms.can_preempt:
            return ZERO
        after = (id for id, level in self.level.items() if level > terms.level)
        return sum((parts[id] for id in after), ZERO)


def cells(
    numbers: Numbers,
    terms: Sequence[Terms],
    promised: Mapping[str, Promised],
    step: Decimal = Decimal(1),
) -> list[Cell]:
    """The cells of every channel in `terms`, which must be all active channels of the tenant.

    Fences and shares of one channel change what the others may promise, so they are computed
    together. `step` is the product's smallest quantity: shares are dealt out in whole steps.
    Where something is ahead, each channel sees what its policy lets it count.
    """
    if numbers.ahead is NOTHING_AHEAD:
        return cells_alike(numbers, terms, promised, step)
    seen = {
        days: cells_alike(numbers.within(days), terms, promised, step)
        for days in {one.inbound_days for one in terms}
    }
    return [seen[one.inbound_days][index] for index, one in enumerate(terms)]


def cells_alike(
    numbers: Numbers, terms: Sequence[Terms], promised: Mapping[str, Promised], step: Decimal
) -> list[Cell]:
    """The cells of every channel when all of them count the same of what is ahead."""
    left = {one.channel_id: promised.get(one.channel_id, NOTHING).quota_left for one in terms}
    fenced = sum(left.values(), ZERO)
    free = numbers.available - fenced
    weights = {one.channel_id: one.weight for one in terms if one.weight}
    pool = _Pool(
        free=free,
        fenced=fenced,
        paid=_paid(max(ZERO, numbers.available), terms, left, step),
        shares=_shares(terms, promised, free, step),
        scarce=deal(max(ZERO, free), weights, step),
        left=left,
        level={one.channel_id: one.level for one in terms},
    )
    return [_cell(numbers, one, promised.get(one.channel_id, NOTHING), pool, step) for one in terms]


def severity(atp: Decimal, threshold: Decimal) -> Severity:
    """CRITICAL at nothing or less, LOW up to and with the threshold, OK above it."""
    if atp <= 0:
        return Severity.CRITICAL
    return Severity.LOW if atp <= threshold else Severity.OK


def _paid(
    there: Decimal, terms: Sequence[Terms], left: Mapping[str, Decimal], step: Decimal
) -> dict[str, Decimal]:
    """What is there behind each fence: those of the first level first, and so on.

    Within a level too little is divided by weight; without weights, in the order of rank.
    """
    if not any(left.values()):
        return dict(left)
    paid: dict[str, Decimal] = {}
    for _, group in groupby(sorted(terms, key=lambda t: t.rank), key=lambda t: t.level):
        channels = list(group)
        if sum((left[one.channel_id] for one in channels), ZERO) > there:
            weights = {one.channel_id: one.weight for one in channels if one.weight}
            paid |= _divided(there, weights, left, step)
        for one in channels:
            rest = there - sum((paid.get(c.channel_id, ZERO) for c in channels), ZERO)
            have = paid.get(one.channel_id, ZERO)
            paid[one.channel_id] = have + max(ZERO, min(rest, left[one.channel_id] - have))
        there -= sum((paid[one.channel_id] for one in channels), ZERO)
    return paid


def _divided(
    there: Decimal, weights: Mapping[str, Decimal], most: Mapping[str, Decimal], step: Decimal
) -> dict[str, Decimal]:
    """Divide by weight what is there, to each no more than `most`, in whole steps.

    What one cannot take is divided among the others again.
    """
    given = dict.fromkeys(weights, ZERO)
    while True:
        wanting = {id: weight for id, weight in weights.items() if given[id] < most[id]}
        total = sum(wanting.values(), ZERO)
        rest = there - sum(given.values(), ZERO)
        if not wanting or rest < step:
            return given
        dealt = deal(rest, {id: weight / total for id, weight in wanting.items()}, step)
        more = {id: min(part, most[id] - given[id]) for id, part in dealt.items()}
        if not any(more.values()):
            return given
        given |= {id: given[id] + part for id, part in more.items()}


def _shares(
    terms: Sequence[Terms], promised: Mapping[str, Promised], free: Decimal, step: Decimal
) -> dict[str, Decimal]:
    """Deal the free stock and the open promises of the SHARE channels out to them."""
    sharing = {one.channel_id: one.share for one in terms if one.mode is Mode.SHARE}
    own = {id: promised.get(id, NOTHING).quantity for id in sharing}
    most = max(ZERO, free)
    dealt = deal(most + sum(own.values(), ZERO), sharing, step)
    return {id: min(max(ZERO, part - own[id]), most) for id, part in dealt.items()}


def deal(pool: Decimal, parts: Mapping[str, Decimal], step: Decimal) -> dict[str, Decimal]:
    """Deal out these parts of a pool, which are at most 1 together.

    Whole steps by the largest remainder (Hare quota): everybody gets the floor of his part, and the
    steps that are left over go to the largest fractions.
    """
    if not parts:
        return {}
    exact = {id: pool * part for id, part in parts.items()}
    dealt = {id: floor(part, step) for id, part in exact.items()}
    over = floor(sum(exact.values(), ZERO), step) - sum(dealt.values(), ZERO)
    for id in sorted(exact, key=lambda one: (dealt[one] - exact[one], one))[: int(over / step)]:
        dealt[id] += step
    return dealt


def floor(quantity: Decimal, step: Decimal) -> Decimal:
    """The whole steps in a quantity."""
    return (quantity / step).to_integral_value(ROUND_FLOOR) * step


def _base(terms: Terms, promised: Promised, pool: _Pool) -> Decimal:
    """What the channel's mode lets it promise, before anything is kept back."""
    if terms.mode is Mode.SHARE:
        return pool.shares[terms.channel_id] + pool.preemptible(terms, pool.paid)
    if terms.mode is Mode.FENCED:
        base = pool.paid[terms.channel_id] + pool.preemptible(terms, pool.paid)
        return base + max(ZERO, pool.free) if terms.spill_over else base
    base = pool.free + pool.preemptible(terms, pool.left)
    if terms.channel_id in pool.scarce and ZERO < pool.free <= terms.threshold:
        base = min(base, pool.scarce[terms.channel_id])
    if terms.mode is Mode.CAP and terms.cap is not None:
        base = min(base, terms.cap - promised.quantity)
    return base


def _limited(
    numbers: Numbers, terms: Terms, promised: Promised, base: Decimal, step: Decimal
) -> Decimal:
    """The base within what lives long enough, and within the channel's part of all."""
    if terms.minimum_shelf_life_days:
        short = numbers.short_lived(terms.minimum_shelf_life_days)
        base = min(base, numbers.available - short)
    if terms.maximum_fraction is not None:
        usable = numbers.available + numbers.reserved
        base = min(base, floor(usable * terms.maximum_fraction, step) - promised.quantity)
    return base


def _cell(numbers: Numbers, terms: Terms, promised: Promised, pool: _Pool, step: Decimal) -> Cell:
    on_hand, reserved, available = numbers.on_hand, numbers.reserved, numbers.present
    base = _limited(numbers, terms, promised, _base(terms, promised, pool), step)
    if terms.mode in (Mode.FENCED, Mode.SHARE):
        parts = pool.shares if terms.mode is Mode.SHARE else pool.paid
        available = parts[terms.channel_id]
        reserved = promised.quantity
        on_hand = available + reserved
    atp = max(base - terms.safety_stock - terms.buffer, -terms.backorder_limit)
    others = pool.fenced - promised.quota_left - pool.preemptible(terms, pool.left)
    return Cell(
        terms=terms,
        on_hand=on_hand,
        reserved=reserved,
        available=available,
        atp=atp,
        held=numbers.held,
        expired=numbers.expired,
        fenced_for_others=others,
        short_lived=numbers.short_lived(terms.minimum_shelf_life_days),
        inbound=numbers.inbound,
        severity=severity(atp, terms.threshold),
    )
