"""Replenishment records, from being proposed to being received; each act in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from domain import ids
from domain.actor import Author
from domain.errors import InUse, Invalid, NotFound, QuantityRefused
from domain.machines.replenishment import REPLENISHMENT
from domain.machines.replenishment import ReplenishmentAction as A
from domain.machines.replenishment import ReplenishmentStatus as S
from domain.quantities import plain
from models import catalog, locations
from models import records as statements
from models.replenishment import replenishment_records
from models.session import Session
from services import checks, documents, transfers
from services.documents import Advance
from services.replenishment import reading
from services.stock import acting, buckets
from services.stock.acting import Act, Step

REGISTER = documents.Register(REPLENISHMENT, replenishment_records)
PREFIX = "repl_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Base units of a product that are to be ordered for a location.

    `advice` are the numbers of the suggestion that it follows, where it follows one.
    """

    product_id: str
    location_id: str
    quantity: Decimal
    source_location_id: str | None = None
    needed_by: date | None = None
    reference: str | None = None
    comment: str | None = None
    method: str | None = None
    advice: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepWish:
    """A record that is to be moved on; `values` of it that change besides, by column."""

    record_id: str
    comment: str | None = None
    reason: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    expected_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Units of an ordered record that have arrived, with their bin and lot."""

    record_id: str
    quantity: Decimal
    bin_id: str | None = None
    lot_number: str | None = None
    expiry_date: date | None = None
    comment: str | None = None
    expected_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A record with its events as they stand after an act, and a sentence about it."""

    record: Any
    events: Sequence[Any]
    message: str
    touched: Sequence[tuple[str, str]]


async def create(session: Session, author: Author, wish: Wish) -> Outcome:
    """Make a record that waits for review; its units count as on order from now on.

    Raises:
        Invalid and its kinds: a value breaks a rule.
        NotFound: there is no such product or location.
    """
    (row,) = await create_all(session, author, [wish], fields=[""])
    return await _of(session, row.id, f"Created {row.number}.")


async def create_all(
    session: Session,
    author: Author,
    wishes: Sequence[Wish],
    *,
    fields: Sequence[str],
    values: Sequence[Mapping[str, Any]] = (),
) -> list[Any]:
    """Make records in the order of the wishes; the statements are the same for any number.

    `fields` begin the names of each wish's fields in refusals, and `values` are what is kept of
    each besides.

    Raises:
        Invalid and its kinds, NotFound: as of `create`.
    """
    known = await _known(session, wishes)
    heads = []
    numbers = await REGISTER.numbers(session, len(wishes))
    for index, (wish, number) in enumerate(zip(wishes, numbers, strict=True)):
        product = _check(wish, known, fields[index])
        head = _head(author, number, wish, product)
        heads.append(head | (dict(values[index]) if values else {}))
    added = await session.all(statements.add_all(replenishment_records, heads))
    by_id = {row.id: row for row in added}
    rows = [by_id[head["id"]] for head in heads]
    await REGISTER.made(session, author, rows)
    return rows


async def edit(session: Session, author: Author, wish: StepWish) -> Outcome:
    """Change how much a record that waits for review orders, from where, or by when.

    Raises:
        IllegalStep: it does not wait for review any longer.
        Invalid and its kinds, NotFound, StaleVersion: as of `create`.
    """
    row = await _locked(session, wish, A.EDIT)
    changed = {**{name: getattr(row, name) for name in _EDITABLE}, **wish.values}
    whole = Wish(product_id=row.product_id, location_id=row.location_id, **changed)
    _check(whole, await _known(session, [whole]), "")
    step = Advance(action=A.EDIT, values=wish.values, comment=wish.comment)
    await REGISTER.advance(session, author, row, step)
    return await _of(session, row.id, f"Changed {row.number}.")


async def approve(session: Session, author: Author, wish: StepWish) -> Outcome:
    """Let a record be ordered.

    Raises:
        IllegalStep: it does not wait for review.
    """
    return await _step(session, author, wish, A.APPROVE, "Approved")


