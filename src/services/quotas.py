"""Quotas: units of a product at a location that are set aside for one channel.

Locks are taken in the order of the posting functions: the level row of the product at the location
first, then the quota. Sums are read in a later statement than the lock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from domain.actor import Author
from domain.errors import AlreadyExists, InUse, Invalid
from domain.promise_errors import QuotaBelowConsumed, QuotaExceedsAvailable
from domain.quantities import ZERO, plain
from models import availability, catalog, channels, locations, postings
from models.session import Session
from services import atp, checks, records
from services.channels import reading

_TABLE = channels.channel_quotas


@dataclass(frozen=True, slots=True)
class _Fence:
    """What a channel has set aside at a place: settled and open promises use it up."""

    allocated: Decimal
    settled: Decimal
    open: Decimal

    @property
    def used(self) -> Decimal:
        return self.settled + self.open

    @property
    def left(self) -> Decimal:
        return max(ZERO, self.allocated - self.used)


@dataclass(frozen=True, slots=True)
class _Place:
    """What is available of a product at a location, and who has which part of it set aside."""

    available: Decimal
    fences: Mapping[str, _Fence]
    step: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """Units that a channel sells of a product at a location; with a minus they come back.

    `from_quota` of them are taken of its quota, if it has one there.
    """

    channel_id: str
    location_id: str
    product_id: str
    reference: str | None
    quantity: Decimal
    from_quota: Decimal


async def use(session: Session, posting_id: str, uses: Sequence[Use]) -> None:
    """Use up quotas as a posting has done it. The levels of the places are locked."""
    if uses:
        shown = [
            {
                "channel": one.channel_id,
                "location": one.location_id,
                "product": one.product_id,
                "reference": one.reference,
                "quantity": one.quantity,
                "fromQuota": one.from_quota,
            }
            for one in uses
        ]
        await session.one(channels.use_quotas(posting_id, shown))


async def give_back(
    session: Session,
    posting_id: str,
    channel_id: str,
    reference: str,
    returned: Mapping[tuple[str, str], Decimal],
) -> None:
    """Give back to a channel's quotas what was sold under this reference, by (location, product).

    In the reverse order of the sale: what was sold of free stock comes back first, and stays
    free. The levels of the places are locked.
    """
    rows = await session.all(channels.sold(channel_id, reference, sorted(returned)))
    await use(
        session, posting_id, [_given_back(row, channel_id, reference, returned) for row in rows]
    )


def _given_back(
    row: Any, channel_id: str, reference: str, returned: Mapping[tuple[str, str], Decimal]
) -> Use:
    quantity = min(returned[row.location_id, row.product_id], row.quantity)
    from_free = min(quantity, row.quantity - row.from_quota)
    return Use(
        channel_id=channel_id,
        location_id=row.location_id,
        product_id=row.product_id,
        reference=reference,
        quantity=-quantity,
        from_quota=from_free - quantity,
    )


async def take_back(session: Session, posting_id: str, reversal_id: str) -> None:
    """Undo what a posting did to quotas, for the posting that reverses it; levels are locked."""
    rows = await session.all(channels.uses_of(posting_id))
    uses = [
        Use(
            channel_id=row.channel_id,
            location_id=row.location_id,
            product_id=row.product_id,
            reference=row.reference,
            quantity=-row.quantity,
            from_quota=-row.from_quota,
        )
        for row in rows
    ]
    await use(session, reversal_id, uses)


async def create_quota(session: Session, values: Mapping[str, Any], force: bool) -> Any:  # noqa: FBT001 - handed on as an argument
    """Set units aside for a channel.

    The level row of the product at the location stays locked until the transaction ends, so that
    two callers can never both set the last unit aside.

    Raises:
        Invalid: a value breaks a rule, or `force` comes without a reason.
        NotFound: there is no such channel, product or location.
        AlreadyExists: the channel has a quota of this product there, or the id is taken.
        QuotaExceedsAvailable: more would be set aside than is available, and not by force.
    """
    _check(values, force=force)
    for table, thing, name, field in _POINTERS:
        await records.require(session, table, thing, values[name], field)
    place = await _locked_place(session, values["location_id"], values["product_id"])
    if values["channel_id"] in place.fences:
        raise AlreadyExists("quota", "channelId")
    _check_fence(place, values["channel_id"], values["allocated"], force=force)
    return await records.add(session, _TABLE, "Quota", "quota_", values)


async def update_quota(
    session: Session,
    id: str,
    values: Mapping[str, Any],
    expected_version: int | None,
    force: bool,  # noqa: FBT001 - handed on as an argument
) -> Any:
    """Raise or lower a quota, and keep the former one as history. Locks as when it is made.

    Raises:
        Invalid: a value breaks a rule, or `force` comes without a reason.
        NotFound: there is none.
        StaleVersion: it is not at the expected version.
        QuotaBelowConsumed: promises have used more of it than is to be left.
        QuotaExceedsAvailable: it is raised, and more would be set aside than is available, and
            not by force.
    """
    _check(values, force=force)
    row, place = await _locked(session, id, expected_version)
    if values.get("allocated") is not None:
        _check_fence(place, row.channel_id, values["allocated"], force=force)
    return await records.change(session, _TABLE, row, values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A wish that units of a quota be set aside for another channel instead."""

    quota_id: str
    to_channel_id: str
    quantity: Decimal
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """Both quotas as they stand after a move."""

    quotas: Sequence[Any]
    message: str
    touched: Sequence[tuple[str, str]]


