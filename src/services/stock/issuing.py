"""Stock that goes out: what expires first, unless lots or bins are named."""

from collections.abc import Sequence
from dataclasses import replace

from domain.actor import Author
from domain.errors import Conflict, InsufficientStock, StockHeld
from domain.quantities import ZERO, plain
from models.session import Session
from services.availability import Allotment, Demand, allocate
from services.stock import acting, buckets
from services.stock.acting import Act, Step
from services.stock.buckets import Bucket, Values
from services.stock.changes import StockChange


async def issue(session: Session, author: Author, values: Values) -> StockChange:
    """Hand out the lines, all of them; demands for one product are met together.

    Raises:
        InsufficientStock: less is free than is asked for; `details.shortfall` says by how much.
        StockHeld: enough would be free if it were not on hold.
        NotFound, Invalid and its kinds: a line names what is not there, or breaks a rule.
    """
    lines = [_placed(values, line) for line in values["lines"]]
    found = await buckets.find(session, lines, makes_lots=False)
    demands = [_demand(line, bucket) for line, bucket in zip(lines, found, strict=True)]
    allotments = await allocate(session, demands)
    for allotment, bucket in zip(allotments, found, strict=True):
        if allotment.shortfall:
            raise _shortage(allotment, bucket)
    steps = [
        step
        for allotment, bucket, line in zip(allotments, found, lines, strict=True)
        for step in _steps(values, line, allotment, bucket)
    ]
    act = Act(kind="ISSUE", values=values, context="ISSUE")
    return await acting.perform(session, author, act, steps, _message(demands, allotments))


def _placed(values: Values, line: Values) -> Values:
    return line if line.get("inventory_item_id") else {**line, "location_id": values["location_id"]}


def _demand(line: Values, bucket: Bucket) -> Demand:
    return Demand(
        location_id=bucket.location_id,
        product_id=bucket.product.id,
        quantity=acting.quantity(bucket.product, line["quantity"], f"{bucket.field}quantity"),
        lot_id=bucket.lot_id,
        bin_id=bucket.bin_id,
        inventory_item_id=line.get("inventory_item_id"),
    )


def _steps(values: Values, line: Values, allotment: Allotment, bucket: Bucket) -> list[Step]:
    return [
        Step(
            bucket=replace(bucket, bin_id=part.bin_id, lot_id=part.lot_id),
            number="quantity",
            delta=-part.quantity,
            unit_price=line.get("unit_price"),
            channel_id=values.get("channel_id"),
        )
        for part in allotment.parts
    ]


def _shortage(allotment: Allotment, bucket: Bucket) -> Conflict:
    asked, free = allotment.demand.quantity, allotment.total
    numbers = allotment.numbers
    is_held = numbers.on_hand - numbers.expired - numbers.reserved >= asked and numbers.held > 0
    kind = StockHeld if is_held else InsufficientStock
    return kind(
        f"{plain(asked)} are asked for and {plain(free)} are free.",
        field=f"{bucket.field}quantity",
        details={
            "asked": plain(asked),
            "free": plain(free),
            "shortfall": plain(allotment.shortfall),
            "onHand": plain(numbers.on_hand),
            "held": plain(numbers.held),
            "expired": plain(numbers.expired),
            "reserved": plain(numbers.reserved),
        },
    )


def _message(demands: Sequence[Demand], allotments: Sequence[Allotment]) -> str:
    total = sum((demand.quantity for demand in demands), ZERO)
    message = f"Issued {acting.signed(total).removeprefix('+')}"
    passed = len({breach.passed_over_id for one in allotments for breach in one.breaches})
    if passed:
        message += f"; passed over {passed} buckets that expire earlier"
    return message