async def reject(session: Session, author: Author, wish: StepWish) -> Outcome:
    """Say that a record is not to be ordered, and why; it counts as on order no longer.

    Raises:
        IllegalStep: it does not wait for review.
    """
    return await _step(session, author, wish, A.REJECT, "Rejected")


async def cancel(session: Session, author: Author, wish: StepWish) -> Outcome:
    """Call a record off before anything has arrived.

    Raises:
        IllegalStep: something has arrived, or it is over.
        InUse: it became a transfer, which is to be called off instead.
    """
    return await _step(session, author, wish, A.CANCEL, "Cancelled")


async def close(session: Session, author: Author, wish: StepWish) -> Outcome:
    """End an ordered record: what has not arrived is no longer expected.

    Raises:
        IllegalStep: it is not ordered.
        InUse: it became a transfer, which is to be closed instead.
    """
    return await _step(session, author, wish, A.CLOSE, "Closed")


async def order(session: Session, author: Author, wish: StepWish) -> Outcome:
    """Order an approved record: with a source location it becomes a transfer, handed in at once.

    Without one it was ordered of the supplier; the reference names that order.

    Raises:
        IllegalStep: it is not approved.
        Invalid and its kinds: as of a transfer.
    """
    row = await _locked(session, wish, A.ORDER)
    values = dict(wish.values)
    checks.texts(values, "reference")
    if row.source_location_id is not None:
        line = transfers.LineWish(product_id=row.product_id, quantity=row.quantity)
        made = await transfers.create(
            session,
            author,
            transfers.Wish(
                source_location_id=row.source_location_id,
                dest_location_id=row.location_id,
                lines=[line],
                expected_on=row.needed_by,
                reference=row.number,
                origin_type=REPLENISHMENT.kind,
                origin_id=row.id,
                submit=True,
            ),
        )
        values["transfer_id"] = made.transfer.id
    step = Advance(action=A.ORDER, values=values, comment=wish.comment)
    await REGISTER.advance(session, author, row, step)
    return await _of(session, row.id, f"Ordered {row.number}.")


async def receive(session: Session, author: Author, wish: Receipt) -> Outcome:
    """Take in units that the supplier has sent; they are on hand from now on.

    The record, then the level row of its product stay locked until the transaction ends. What is
    more than was ordered is refused.

    Raises:
        IllegalStep: it is not ordered.
        InUse: it became a transfer, which is to be received instead.
        QuantityRefused: more would arrive than was ordered.
        LotRefused, BinRefused, NotFound: as of stock that is received.
    """
    given = StepWish(record_id=wish.record_id, expected_version=wish.expected_version)
    row = await _locked(session, given, A.RECEIVE)
    change, number = await _take_in(session, author, row, wish)
    total = row.quantity_received + number
    advance = Advance(
        action=A.RECEIVE,
        to=S.RECEIVED if total == row.quantity else S.PARTIALLY_RECEIVED,
        values={"quantity_received": total},
        comment=wish.comment,
        posting_id=change.posting.id,
    )
    await REGISTER.advance(session, author, row, advance)
    message = f"Received {plain(number)} of {row.number}."
    return await _of(session, row.id, message, touched=change.touched)


async def comment(session: Session, author: Author, wish: StepWish) -> Outcome:
    """Say something about a record, whatever its state.

    Raises:
        Invalid: it says nothing, or is too long.
    """
    row = await REGISTER.get_locked(session, wish.record_id, None, wish.expected_version)
    await REGISTER.comment(session, author, row, wish.comment or "")
    return await _of(session, row.id, f"Commented on {row.number}.")


_EDITABLE = ("quantity", "source_location_id", "needed_by", "reference", "comment")