async def move_quota(session: Session, _author: Author, wish: Move) -> Moved:
    """Take units from a channel's quota and set them aside for another one; it is made if need be.

    What all quotas there set aside together stays as it is. Locks as when one is made.

    Raises:
        Invalid: a value breaks a rule, or the channel is the quota's own.
        NotFound: there is no such quota or channel.
        ChannelRetired: the other channel is not active.
        QuotaBelowConsumed: promises have used more of it than would be left.
    """
    checks.amounts({"quantity": wish.quantity}, "quantity", above=ZERO)
    checks.notes({"reason": wish.reason}, "reason")
    await reading.require_active(session, wish.to_channel_id, "toChannelId")
    seen = await records.get(session, _TABLE, "Quota", wish.quota_id)
    if seen.channel_id == wish.to_channel_id:
        raise Invalid("toChannelId", "toChannelId is the channel of the quota.")
    place = await _locked_place(session, seen.location_id, seen.product_id)
    row = await records.get_locked(session, _TABLE, "Quota", wish.quota_id)
    if wish.quantity % place.step:
        raise Invalid("quantity", f"quantity must be a multiple of {plain(place.step)}.")
    fence = place.fences[row.channel_id]
    if wish.quantity > fence.left:
        raise QuotaBelowConsumed(
            f"{plain(fence.left)} units of the quota are left, and {plain(wish.quantity)} are to "
            "be moved.",
            field="quantity",
            details={"settled": plain(fence.settled), "openPromises": plain(fence.open)},
        )
    lower = {"allocated": row.allocated - wish.quantity}
    taken = await records.change(session, _TABLE, row, lower, reason=wish.reason)
    given = await _raised(session, row, wish)
    ids = [taken.id, given.id]
    shown = await reading.quotas.by_ids(session, ids)
    message = f"Moved {plain(wish.quantity)} units to {wish.to_channel_id}."
    return Moved([shown[id] for id in ids], message, [(row.location_id, row.product_id)])


