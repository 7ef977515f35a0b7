"""Stock that stays in the house: moved to another bin, or booked under the right lot."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from domain.actor import Author
from domain.errors import Conflict, Invalid, LotRefused, NotFound, QuantityRefused
from domain.quantities import ZERO
from models import expiring, locations, lots, postings, records
from models.session import Session
from services import checks, outbox
from services.lots import writing as lot_writing
from services.stock import acting, buckets, changes
from services.stock.acting import Act, Step
from services.stock.buckets import Bucket, Values
from services.stock.changes import StockChange


async def move(session: Session, author: Author, values: Values) -> StockChange:
    """Move units of a bucket to another bin of its location, or out of any; held ones too.

    Units that are marked as expired stay so. Holds on the bucket itself are the caller's to carry.

    Raises:
        InsufficientStock: less is there, or more of it is promised to documents.
        Conflict: marked and unmarked units would come into one bucket.
        NotFound, Invalid and its kinds: the request names what is not there, or breaks a rule.
    """
    return await move_all(session, author, [values], values, name=None)


async def move_all(
    session: Session,
    author: Author,
    lines: Sequence[Values],
    head: Values,
    *,
    name: str | None = "lines",
    document: tuple[str, str] | None = None,
) -> StockChange:
    """Move units of several buckets, each to its `to_bin_id`, as one document.

    Its entries come in pairs: out of a bucket, and into the next. `head` holds reason, comment and
    reference, `document` the kind and id of what it is done for, and `name` is that of the lines.
    The statements are the same for any number of lines.

    Raises:
        As of `move`.
    """
    steps = await _steps(session, lines, name)
    act = Act(
        kind="MOVE",
        values=head,
        context="MOVE",
        default_reason="MOVE",
        takes_held=True,
        stays=True,
        document_type=document[0] if document else None,
        document_id=document[1] if document else None,
    )
    total = sum((step.delta for step in steps[1::2] if step.delta), ZERO)
    message = f"Moved {acting.signed(total).removeprefix('+')}"
    change = await acting.perform(session, author, act, steps, message)
    return await carry_mark(session, author, change, "toBinId")


async def _steps(session: Session, lines: Sequence[Values], name: str | None) -> list[Step]:
    """Out of each line's bucket, and into the one in its bin."""
    sources = await buckets.find(session, lines, name=name, makes_lots=False)
    wanted = sorted({line["to_bin_id"] for line in lines if line.get("to_bin_id")})
    found = await session.all(records.by_ids(locations.bins, wanted)) if wanted else []
    bins = {row.id: row for row in found}
    steps: list[Step] = []
    for source, line in zip(sources, lines, strict=True):
        field = f"{source.field}toBinId"
        bin_id = buckets.bin_of(line.get("to_bin_id"), source.location_id, bins, field)
        target = replace(source, bin_id=bin_id)
        if target.key == source.key:
            raise Invalid(field, f"{field} is where the stock is already.")
        shown = f"{source.field}quantity"
        number = acting.quantity(source.product, line["quantity"], shown)
        steps.append(Step(bucket=source, number="quantity", delta=-number))
        steps.append(Step(bucket=target, number="quantity", delta=number))
    return steps


async def correct_lot(session: Session, author: Author, values: Values) -> StockChange:
    """Book units of a bucket under their right lot, which is made when its number is new.

    An `expiry_date` that is not the lot's corrects the lot as well, everywhere; the former one is
    kept as history. Without a `quantity` it is all that the bucket holds.

    Raises:
        StockHeld: units are on hold; a label must not set them free.
        InsufficientStock, NotFound, Invalid and its kinds: as of `move`.
    """
    names = ("inventory_item_id", "product_id", "location_id", "bin_id")
    asked = {name: values.get(name) for name in names} | {"lot_id": values.get("from_lot_id")}
    (source,) = await buckets.find(session, [asked], name=None, makes_lots=False)
    target = replace(source, lot_id=await _right_lot(session, source, values))
    if target.lot_id == source.lot_id:
        field = "lotId" if values.get("lot_id") else "lotNumber"
        raise Invalid(field, f"{field} is the lot that the stock is booked under already.")
    rows = await acting.lock(session, [source.key, target.key])
    number = _number(values, source, rows)
    steps = [
        Step(bucket=source, number="quantity", delta=-number),
        Step(bucket=target, number="quantity", delta=number),
    ]
    act = Act(
        kind="LOT_CORRECTION",
        values=values,
        context="LOT_CORRECTION",
        default_reason="CORRECTION",
        stays=True,
    )
    message = f"Corrected the lot of {acting.signed(number).removeprefix('+')}"
    change = await acting.perform(session, author, act, steps, message)
    return await carry_mark(session, author, change, "lotId")


