"""How many units a channel may promise: pure functions, no session, no await.

Formulas: docs/promise.md. All quantities are base units of one product at one location.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum

from domain.quantities import ZERO


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
    """The kept sums of a product at a location; what is expired is not counted as held again."""

    on_hand: Decimal = ZERO
    expired: Decimal = ZERO
    held: Decimal = ZERO
    reserved: Decimal = ZERO

    @property
    def available(self) -> Decimal:
        """Usable and promised to nobody; below zero when more was promised than is there."""
        return self.on_hand - self.expired - self.held - self.reserved


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the policies that match say about one channel for one product at one location.

    `rank` orders channels by priority: the lower is served first when fences outgrow the stock.
    """

    channel_id: str
    policy_id: str | None = None
    mode: Mode = Mode.SHARED
    rank: int = 0
    share: Decimal = ZERO
    cap: Decimal | None = None
    spill_over: bool = False
    safety_stock: Decimal = ZERO
    buffer: Decimal = ZERO
    backorder_limit: Decimal = ZERO
    threshold: Decimal = Decimal(10)
    minimum_atp: Decimal = ZERO
    reservation_ttl_seconds: int = 15 * 60
    reservation_ttl_max_seconds: int = 7 * 24 * 60 * 60
    late_consume_seconds: int = 5 * 60


@dataclass(frozen=True, slots=True)
class Promised:
    """A channel's own open promises, and what of its quota is left."""

    quantity: Decimal = ZERO
    quota_left: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
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
    severity: Severity

    @property
    def acceptable(self) -> Decimal:
        """The most that may be promised at once: down to the backorder limit below zero."""
        if self.atp < self.terms.minimum_atp:
            return ZERO
        return max(ZERO, self.atp + self.terms.backorder_limit)


NOTHING = Promised()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pool:
    """What the channels of one product at one location have between them.

    `left` is what is available less the fences of all channels before one in rank; `shares` is
    what each SHARE channel may still promise.
    """

    free: Decimal
    fenced: Decimal
    left: Mapping[str, Decimal]
    shares: Mapping[str, Decimal]


def cells(
    numbers: Numbers,
    terms: Sequence[Terms],
    promised: Mapping[str, Promised],
    step: Decimal = Decimal(1),
) -> list[Cell]:
    """The cells of every channel in `terms`, which must be all active channels of the tenant.

    Fences and shares of one channel change what the others may promise, so they are computed
    together. `step` is the product's smallest quantity: shares are dealt out in whole steps.
    """
    fenced = sum((promised.get(t.channel_id, NOTHING).quota_left for t in terms), ZERO)
    free = numbers.available - fenced
    pool = _Pool(
        free=free,
        fenced=fenced,
        left=_left(numbers.available, terms, promised),
        shares=_shares(terms, promised, free, step),
    )
    return [_cell(numbers, one, promised.get(one.channel_id, NOTHING), pool) for one in terms]


def severity(atp: Decimal, threshold: Decimal) -> Severity:
    """CRITICAL at nothing or less, LOW up to and with the threshold, OK above it."""
    if atp <= 0:
        return Severity.CRITICAL
    return Severity.LOW if atp <= threshold else Severity.OK


def _left(
    available: Decimal, terms: Sequence[Terms], promised: Mapping[str, Promised]
) -> dict[str, Decimal]:
    left: dict[str, Decimal] = {}
    for one in sorted(terms, key=lambda t: t.rank):
        left[one.channel_id] = available
        available -= promised.get(one.channel_id, NOTHING).quota_left
    return left


def _shares(
    terms: Sequence[Terms], promised: Mapping[str, Promised], free: Decimal, step: Decimal
) -> dict[str, Decimal]:
    """Deal the free stock out to the SHARE channels.

    Whole steps by the largest remainder (Hare quota): every channel gets the floor of its part,
    and the steps that are left over go to the largest fractions.
    """
    sharing = [one for one in terms if one.mode is Mode.SHARE]
    if not sharing:
        return {}
    own = {one.channel_id: promised.get(one.channel_id, NOTHING).quantity for one in sharing}
    most = max(ZERO, free)
    pool = most + sum(own.values(), ZERO)
    exact = {one.channel_id: pool * one.share for one in sharing}
    dealt = {id: floor(part, step) for id, part in exact.items()}
    over = floor(sum(exact.values(), ZERO), step) - sum(dealt.values(), ZERO)
    for id in sorted(exact, key=lambda one: (dealt[one] - exact[one], one))[: int(over / step)]:
        dealt[id] += step
    return {id: min(max(ZERO, part - own[id]), most) for id, part in dealt.items()}


def floor(quantity: Decimal, step: Decimal) -> Decimal:
    """The whole steps in a quantity."""
    return (quantity / step).to_integral_value(ROUND_FLOOR) * step


def _cell(numbers: Numbers, terms: Terms, promised: Promised, pool: _Pool) -> Cell:
    on_hand, reserved, available = numbers.on_hand, numbers.reserved, numbers.available
    base = pool.free
    if terms.mode is Mode.CAP and terms.cap is not None:
        base = min(pool.free, terms.cap - promised.quantity)
    elif terms.mode is Mode.SHARE:
        available = base = pool.shares[terms.channel_id]
    elif terms.mode is Mode.FENCED:
        available = base = min(max(ZERO, pool.left[terms.channel_id]), promised.quota_left)
        if terms.spill_over:
            base += max(ZERO, pool.free)
    if terms.mode in (Mode.FENCED, Mode.SHARE):
        reserved = promised.quantity
        on_hand = available + reserved
    atp = max(base - terms.safety_stock - terms.buffer, -terms.backorder_limit)
    return Cell(
        terms=terms,
        on_hand=on_hand,
        reserved=reserved,
        available=available,
        atp=atp,
        held=numbers.held,
        expired=numbers.expired,
        fenced_for_others=pool.fenced - promised.quota_left,
        severity=severity(atp, terms.threshold),
    )