async def _raised(session: Session, row: Any, wish: Move) -> Any:
    """The quota of the other channel at the same place with so much more, or a new one."""
    values = {
        "channel_id": wish.to_channel_id,
        "product_id": row.product_id,
        "location_id": row.location_id,
    }
    other = await session.one_or_none(channels.quota_at(values))
    if other is None:
        values |= {"allocated": wish.quantity, "reason": wish.reason}
        return await records.add(session, _TABLE, "Quota", "quota_", values)
    more = {"allocated": other.allocated + wish.quantity}
    return await records.change(session, _TABLE, other, more, reason=wish.reason)


async def delete_quota(session: Session, id: str, expected_version: int | None) -> None:
    """Give what is set aside back to all channels. Locks as when it is made.

    Raises:
        NotFound: there is none.
        StaleVersion: it is not at the expected version.
        InUse: open promises use it; it may be lowered to what they use.
    """
    row, place = await _locked(session, id, expected_version)
    fence = place.fences[row.channel_id]
    if fence.open > 0:
        raise InUse(
            f"Open promises use {plain(fence.open)} units of the quota. Lower it to what is used "
            "instead.",
            field="id",
            details={"left": {"openPromises": plain(fence.open)}},
        )
    await records.remove(session, _TABLE, row)


_POINTERS: tuple[tuple[Any, str, str, str], ...] = (
    (channels.channels, "Channel", "channel_id", "channelId"),
    (catalog.products, "Product", "product_id", "productId"),
    (locations.locations, "Location", "location_id", "locationId"),
)


def _check(values: Mapping[str, Any], *, force: bool) -> None:
    checks.amounts(values, "allocated")
    checks.notes(values, "reason")
    if force and not (values.get("reason") or "").strip():
        raise Invalid("reason", "Setting aside more than is available needs a reason.")


async def _locked(session: Session, id: str, expected_version: int | None) -> tuple[Any, _Place]:
    """The quota, locked after the level of its place, which never changes."""
    seen = await records.get(session, _TABLE, "Quota", id)
    place = await _locked_place(session, seen.location_id, seen.product_id)
    return await records.get_locked(session, _TABLE, "Quota", id, expected_version), place


async def _locked_place(session: Session, location_id: str, product_id: str) -> _Place:
    """Lock the level of a product at a location, and then read what is there."""
    await session.one_or_none(postings.lock_level(location_id, product_id))
    row = await session.one(availability.numbers([(location_id, product_id)]))
    used = {channel: Decimal(part) for channel, _, part in row.promises or ()}
    fences = {
        channel: _Fence(Decimal(allocated), Decimal(settled), used.get(channel, ZERO))
        for channel, allocated, settled in row.quotas or ()
    }
    return _Place(atp.numbers_of(row).available, fences, row.quantity_step)


def _check_fence(place: _Place, channel_id: str, allocated: Decimal, *, force: bool) -> None:
    """Refuse what setting the quota of a channel to this would do to its place.

    Quotas of retired channels count too: those channels may come back.
    """
    if allocated % place.step:
        raise Invalid("allocated", f"allocated must be a multiple of {plain(place.step)}.")
    former = place.fences.get(channel_id, _Fence(ZERO, ZERO, ZERO))
    if allocated < former.used:
        raise QuotaBelowConsumed(
            f"{plain(former.used)} units of the quota are used: it cannot be {plain(allocated)}.",
            field="allocated",
            details={"settled": plain(former.settled), "openPromises": plain(former.open)},
        )
    if allocated > former.allocated and not force:
        _check_sum(place, {**place.fences, channel_id: replace(former, allocated=allocated)})


def _check_sum(place: _Place, fences: Mapping[str, _Fence]) -> None:
    fenced = sum((fence.left for fence in fences.values()), ZERO)
    if fenced <= max(ZERO, place.available):
        return
    raise QuotaExceedsAvailable(
        f"{plain(fenced)} units would be set aside and {plain(place.available)} are available.",
        field="allocated",
        details={
            "available": plain(place.available),
            "fenced": plain(fenced),
            "left": {id: plain(fence.left) for id, fence in sorted(fences.items()) if fence.left},
        },
    )
