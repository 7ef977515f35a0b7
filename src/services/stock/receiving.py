"""Stock that comes in from outside, or comes back."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from domain.actor import Author
from domain.quantities import ZERO, exact
from models.session import Session
from services import checks, quotas, supply
from services.stock import acting, buckets
from services.stock.acting import Act, Step
from services.stock.buckets import Values
from services.stock.changes import StockChange


async def receive(session: Session, author: Author, values: Values) -> StockChange:
    """Take in the lines; a lot number that is new to its product makes a lot.

    What comes in against a line of an order is not expected any longer; more may come than was
    ordered, and less. The lines of orders stay locked until the transaction ends.

    Raises:
        Conflict: nothing is expected of a line of an order.
        NotFound, Invalid and its kinds: a line names what is not there, or breaks a rule.
        PeriodClosed, CountedSince: it happened too early to be added.
    """
    steps = await inbound_steps(session, values, values["lines"])
    receipts = _receipts(values["lines"], steps)
    await supply.check(session, receipts)
    act = Act(kind="RECEIPT", values=values, context="RECEIPT", default_reason="RECEIPT")
    change = await acting.perform(session, author, act, steps, f"Received {_total(steps)}")
    await supply.receive(session, receipts)
    return change


async def return_(session: Session, author: Author, values: Values) -> StockChange:
    """Take back what was sold or handed out.

    What a channel sold under the same reference goes back to its quota in the reverse order: what
    was sold of free stock comes back first.

    Raises:
        NotFound, Invalid and its kinds, PeriodClosed, CountedSince: as of `receive`.
    """
    steps = await inbound_steps(session, values, values["lines"])
    act = Act(kind="RETURN", values=values, context="RETURN", default_reason="RETURN")
    change = await acting.perform(session, author, act, steps, f"Took back {_total(steps)}")
    channel_id, reference = values.get("channel_id"), values.get("reference")
    if channel_id is not None and reference is not None:
        returned: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for step in steps:
            returned[step.bucket.pair] += step.delta or ZERO
        await quotas.give_back(session, change.posting.id, channel_id, reference, returned)
    return change


async def inbound_steps(
    session: Session, shared: Values, lines: Sequence[Mapping[str, Any]]
) -> list[Step]:
    """Lines with a `quantity` that comes in, as steps; `shared` has what all lines have."""
    whole = [_merged(shared, line) for line in lines]
    found = await buckets.find(session, whole, makes_lots=True)
    return [_step(line, bucket) for line, bucket in zip(whole, found, strict=True)]


def _receipts(lines: Sequence[Mapping[str, Any]], steps: Sequence[Step]) -> list[supply.Receipt]:
    return [
        supply.Receipt(
            line_id=line["purchase_order_line_id"],
            product_id=step.bucket.product.id,
            location_id=step.bucket.location_id,
            quantity=step.delta or ZERO,
            field=f"{step.bucket.field}purchaseOrderLineId",
        )
        for line, step in zip(lines, steps, strict=True)
        if line.get("purchase_order_line_id")
    ]


def _merged(shared: Values, line: Values) -> Values:
    names = ("location_id", "channel_id", "occurred_at")
    common = {name: shared[name] for name in names if shared.get(name) is not None}
    if line.get("inventory_item_id"):
        common.pop("location_id", None)
    return common | {name: value for name, value in line.items() if value is not None}


def _step(line: Values, bucket: buckets.Bucket) -> Step:
    field = f"{bucket.field}quantity"
    checks.amounts(line, "unit_cost", "unit_price")
    return Step(
        bucket=bucket,
        number="quantity",
        delta=acting.quantity(bucket.product, line["quantity"], field),
        unit_cost=_money(line, "unit_cost"),
        unit_price=_money(line, "unit_price"),
        channel_id=line.get("channel_id"),
        occurred_at=line.get("occurred_at"),
    )


def _money(line: Values, name: str) -> Decimal | None:
    value = line.get(name)
    return None if value is None else exact(value, name)


def _total(steps: Sequence[Step]) -> str:
    total = sum((step.delta or ZERO for step in steps), ZERO)
    return acting.signed(total).removeprefix("+")
