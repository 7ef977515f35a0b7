"""Stock that goes out: what expires first, unless lots or bins are named."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from domain.actor import Author
from domain.errors import Conflict, InsufficientStock, StockHeld
from domain.promise_errors import FefoReasonRequired, InsufficientAtp
from domain.quantities import ZERO, plain
from models import stock as statements
from models.session import Session
from services import quotas
from services.availability import Allotment, Breach, Demand, allocate
from services.channels import reading as channels
from services.quotas import Use
from services.stock import acting, buckets
from services.stock.acting import Act, Step
from services.stock.buckets import Bucket, Values
from services.stock.changes import StockChange

RESERVATION = "RESERVATION"  # the document of an issue that has consumed one


@dataclass(frozen=True, slots=True)
class Issued(StockChange):
    """An issue, with the buckets that it passed over although they expire earlier."""

    breaches: Sequence[Breach] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """Units that go out for a line, of any bucket that the demand allows.

    Those that a reservation has promised have its id.
    """

    bucket: Bucket
    demand: Demand
    unit_price: Decimal | None = None
    reservation_id: str | None = None


async def issue(session: Session, author: Author, values: Values) -> Issued:
    """Hand out the lines, all of them; demands for one product are met together.

    With a channel no more goes out than the channel may promise; its quota is used up first.

    Raises:
        InsufficientStock: less is free than is asked for; `details.shortfall` says by how much.
        InsufficientAtp: enough is free, and the channel may not promise it; `details.atp`.
        StockHeld: enough would be free if it were not on hold.
        FefoReasonRequired: a lot or bin is named although another expires earlier.
        ChannelRetired: the channel sells no longer.
        NotFound, Invalid and its kinds: a line names what is not there, or breaks a rule.
    """
    await channels.require_active(session, values.get("channel_id"), "channelId")
    return await hand_out(session, author, values, await portions(session, values))


async def portions(session: Session, values: Values) -> list[Portion]:
    """What the lines ask for, one portion a line; nothing is locked."""
    lines = [_placed(values, line) for line in values["lines"]]
    found = await buckets.find(session, lines, makes_lots=False)
    return [
        Portion(
            bucket=bucket,
            demand=_demand(values, line, bucket),
            unit_price=line.get("unit_price"),
        )
        for line, bucket in zip(lines, found, strict=True)
    ]


async def hand_out(
    session: Session,
    author: Author,
    values: Values,
    portions: Sequence[Portion],
    reservation_id: str | None = None,
) -> Issued:
    """Post the portions as one issue, and use up the quota of the channel that they name.

    The posting is a part of the reservation, if there is one, that was consumed for it.

    Raises:
        InsufficientStock, InsufficientAtp, StockHeld, FefoReasonRequired: as of `issue`.
    """
    allotments = await allocate(session, [portion.demand for portion in portions])
    for allotment, portion in zip(allotments, portions, strict=True):
        if allotment.shortfall:
            raise _shortage(allotment, portion.bucket)
        _check_order(values, allotment, portion.bucket)
    breaches = [breach for allotment in allotments for breach in allotment.breaches]
    steps = [
        step
        for allotment, portion in zip(allotments, portions, strict=True)
        for step in _steps(values, allotment, portion)
    ]
    act = Act(
        kind="ISSUE",
        values=values,
        context="ISSUE",
        told=_told(breaches),
        document_type=RESERVATION if reservation_id else None,
        document_id=reservation_id,
    )
    message = _message(portions, breaches)
    change = await acting.perform(session, author, act, steps, message)
    if breaches:
        await session.run(statements.keep_breaches(change.posting.id, breaches))
    await quotas.use(session, change.posting.id, _uses(values, allotments))
    return Issued(change.posting, change.entries, change.items, message, change.touched, breaches)


def _placed(values: Values, line: Values) -> Values:
    return line if line.get("inventory_item_id") else {**line, "location_id": values["location_id"]}


def _demand(values: Values, line: Values, bucket: Bucket) -> Demand:
    return Demand(
        location_id=bucket.location_id,
        product_id=bucket.product.id,
        quantity=acting.quantity(bucket.product, line["quantity"], f"{bucket.field}quantity"),
        lot_id=bucket.lot_id,
        bin_id=bucket.bin_id,
        inventory_item_id=line.get("inventory_item_id"),
        channel_id=values.get("channel_id"),
    )


def _steps(values: Values, allotment: Allotment, portion: Portion) -> list[Step]:
    return [
        Step(
            bucket=replace(portion.bucket, bin_id=part.bin_id, lot_id=part.lot_id),
            number="quantity",
            delta=-part.quantity,
            unit_price=portion.unit_price,
            channel_id=values.get("channel_id"),
            occurred_at=values.get("occurred_at"),
        )
        for part in allotment.parts
    ]


def _uses(values: Values, allotments: Sequence[Allotment]) -> list[Use]:
    """What the channel sells at each place, and how much of it its quota had left."""
    channel_id = values.get("channel_id")
    if channel_id is None:
        return []
    sold: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for one in allotments:
        sold[one.demand.pair] += sum((part.quantity for part in one.parts), ZERO)
    places = {one.demand.pair: one.place for one in allotments}
    return [
        Use(
            channel_id=channel_id,
            location_id=location_id,
            product_id=product_id,
            reference=values.get("reference"),
            quantity=quantity,
            from_quota=min(quantity, place.promised[channel_id].quota_left),
        )
        for (location_id, product_id), quantity in sorted(sold.items())
        if channel_id in (place := places[location_id, product_id]).promised
    ]


def _shortage(allotment: Allotment, bucket: Bucket) -> Conflict:
    asked, free, numbers = allotment.demand.quantity, allotment.total, allotment.numbers
    channel_id = None if allotment.demand.promised else allotment.demand.channel_id
    details: dict[str, Any] = {
        "asked": plain(asked),
        "free": plain(free),
        "shortfall": plain(allotment.shortfall),
        "onHand": plain(numbers.on_hand),
        "held": plain(numbers.held),
        "expired": plain(numbers.expired),
        "reserved": plain(numbers.reserved),
    }
    field = f"{bucket.field}quantity"
    if channel_id is not None:
        details |= {"channelId": channel_id, "atp": plain(allotment.atp)}
    if channel_id is not None and allotment.there >= asked:
        message = f"{plain(asked)} are asked for and {channel_id} may promise {plain(free)}."
        return InsufficientAtp(message, field=field, details=details)
    is_held = numbers.on_hand - numbers.expired - numbers.reserved >= asked and numbers.held > 0
    kind = StockHeld if is_held else InsufficientStock
    message = f"{plain(asked)} are asked for and {plain(free)} are free."
    return kind(message, field=field, details=details)


def _check_order(values: Values, allotment: Allotment, bucket: Bucket) -> None:
    """Passing over what expires earlier needs a reason: a reason code, or a comment."""
    told = values.get("reason_code_id") or values.get("reason_code")
    if not allotment.breaches or allotment.demand.promised or told:
        return
    if not (values.get("comment") or "").strip():
        first = allotment.breaches[0]
        raise FefoReasonRequired(
            f"{bucket.field}quantity",
            f"A bucket that expires on {first.passed_over_expiry_date} would be passed over: that "
            "needs a reason code or a comment.",
            inventoryItemId=first.inventory_item_id,
            passedOverId=first.passed_over_id,
        )


def _told(breaches: Sequence[Breach]) -> dict[str, Any]:
    """What the event of the posting tells of breaches."""
    if not breaches:
        return {}
    shown = [
        {
            "inventoryItemId": one.inventory_item_id,
            "passedOverId": one.passed_over_id,
            "quantity": one.quantity,
            "expiryDate": one.expiry_date,
            "passedOverExpiryDate": one.passed_over_expiry_date,
        }
        for one in breaches
    ]
    return {"fefoBreaches": shown}


def _message(portions: Sequence[Portion], breaches: Sequence[Breach]) -> str:
    total = sum((portion.demand.quantity for portion in portions), ZERO)
    message = f"Issued {acting.signed(total).removeprefix('+')}"
    passed = len({breach.passed_over_id for breach in breaches})
    if passed:
        message += f"; passed over {passed} buckets that expire earlier"
    return message
