"""The books as a whole: what lies between two moments."""

from datetime import datetime
from typing import Any

import strawberry

from domain.pages import Page
from domain.permissions import Permission
from domain.quantities import ZERO
from models.past import Past
from resolvers import kinds
from resolvers.fields import guarded, input_, output, plain
from resolvers.ledger import LedgerEntry, Posting
from resolvers.lists import Info, conditions, linked, windowed
from resolvers.pages import Listed, Window
from resolvers.scalars import Cursor, Position, Quantity
from services import books
from services.stock import reading


@input_
class LedgerMomentInput:
    """A moment as which stock is seen; with neither field it is now."""

    as_of: datetime | None = None
    """What had happened by then."""

    known_at: Position | None = None
    """As far as was known at this position."""


@input_
class LedgerDifferenceFilter:
    """Which buckets are looked at; all conditions together."""

    product_id_in: list[strawberry.ID] | None = None
    """Those of one of these products."""

    location_id_in: list[strawberry.ID] | None = None
    """Those at one of these locations."""

    bin_id_in: list[strawberry.ID] | None = None
    """Those in one of these bins."""

    lot_id_in: list[strawberry.ID] | None = None
    """Those of one of these lots."""

    inventory_item_id_in: list[strawberry.ID] | None = None
    """These buckets."""


@output
class EntryDifference:
    """An entry that is seen at one of the two moments and not at the other."""

    entry: LedgerEntry
    """The entry."""

    change: Quantity
    """What it adds to the difference: its delta, or the opposite where it is not seen any more."""


@output
class PostingDifference:
    """A posting that explains a part of the difference."""

    posting: Posting
    """The posting."""

    change: Quantity
    """What its entries add to the difference, over everything that is looked at."""

    entries: list[EntryDifference]
    """Those of its entries that count, in their order."""

    @classmethod
    def of(cls, row: Any) -> "PostingDifference":
        """This part of a difference as the graph shows it."""
        return cls(
            posting=Posting.of(row.posting),
            change=Quantity(row.change),
            entries=[
                EntryDifference(entry=LedgerEntry.of(one), change=Quantity(one.change))
                for one in row.entries
            ],
        )


@output
class LevelDifference:
    """A product at a location of which more or less is on hand at the second moment."""

    product_id: strawberry.Private[str]
    location_id: strawberry.Private[str]

    before: Quantity
    """Units on hand at the first moment, in all buckets."""

    after: Quantity
    """Units on hand at the second moment, in all buckets."""

    change: Quantity
    """By how many units the postings explain the difference, in the buckets that are looked at."""

    @linked(kinds.PRODUCT)
    def product(self) -> str:
        """The product."""
        return self.product_id

    @linked(kinds.LOCATION)
    def location(self) -> str:
        """The location."""
        return self.location_id


@output
class LedgerDifference:
    """Why what is on hand is another at one moment than at another."""

    between: strawberry.Private[books.Between]

    @plain
    async def change(self, info: Info) -> Quantity:
        """By how many units it differs, over everything that is looked at."""
        found = await info.context.loaders.load(books.differences.totals, self.between)
        return Quantity(found)

    @plain
    async def levels(self, info: Info) -> list[LevelDifference]:
        """The products at locations that differ, those that do most first; at most 1,000."""
        between = self.between
        changes = await info.context.loaders.load(books.differences.levels, between)
        pairs = [pair for pair, _ in changes]
        before, after = [
            await info.context.read_at(end, reading.levels_by_pair, pairs)
            for end in (between.first, between.second)
        ]
        return [
            LevelDifference(
                location_id=pair[0],
                product_id=pair[1],
                before=Quantity(before[pair].on_hand if pair in before else ZERO),
                after=Quantity(after[pair].on_hand if pair in after else ZERO),
                change=Quantity(change),
            )
            for pair, change in changes
        ]

    @windowed(PostingDifference)
    def postings(self, info: Info, window: Window) -> Listed[Any]:
        """The postings that explain it, what was recorded last before the others."""
        loaders, cursors = info.context.loaders, info.context.cursors
        scope = repr(("LedgerDifference", self.between))
        part = window.wish(lambda text, name: cursors.open(scope, text, name))

        async def read() -> Page[Any]:
            page: Page[Any] = await loaders.load(books.differences.pages, part, self.between)
            return page

        async def count() -> int:
            return int(await loaders.load(books.differences.counts, self.between))

        def cursor(row: Any) -> Cursor:
            sealed: Cursor = cursors.seal(scope, row.key)
            return sealed

        return Listed(part=part, load=read, count=count, node=PostingDifference.of, cursor=cursor)


@output
class BookQueries:
    """Reads of the books as a whole."""

    @guarded(needs=Permission.INVENTORY_READ)
    async def changes_between(
        self,
        info: Info,
        first: LedgerMomentInput,
        second: LedgerMomentInput | None = None,
        filter: LedgerDifferenceFilter | None = None,
    ) -> LedgerDifference:
        """The postings that explain why stock is another at one moment than at another.

        What they change sums to the difference of what is on hand.

        Args:
            first: The moment from which it is told.
            second: The moment to which it is told; now unless given.
            filter: Which buckets are looked at.
        """
        ends = [
            await _past(info, name, moment)
            for name, moment in (("first", first), ("second", second or LedgerMomentInput()))
        ]
        names = tuple(
            (name.removesuffix("_in"), ids) for name, ids in (conditions(filter) if filter else ())
        )
        between = books.Between(first=ends[0], second=ends[1], filters=names)
        return LedgerDifference(between=between)


async def _past(info: Info, name: str, moment: LedgerMomentInput) -> Past:
    past: Past = await info.context.past(moment.as_of, moment.known_at, None, within=f"{name}.")
    return past