def pairs_of(change: StockChange) -> list[tuple[Any, Any]]:
    """The entries of moves two by two: what left a bucket, and what came into the other."""
    pairs = zip(change.entries[::2], change.entries[1::2], strict=True)
    return [(one, two) if one.delta < two.delta else (two, one) for one, two in pairs]


async def carry_mark(
    session: Session, author: Author, change: StockChange, field: str
) -> StockChange:
    """Have the units be marked as expired where they are now as where they were.

    Raises:
        Conflict: marked and unmarked units would come into one bucket.
    """
    ids = sorted({entry.inventory_item_id for entry in change.entries})
    marked = {row.id: row.is_marked for row in await session.all(expiring.marks(ids))}
    differing = [pair for pair in pairs_of(change) if _differ(marked, *pair)]
    for source, target in differing:
        if _differ(marked, source, target):
            await _carry_mark(session, author, change.message, (source, target), marked, field)
    return await changes.seen_again(session, change) if differing else change


def _differ(marked: Mapping[str, bool], source: Any, target: Any) -> bool:
    return marked[source.inventory_item_id] != marked[target.inventory_item_id]


async def _carry_mark(
    session: Session,
    author: Author,
    reason: str,
    pair: tuple[Any, Any],
    marked: dict[str, bool],
    field: str,
) -> None:
    source, target = pair
    id, was = target.inventory_item_id, marked[source.inventory_item_id]
    if target.quantity_before > ZERO:
        text = "Units that are marked as expired and others cannot be in one bucket."
        raise Conflict(text, field=field)
    await session.call(expiring.MARK_ITEMS, [id], was)
    await session.one(postings.refresh_levels([target.location_id], [target.product_id]))
    event = {
        "before": {"isMarkedExpired": marked[id]},
        "after": {"isMarkedExpired": was},
        "actor": {"id": author.id, "name": author.name},
        "reason": reason,
    }
    marked[id] = was
    await outbox.emit(session, "item.marked", id, event)


def _number(values: Values, source: Bucket, rows: Mapping[Any, Any]) -> Any:
    if values.get("quantity") is not None:
        return acting.quantity(source.product, values["quantity"], "quantity")
    held = rows.get(source.key)
    if held is None or held.on_hand <= ZERO:
        raise QuantityRefused("quantity", "There is nothing on hand whose lot could be corrected.")
    return held.on_hand


async def _right_lot(session: Session, source: Bucket, values: Values) -> str:
    lot_id, number, expiry = (values.get(name) for name in ("lot_id", "lot_number", "expiry_date"))
    if (lot_id is None) == (number is None):
        raise Invalid("lotId", "lotId or lotNumber is required, and not both.")
    checks.codes(values, "lot_number")
    product = source.product
    by_number = ([product.id], [str(number)]) if lot_id is None else ([], [])
    lot = await session.one_or_none(lots.named([lot_id] if lot_id else [], *by_number))
    if lot is None and lot_id is not None:
        raise NotFound("Lot", "lotId")
    if lot is None:
        if product.expiry_tracked and expiry is None:
            text = "A lot of this product needs an expiry date."
            raise LotRefused("expiryDate", text, code="EXPIRY_REQUIRED")
        return str((await buckets.lot_of(session, product, str(number), expiry)).id)
    if lot.product_id != product.id:
        raise LotRefused("lotId", "The lot is of another product.", code="LOT_OF_OTHER_PRODUCT")
    await _correct_expiry(session, lot, expiry)
    return str(lot.id)


async def _correct_expiry(session: Session, lot: Any, expiry: date | None) -> None:
    if expiry is not None and expiry != lot.expiry_date:
        await lot_writing.update_lot(session, lot.id, {"expiry_date": expiry}, None)
