"""Accepts suggestions: they become records, transfers or stock requests in one transaction."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from domain.actor import Author
from domain.errors import DuplicateLine, Invalid, LimitExceeded
from domain.machines.replenishment import REPLENISHMENT
from domain.machines.replenishment import ReplenishmentStatus as S
from domain.quantities import plain
from domain.warehouse_errors import NotSuggested, SourceMissing
from models import suggesting as statements
from models.session import Session
from services import checks, transfers
from services.replenishment import reading, records
from services.replenishment.records import Wish
from services.requests import writing as requests
from services.transfers import drafting

ITEMS_MAX = 500
_ALL = 1_000_000  # more than 500 products can have places
INTO = ("RECORDS", "TRANSFERS", "REQUESTS")
_ADVICE = (
    "position",
    "daily_demand",
    "lead_time_days",
    "safety_stock",
    "reorder_point",
    "target",
    "quantity",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A suggestion that is accepted, in another quantity or from elsewhere if that is said."""

    product_id: str
    location_id: str
    quantity: Decimal | None = None
    source_location_id: str | None = None
    needed_by: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """A wish to accept suggestions, and what they are to become."""

    items: Sequence[Item]
    into: str = "RECORDS"
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The records, transfers and requests that were made, in the order of the items."""

    records: Sequence[Any]
    transfer_ids: Sequence[str]
    request_ids: Sequence[str]
    message: str
    touched: Sequence[tuple[str, str]]


async def accept(session: Session, author: Author, wish: Acceptance) -> Accepted:
    """Accept suggestions as they stand now, all of them or none.

    Records wait for review. Of transfers, one for each pair of locations, each record is ordered
    already; requests have no record beside them. The statements are the same for any number of
    records and transfers, and a fixed number for each pair of locations of requests.

    Raises:
        Invalid and its kinds, NotFound: as of a record, a transfer or a request.
        NotSuggested: nothing is suggested for an item any longer, and it names no quantity.
        SourceMissing: a transfer or request is to be made, and no location sends the units.
    """
    _check(wish)
    wishes = await _wishes(session, wish)
    if wish.into == "REQUESTS":
        return await _requested(session, author, wish, wishes)
    fields = [f"items[{index}]." for index in range(len(wishes))]
    values: Sequence[Mapping[str, Any]] = ()
    made: dict[Pair, str] = {}
    if wish.into == "TRANSFERS":
        made = await _transfers(session, author, wish, wishes)
        values = [{"status": S.ORDERED, "transfer_id": made[_pair(one)]} for one in wishes]
    rows = await records.create_all(session, author, wishes, fields=fields, values=values)
    shown = await reading.records.by_ids(session, [row.id for row in rows])
    what = f"{len(rows)} records" + (f" and {len(made)} transfers" if made else "")
    return Accepted(
        records=[shown[row.id] for row in rows],
        transfer_ids=list(made.values()),
        request_ids=[],
        message=f"Made {what}.",
        touched=[],
    )


Pair = tuple[str, str]  # source and destination


def _pair(wish: Wish) -> Pair:
    assert wish.source_location_id is not None, "a source is needed before a pair is asked for"
    return wish.source_location_id, wish.location_id


def _check(wish: Acceptance) -> None:
    checks.one_of({"into": wish.into}, "into", INTO)
    checks.notes({"comment": wish.comment}, "comment")
    if not wish.items:
        raise Invalid("items", "At least one suggestion is needed.")
    if len(wish.items) > ITEMS_MAX:
        message = f"There are at most {ITEMS_MAX} items."
        raise LimitExceeded("items", message, max=ITEMS_MAX)
    seen: dict[Pair, int] = {}
    for index, item in enumerate(wish.items):
        first = seen.setdefault((item.product_id, item.location_id), index)
        if first != index:
            text = f"items[{index}] is about the same as items[{first}]."
            raise DuplicateLine(f"items[{index}]", text, line=first)


async def _wishes(session: Session, wish: Acceptance) -> list[Wish]:
    """What each item asks for: what is suggested now, and what it says itself."""
    advised = await _advised(session, wish.items)
    found = []
    for index, item in enumerate(wish.items):
        row = advised.get((item.product_id, item.location_id)) or advised.get(
            (item.product_id, None)
        )
        quantity = item.quantity
        if quantity is None and row is not None and row.quantity > 0:
            quantity = row.quantity
        if quantity is None:
            text = "Nothing is suggested for this product here now: say how many are wanted."
            raise NotSuggested(text, field=f"items[{index}]")
        source = item.source_location_id or (row.source_location_id if row else None)
        if wish.into != "RECORDS" and source is None:
            text = "No location is there to send this: name one, or make records."
            raise SourceMissing(text, field=f"items[{index}].sourceLocationId")
        found.append(
            Wish(
                product_id=item.product_id,
                location_id=item.location_id,
                quantity=quantity,
                source_location_id=source,
                needed_by=item.needed_by,
                comment=wish.comment,
                method=row.method if row else None,
                advice=_advice(row) if row else None,
            )
        )
    return found


async def _advised(session: Session, items: Sequence[Item]) -> dict[tuple[str, str | None], Any]:
    """What is suggested now for these items, due or not, by product and location."""
    asked = statements.Asked(
        location_id=None,
        product_ids=sorted({item.product_id for item in items}),
        places=sorted({item.location_id for item in items}),
        horizon_days=0,
        only_below=False,
        demand_to=None,
        limit=_ALL,
        offset=0,
    )
    rows = await session.all(statements.suggestions(asked))
    return {(row.product_id, row.location_id): row for row in rows}


def _advice(row: Any) -> dict[str, Any]:
    return {name: plain(Decimal(getattr(row, name))) for name in _ADVICE}


async def _transfers(
    session: Session, author: Author, wish: Acceptance, wishes: Sequence[Wish]
) -> dict[Pair, str]:
    """A transfer for each pair of locations, by the pair."""
    wanted = [
        transfers.Wish(
            source_location_id=source,
            dest_location_id=dest,
            lines=[
                transfers.LineWish(product_id=one.product_id, quantity=one.quantity)
                for one in lines
            ],
            expected_on=min((one.needed_by for one in lines if one.needed_by), default=None),
            comment=wish.comment,
            origin_type=REPLENISHMENT.kind,
        )
        for (source, dest), lines in _by_pair(wishes).items()
    ]
    rows = await drafting.create_all(session, author, wanted)
    return {(row.source_location_id, row.dest_location_id): row.id for row in rows}


async def _requested(
    session: Session, author: Author, wish: Acceptance, wishes: Sequence[Wish]
) -> Accepted:
    made = []
    for (source, dest), lines in _by_pair(wishes).items():
        values = {
            "type": "STOCK",
            "requesting_location_id": dest,
            "fulfilling_location_id": source,
            "description": wish.comment,
            "needed_by": min((one.needed_by for one in lines if one.needed_by), default=None),
            "submit": True,
            "lines": [{"product_id": one.product_id, "quantity": one.quantity} for one in lines],
        }
        made.append((await requests.create(session, author, values)).request.id)
    return Accepted(
        records=[],
        transfer_ids=[],
        request_ids=made,
        message=f"Made {len(made)} stock requests.",
        touched=[],
    )


def _by_pair(wishes: Sequence[Wish]) -> dict[Pair, list[Wish]]:
    found: dict[Pair, list[Wish]] = defaultdict(list)
    for one in wishes:
        found[_pair(one)].append(one)
    return found
