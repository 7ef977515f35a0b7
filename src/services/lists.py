"""Reads the lists of `models.lists`: rows by id, pages of the whole or of each parent's part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.errors import LimitExceeded
from domain.pages import NESTED_MAX, ListWish, Page
from models.lists import listing as statements
from models.lists.listing import Listing
from models.session import Session

Row = Any


@dataclass(frozen=True, eq=False)
class Reader:
    """One list, read in the ways that the graph and REST need.

    Each method that takes keys gives a mapping and runs one statement for all of them; what is
    missing is left out.
    """

    listing: Listing

    async def by_ids(self, session: Session, ids: Sequence[str]) -> Mapping[str, Row]:
        """The rows with these ids; of reference data, those that are kept are not read again."""
        shelf = await session.shelf() if self.listing.reference else None
        if shelf is None:
            return await self._by_ids(session, ids)
        kept = {id: shelf.get(self.listing, id) for id in ids}
        found = await self._by_ids(session, [id for id, row in kept.items() if row is None])
        for id, row in found.items():
            shelf.put(self.listing, id, row)
        return {id: row for id, row in (kept | dict(found)).items() if row is not None}

    async def _by_ids(self, session: Session, ids: Sequence[str]) -> Mapping[str, Row]:
        if not ids:
            return {}
        rows = await session.all(statements.by_ids(self.listing, ids))
        return {row.id: row for row in rows}

    async def by_key(self, session: Session, values: Sequence[str], key: str) -> Mapping[str, Row]:
        """The rows with these values of another unique column, which the list filters by."""
        rows = await session.all(statements.by_key(self.listing, key, values))
        return {getattr(row, key): row for row in rows}

    async def pages(
        self, session: Session, wishes: Sequence[ListWish]
    ) -> Mapping[ListWish, Page[Row]]:
        """The wished parts of the whole list, each by a statement of its own."""
        return {wish: await self.page(session, wish) for wish in wishes}

    async def page(self, session: Session, wish: ListWish) -> Page[Row]:
        """One part of the whole list."""
        return Page.cut(await session.all(statements.part(self.listing, wish)), wish.part)

    async def counts(self, session: Session, wishes: Sequence[ListWish]) -> Mapping[ListWish, int]:
        """How many rows the whole list has under the filters of each wish."""
        return {
            wish: int(await session.scalar(statements.count(self.listing, wish))) for wish in wishes
        }

    async def pages_of(
        self, session: Session, ids: Sequence[str], parent: str, wish: ListWish
    ) -> Mapping[str, Page[Row]]:
        """The wished part of the list of each of these parents.

        Raises:
            LimitExceeded: there are so many parents that the rows could be too many.
        """
        if len(ids) * wish.part.limit > NESTED_MAX:
            raise LimitExceeded(
                "first",
                f"{len(ids)} lists of {wish.part.limit} rows are more than {NESTED_MAX} rows: "
                "ask for less of each.",
                limit="nestedRows",
                max=NESTED_MAX,
            )
        rows: dict[str, list[Row]] = {id: [] for id in ids}
        for row in await session.all(statements.parts(self.listing, parent, ids, wish)):
            rows[row.parent_id].append(row)
        return {id: Page.cut(found, wish.part) for id, found in rows.items()}

    async def counts_of(
        self, session: Session, ids: Sequence[str], parent: str, wish: ListWish
    ) -> Mapping[str, int]:
        """How many rows the list of each of these parents has under the wish's filters."""
        found = await session.all(statements.counts(self.listing, parent, ids, wish))
        return {row.parent_id: row.rows for row in found}

    def key_of(self, row: Row, order: str) -> tuple[Any, ...]:
        """The place of a row of a page in its order, for a cursor."""
        return self.listing.key_of(row, order)