async def _take_in(
    session: Session, author: Author, row: Any, wish: Receipt
) -> tuple[Any, Decimal]:
    """Post the receipt; what it has changed, and how many units have arrived."""
    line = {
        "product_id": row.product_id,
        "location_id": row.location_id,
        "bin_id": wish.bin_id,
        "lot_number": wish.lot_number,
        "expiry_date": wish.expiry_date,
    }
    (bucket,) = await buckets.find(session, [line], name=None, makes_lots=True)
    number = acting.quantity(bucket.product, wish.quantity, "quantity")
    left = row.quantity - row.quantity_received
    if number > left:
        text = f"{plain(number)} would arrive and {plain(left)} are expected."
        raise QuantityRefused("quantity", text, expected=plain(left))
    act = Act(
        kind="RECEIPT",
        values={"reference": row.number, "comment": wish.comment},
        context="RECEIPT",
        default_reason="RECEIPT",
        document_type=REPLENISHMENT.kind,
        document_id=row.id,
    )
    step = Step(bucket=bucket, number="quantity", delta=number, unit_cost=row.unit_cost)
    return await acting.perform(session, author, act, [step]), number


async def _step(session: Session, author: Author, wish: StepWish, action: A, done: str) -> Outcome:
    row = await _locked(session, wish, action)
    step = Advance(action=action, comment=wish.comment, reason=wish.reason)
    await REGISTER.advance(session, author, row, step)
    return await _of(session, row.id, f"{done} {row.number}.")


async def _locked(session: Session, wish: StepWish, action: A) -> Any:
    """The record, locked, if its state and that of its transfer allow the action."""
    checks.notes({"comment": wish.comment}, "comment")
    checks.texts({"reason": wish.reason}, "reason")
    row = await REGISTER.get_locked(session, wish.record_id, action, wish.expected_version)
    if row.transfer_id is not None:
        details = {"transferId": row.transfer_id}
        raise InUse("It became a transfer: do it there.", field="recordId", details=details)
    return row


async def _of(
    session: Session, id: str, message: str, touched: Sequence[tuple[str, str]] = ()
) -> Outcome:
    return Outcome(
        record=(await reading.records.by_ids(session, [id]))[id],
        events=(await documents.events_of(session, [id], REPLENISHMENT.kind))[id],
        message=message,
        touched=list(touched),
    )


async def _known(session: Session, wishes: Sequence[Wish]) -> tuple[Mapping[str, Any], set[str]]:
    """The products and locations that the wishes name, as far as they are there."""
    product_ids = sorted({wish.product_id for wish in wishes})
    named = {id for wish in wishes for id in (wish.location_id, wish.source_location_id) if id}
    products = await session.all(statements.by_ids(catalog.products, product_ids))
    places = await session.all(statements.by_ids(locations.locations, sorted(named)))
    return {row.id: row for row in products}, {row.id for row in places}


def _check(wish: Wish, known: tuple[Mapping[str, Any], set[str]], field: str) -> Any:
    """The product of a wish that keeps all rules."""
    products, places = known
    product = products.get(wish.product_id)
    if product is None:
        raise NotFound("Product", f"{field}productId")
    for name in ("location_id", "source_location_id"):
        id = getattr(wish, name)
        if id is not None and id not in places:
            shown = "locationId" if name == "location_id" else "sourceLocationId"
            raise NotFound("Location", field + shown)
    if wish.source_location_id == wish.location_id:
        text = "It cannot be replenished from itself."
        raise Invalid(f"{field}sourceLocationId", text)
    acting.quantity(product, wish.quantity, f"{field}quantity")
    checks.texts({"reference": wish.reference}, "reference")
    checks.notes({"comment": wish.comment}, "comment")
    return product


def _head(author: Author, number: str, wish: Wish, product: Any) -> dict[str, Any]:
    return {
        "id": ids.new(PREFIX),
        "number": number,
        "status": REPLENISHMENT.initial,
        "product_id": wish.product_id,
        "location_id": wish.location_id,
        "source_location_id": wish.source_location_id,
        "quantity": wish.quantity,
        "method": wish.method,
        "needed_by": wish.needed_by,
        "unit_cost": product.unit_cost,
        "reference": wish.reference,
        "comment": wish.comment,
        "transfer_id": None,
        "advice": None if wish.advice is None else dict(wish.advice),
        "created_by": {"id": author.id, "name": author.name},
    }
