"""One document that changes stock: its entries, balances, kept sums and event, or nothing."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from domain import ids
from domain.actor import Author
from domain.errors import InsufficientStock, Invalid, StaleQuantity
from domain.quantities import LARGEST, exact, plain
from models import postings
from models.session import Session

KINDS = frozenset(
    {
        "RECEIPT",
        "ISSUE",
        "RETURN",
        "ADJUSTMENT",
        "COUNT",
        "CONSUMPTION",
        "EXPIRY",
        "DESTRUCTION",
        "TRANSFER",
        "MOVE",
        "LOT_CORRECTION",
    }
)
LINES_MAX = 10_000
_NUMBERS = ("delta", "expected", "unit_cost", "unit_price")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A change of one bucket by `delta` base units.

    `expected` refuses the whole posting when the bucket holds something else. `occurred_at` is
    for history only: a live line takes the database's clock after its lock.
    """

    product_id: str
    location_id: str
    bin_id: str | None = None
    lot_id: str | None = None
    delta: Decimal
    expected: Decimal | None = None
    occurred_at: datetime | None = None
    unit_cost: Decimal | None = None
    unit_price: Decimal | None = None
    channel_id: str | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """A wish to post one document of `kind`."""

    kind: str
    author: Author
    lines: Sequence[Line]
    reason_code_id: str | None = None
    reference: str | None = None
    comment: str | None = None
    import_id: str | None = None
    reverses_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedEntry:
    """One ledger entry: what a bucket held before and after, in base units."""

    inventory_item_id: str
    product_id: str
    location_id: str
    delta: Decimal
    quantity_before: Decimal
    quantity_after: Decimal
    occurred_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A document that was posted, with its entries in the order of its lines."""

    id: str
    kind: str
    entries: Sequence[PostedEntry]


async def post(session: Session, wish: Posting) -> Posted:
    """Post the document, and give its entries.

    The level rows of all its products stay locked, in the order of location and product, until
    the transaction ends; a bucket that is named for the first time is made.

    Raises:
        Invalid: there are no lines, too many, one that changes nothing, or a number that storage
            does not keep exactly.
        NotFound: a line names a product, location, bin or lot that is not there.
        InsufficientStock: a bucket would hold less than nothing at some line.
        StaleQuantity: a bucket does not hold what a line expected.
    """
    _check(wish)
    posting_id = ids.new("txn_")
    actor = json.dumps({"id": wish.author.id, "name": wish.author.name})
    try:
        answer = await session.call(
            postings.POST,
            posting_id,
            wish.kind,
            wish.reason_code_id,
            wish.reference,
            wish.comment,
            actor,
            wish.import_id,
            wish.reverses_id,
            [_row(line) for line in wish.lines],
        )
    except postings.REFUSALS as error:
        raise _refusal(error) from error
    return Posted(id=posting_id, kind=wish.kind, entries=[_entry(entry) for entry in answer])


def _row(line: Line) -> tuple[Any, ...]:
    """The line as a `posting_line`, with the id of the bucket that it makes, if it makes one."""
    return (
        ids.new("item_"),
        line.product_id,
        line.location_id,
        line.bin_id,
        line.lot_id,
        line.delta,
        line.expected,
        line.occurred_at,
        line.unit_cost,
        line.unit_price,
        line.channel_id,
        line.reference,
    )


def _check(wish: Posting) -> None:
    assert wish.kind in KINDS, f"{wish.kind} is a kind of posting"
    if not wish.lines:
        raise Invalid("lines", "A posting needs at least one line.")
    if len(wish.lines) > LINES_MAX:
        raise Invalid("lines", f"A posting has at most {LINES_MAX} lines.")
    for index, line in enumerate(wish.lines):
        for name in _NUMBERS:
            if (number := getattr(line, name)) is not None:
                exact(number, f"lines[{index}].{name}")
        if line.delta == 0:
            raise Invalid(f"lines[{index}].delta", "A line must change the quantity.")


def _refusal(error: Exception) -> Exception:
    if postings.is_too_large(error):
        return Invalid("lines", f"What is on hand would reach {LARGEST:,}.")
    if not postings.is_refusal(error):
        return error
    told = json.loads(postings.detail(error), parse_float=Decimal, parse_int=Decimal)
    index = int(told["line"]) - 1
    on_hand = plain(told["onHand"])
    if "expected" in told:
        return StaleQuantity(
            f"There are {on_hand} on hand, not {plain(told['expected'])}.",
            field=f"lines[{index}].expected",
            details={"line": index, "onHand": on_hand, "expected": plain(told["expected"])},
        )
    return InsufficientStock(
        f"There are {on_hand} on hand and {plain(-told['delta'])} would be taken.",
        field=f"lines[{index}].delta",
        details={"line": index, "onHand": on_hand, "asked": plain(-told["delta"])},
    )


def _entry(entry: dict[str, Any]) -> PostedEntry:
    return PostedEntry(
        inventory_item_id=entry["inventoryItemId"],
        product_id=entry["productId"],
        location_id=entry["locationId"],
        delta=_plain(entry["delta"]),
        quantity_before=_plain(entry["quantityBefore"]),
        quantity_after=_plain(entry["quantityAfter"]),
        occurred_at=datetime.fromisoformat(entry["occurredAt"]),
    )


def _plain(number: int | Decimal) -> Decimal:
    return plain(Decimal(number))
