"""Which postings explain that stock is another at one moment than at an earlier one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain.pages import Page, PageWish
from models.books import Between, Difference
from models.session import Session
from services import ledger

LEVELS_MAX = 1000
Pair = tuple[str, str]  # location id, product id


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingDifference:
    """A posting with those of its entries that count, and by how much all of them do."""

    posting: Any
    change: Decimal
    entries: Sequence[Any]
    key: tuple[Any, ...]


async def pages(
    session: Session, parts: Sequence[PageWish], between: Between
) -> Mapping[PageWish, Page[PostingDifference]]:
    """These parts of the list of postings, the newest first."""
    return {part: await _page(session, part, between) for part in parts}


async def _page(session: Session, part: PageWish, between: Between) -> Page[PostingDifference]:
    difference = Difference(between)
    page = Page.cut(await session.all(difference.postings(part)), part)
    ids = [row.posting_id for row in page.rows]
    if not ids:
        return Page(rows=(), has_next=page.has_next, has_previous=page.has_previous)
    rows = await ledger.postings.by_ids(session, ids)
    entries: dict[str, list[Any]] = {id: [] for id in ids}
    for entry in await session.all(difference.entries(ids)):
        entries[entry.posting_id].append(entry)
    found = [
        PostingDifference(
            posting=rows[row.posting_id],
            change=row.change,
            entries=entries[row.posting_id],
            key=(row.key_0,),
        )
        for row in page.rows
    ]
    return Page(rows=found, has_next=page.has_next, has_previous=page.has_previous)


async def counts(session: Session, wishes: Sequence[Between]) -> Mapping[Between, int]:
    """How many postings there are for each of these wishes."""
    return {one: int(await session.scalar(Difference(one).count())) for one in wishes}


async def totals(session: Session, wishes: Sequence[Between]) -> Mapping[Between, Decimal]:
    """By how many units what is on hand differs, over everything, for each of these wishes."""
    return {one: await session.scalar(Difference(one).total()) for one in wishes}


async def levels(
    session: Session, wishes: Sequence[Between]
) -> Mapping[Between, Sequence[tuple[Pair, Decimal]]]:
    """By how many units each product at each location differs, most first; the first 1,000."""
    found = {}
    for one in wishes:
        rows = await session.all(Difference(one).levels(LEVELS_MAX))
        found[one] = [((row.location_id, row.product_id), row.change) for row in rows]
    return found
