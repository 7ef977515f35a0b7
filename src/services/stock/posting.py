"""One document that changes stock: its entries, balances, kept sums and event, or nothing."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from domain import ids
from domain.actor import Author
from domain.errors import (
    CountedSince,
    FutureMoment,
    InsufficientStock,
    Invalid,
    PeriodClosed,
    StaleQuantity,
)
from domain.json import dumps
from domain.quantities import LARGEST, exact, plain
from models import acting, postings
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
_NUMBERS = ("delta", "target", "expected", "unit_cost", "unit_price")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A change of one bucket: by `delta` base units, or to `target`.

    One of the two is given; a bucket with a target stands on no other line. `expected` refuses the
    whole posting when the bucket holds something else. `occurred_at` is for what happened
    earlier: a live line takes the database's clock after its lock. `kind` is the line's own where
    it is not the posting's.
    """

    product_id: str
    location_id: str
    bin_id: str | None = None
    lot_id: str | None = None
    delta: Decimal | None = None
    target: Decimal | None = None
    expected: Decimal | None = None
    occurred_at: datetime | None = None
    unit_cost: Decimal | None = None
    unit_price: Decimal | None = None
    channel_id: str | None = None
    reference: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """A wish to post one document of `kind`.

    `document_type` and `document_id` name what caused it, where that is a document. `told` is what
    its event tells besides; decimals and dates in it are written as plain JSON. `id` is for
    who has to know it before: the entries of a transit account, with which a TRANSFER sums to
    zero, are written first.
    """

    kind: str
    author: Author
    lines: Sequence[Line]
    reason_code_id: str | None = None
    root_cause: str | None = None
    reference: str | None = None
    comment: str | None = None
    document_type: str | None = None
    document_id: str | None = None
    import_id: str | None = None
    reverses_id: str | None = None
    told: Mapping[str, Any] = field(default_factory=dict)
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedEntry:
    """One ledger entry: what a bucket held before and after, in base units."""

    ordinal: int
    inventory_item_id: str
    product_id: str
    location_id: str
    kind: str
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
        InsufficientStock: a bucket would hold less than nothing at some line, or, of a line that
            happened earlier, at some moment since.
        StaleQuantity: a bucket does not hold what a line expected.
        PeriodClosed: a line happened at or before the moment through which the books are closed.
        CountedSince: a line happened before a count of its bucket.
        FutureMoment: a line is said to happen more than a minute ahead.
    """
    posting_id = wish.id or ids.new("txn_")
    arguments = _arguments(posting_id, wish)
    try:
        answer = await session.call(postings.POST, *arguments)
    except postings.REFUSALS as error:
        raise _refusal(error) from error
    return Posted(id=posting_id, kind=wish.kind, entries=[_entry(entry) for entry in answer])


async def post_shown(session: Session, wish: Posting) -> Sequence[Any]:
    """Post the document, and give a row for each entry with all that `acting.shown` takes of it.

    Raises:
        As `post`.
    """
    arguments = _arguments(wish.id or ids.new("txn_"), wish)
    try:
        rows = await session.rows(acting.POST_SHOWN, *arguments)
    except postings.REFUSALS as error:
        raise _refusal(error) from error
    session.moment = rows[0]
    return rows


def _arguments(posting_id: str, wish: Posting) -> tuple[Any, ...]:
    _check(wish)
    kinds = [line.kind for line in wish.lines]
    lines = [_row(line) for line in wish.lines]
    return _head(posting_id, wish), lines, kinds if any(kinds) else None


def _head(posting_id: str, wish: Posting) -> str:
    head = {
        "id": posting_id,
        "kind": wish.kind,
        "reasonCodeId": wish.reason_code_id,
        "rootCause": wish.root_cause,
        "reference": wish.reference,
        "comment": wish.comment,
        "documentType": wish.document_type,
        "documentId": wish.document_id,
        "actor": {"id": wish.author.id, "name": wish.author.name},
        "importId": wish.import_id,
        "reversesId": wish.reverses_id,
    }
    return dumps({**head, **wish.told}).decode()


def _row(line: Line) -> tuple[Any, ...]:
    """The line as a `posting_line`, with the id of the bucket that it makes, if it makes one."""
    return (
        ids.new("item_"),
        line.product_id,
        line.location_id,
        line.bin_id,
        line.lot_id,
        line.delta,
        line.target,
        line.expected,
        line.occurred_at,
        line.unit_cost,
        line.unit_price,
        line.channel_id,
        line.reference,
    )


def _check(wish: Posting) -> None:
    assert wish.kind in KINDS or wish.reverses_id, f"{wish.kind} is a kind of posting"
    if not wish.lines:
        raise Invalid("lines", "A posting needs at least one line.")
    if len(wish.lines) > LINES_MAX:
        raise Invalid("lines", f"A posting has at most {LINES_MAX} lines.")
    for index, line in enumerate(wish.lines):
        for name in _NUMBERS:
            if (number := getattr(line, name)) is not None:
                exact(number, f"lines[{index}].{name}")
        assert (line.delta is None) != (line.target is None), "a line has a delta or a target"
        if line.delta == 0:
            raise Invalid(f"lines[{index}].delta", "A line must change the quantity.")


def _refusal(error: Exception) -> Exception:
    if postings.is_too_large(error):
        return Invalid("lines", f"What is on hand would reach {LARGEST:,}.")
    if not postings.is_refusal(error):
        return error
    told = json.loads(postings.detail(error), parse_float=Decimal, parse_int=Decimal)
    return _REFUSALS[postings.refusal_kind(error)](told, int(told["line"]) - 1)


def _unexpected(told: dict[str, Any], line: int) -> Exception:
    on_hand, expected = plain(told["onHand"]), plain(told["expected"])
    return StaleQuantity(
        f"There are {on_hand} on hand, not {expected}.",
        field=f"lines[{line}].expected",
        details={"line": line, "onHand": on_hand, "expected": expected},
    )


def _negative(told: dict[str, Any], line: int) -> Exception:
    on_hand, asked = plain(told["onHand"]), plain(-told["delta"])
    when = f" at {told['at']}" if "at" in told else ""
    return InsufficientStock(
        f"There {'were' if when else 'are'} {on_hand} on hand{when} and {asked} would be taken.",
        field=f"lines[{line}].delta",
        details={"line": line, "onHand": on_hand, "asked": asked}
        | ({"at": told["at"]} if when else {}),
    )


def _closed(told: dict[str, Any], line: int) -> Exception:
    return PeriodClosed(
        f"The books are closed through {told['closedThrough']}.",
        field=f"lines[{line}].occurredAt",
        details={"line": line, "closedThrough": told["closedThrough"]},
    )


def _counted(told: dict[str, Any], line: int) -> Exception:
    return CountedSince(
        f"What is there was counted at {told['countedAt']}, after this happened.",
        field=f"lines[{line}].occurredAt",
        details={"line": line, "countedAt": told["countedAt"]},
    )


def _ahead(_told: dict[str, Any], line: int) -> Exception:
    return FutureMoment(f"lines[{line}].occurredAt")


_REFUSALS = {
    postings.NEGATIVE: _negative,
    postings.UNEXPECTED: _unexpected,
    postings.PERIOD_CLOSED: _closed,
    postings.COUNTED_SINCE: _counted,
    postings.AHEAD: _ahead,
}


def _entry(entry: dict[str, Any]) -> PostedEntry:
    return PostedEntry(
        ordinal=entry["ordinal"],
        kind=entry["kind"],
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
