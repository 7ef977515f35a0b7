"""The ledger: postings, which are documents that changed stock, and their entries."""

from datetime import datetime
from enum import Enum

import strawberry

from domain.permissions import Permission
from resolvers import kinds
from resolvers.authors import Author
from resolvers.fefo import FefoBreach
from resolvers.fields import choices, guarded, output, plain
from resolvers.kinds import PostingRef
from resolvers.lists import Info, linked, listed, load
from resolvers.nodes import Node, Shown
from resolvers.scalars import JSON, Money, Quantity
from services import books
from services import ledger as service


class PostingKind(Enum):
    """What kind of act changed stock; it names the account that units came from or went to."""

    RECEIPT = "RECEIPT"
    """Units came in from outside."""

    ISSUE = "ISSUE"
    """Units went out: sold, or handed to who asked for them."""

    RETURN = "RETURN"
    """Units came back."""

    ADJUSTMENT = "ADJUSTMENT"
    """The book was corrected for a reason."""

    COUNT = "COUNT"
    """Units were counted, and the book made what was found."""

    CONSUMPTION = "CONSUMPTION"
    """Units were used up here."""

    EXPIRY = "EXPIRY"
    """Units were taken out because they had expired."""

    DESTRUCTION = "DESTRUCTION"
    """Units were destroyed."""

    TRANSFER = "TRANSFER"
    """Units went from one location to another; the entries sum to zero."""

    MOVE = "MOVE"
    """Units went from one bin to another; the entries sum to zero."""

    LOT_CORRECTION = "LOT_CORRECTION"
    """Units were booked under another lot; the entries sum to zero."""

    IMPORT = "IMPORT"
    """History was taken over from elsewhere; its entries have kinds of their own."""


choices(PostingKind)


@output
class LedgerEntry(Shown):
    """One change of one bucket. Entries are never changed or deleted: corrections are new ones."""

    id: strawberry.ID
    """Names the entry: its posting's id and its place in it."""

    sequence: int
    """1, 2, 3 … within its bucket, in the order of recording, without gaps."""

    kind: PostingKind
    """What kind of act it was."""

    delta: Quantity
    """Units that came in; below zero for units that went out."""

    quantity_before: Quantity
    """What the bucket held before, in the order of recording."""

    quantity_after: Quantity
    """What the bucket held after, in the order of recording."""

    unit_cost: Money | None
    """What one base unit cost."""

    unit_price: Money | None
    """What one base unit was sold for."""

    reference: str | None
    """The caller's own name for it, such as an order's number."""

    occurred_at: datetime
    """When it happened."""

    recorded_at: datetime
    """When it was recorded."""

    is_backdated: bool
    """Whether it happened before what its bucket's ledger already had when it was recorded."""

    posting_id: strawberry.Private[str]
    inventory_item_id: strawberry.Private[str]
    product_id: strawberry.Private[str]
    location_id: strawberry.Private[str]
    bin_id: strawberry.Private[str | None]
    lot_id: strawberry.Private[str | None]
    channel_id: strawberry.Private[str | None]
    reason_code_id: strawberry.Private[str | None]

    @linked(kinds.POSTING)
    def posting(self) -> str:
        """The document that it is part of."""
        return self.posting_id

    @linked(kinds.INVENTORY_ITEM)
    def item(self) -> str:
        """The bucket that it changed."""
        return self.inventory_item_id

    @linked(kinds.PRODUCT)
    def product(self) -> str:
        """The product of which units moved."""
        return self.product_id

    @linked(kinds.LOCATION)
    def location(self) -> str:
        """The location at which they moved."""
        return self.location_id

    @linked(kinds.BIN)
    def bin(self) -> str | None:
        """The bin in which they moved; absent for stock that is in none."""
        return self.bin_id

    @linked(kinds.LOT)
    def lot(self) -> str | None:
        """The lot that they are of; absent for stock without one."""
        return self.lot_id

    @linked(kinds.REASON_CODE)
    def reason_code(self) -> str | None:
        """Why it was done, as a reason code; absent where none was given."""
        return self.reason_code_id

    @linked(kinds.CHANNEL)
    def channel(self) -> str | None:
        """The channel through which they were sold; absent for what was not."""
        return self.channel_id


@output
class ReversalBlocker:
    """One reason why a posting cannot be taken back."""

    blocker: strawberry.Private[books.Blocker]

    code: str
    """`ALREADY_REVERSED`, `IS_REVERSAL`, `PART_OF_DOCUMENT`, `TOO_MANY_ENTRIES`, `NO_CHANGE`,
    `COUNTED_SINCE`, `INSUFFICIENT_STOCK`, `RESERVED` or `STOCK_HELD`."""

    message: str
    """The same in a sentence."""

    details: JSON
    """What programs may want to know about it."""

    @classmethod
    def of(cls, blocker: books.Blocker) -> "ReversalBlocker":
        """This blocker as the graph shows it."""
        return cls(
            blocker=blocker,
            code=blocker.code,
            message=blocker.message,
            details=JSON(blocker.details),
        )

    @linked(kinds.INVENTORY_ITEM)
    def item(self) -> str | None:
        """The bucket that it is about; absent where it is about none."""
        return self.blocker.inventory_item_id


@output
class Posting(Node):
    """One act of business that changed stock: a document with its entries and its cause."""

    kind: PostingKind
    """What kind of act it was."""

    root_cause: str | None
    """What lay behind it, where that had to be told."""

    reference: str | None
    """The caller's own name for it, such as an order's number."""

    comment: str | None
    """What was said about it."""

    document_type: str | None
    """The kind of document that caused it; absent where none did."""

    document_id: strawberry.ID | None
    """The id of the document that caused it; absent where none did."""

    occurred_at: datetime
    """When the earliest of it happened."""

    recorded_at: datetime
    """When it was recorded."""

    entry_count: int
    """How many entries it has."""

    actor_id: strawberry.Private[str]
    actor_name: strawberry.Private[str]
    reason_code_id: strawberry.Private[str | None]
    reverses_id: strawberry.Private[str | None]
    reversed_by_id: strawberry.Private[str | None]

    @plain
    def actor(self) -> Author:
        """Who did it."""
        return Author(id=strawberry.ID(self.actor_id), name=self.actor_name)

    @linked(kinds.REASON_CODE)
    def reason_code(self) -> str | None:
        """Why it was done, as a reason code; absent where none was given."""
        return self.reason_code_id

    @listed(kinds.LEDGER_ENTRY, "posting_id")
    def entries(self) -> str:
        """Its entries."""
        return self.id

    @plain
    async def fefo_breaches(self, info: Info) -> list[FefoBreach]:
        """Buckets that it passed over although they expire earlier."""
        found = await info.context.loaders.load(service.breaches, self.id)
        return [FefoBreach.of(one) for one in found or ()]

    @linked(kinds.POSTING)
    def reverses(self) -> str | None:
        """The posting that it takes back; absent for one that takes nothing back."""
        return self.reverses_id

    @linked(kinds.POSTING)
    def reversed_by(self) -> str | None:
        """The posting that takes it back; absent while none does."""
        return self.reversed_by_id

    @plain
    async def can_reverse(self, info: Info) -> bool:
        """Whether it could be taken back now."""
        return not await self._blockers(info)

    @plain
    async def blockers(self, info: Info) -> list[ReversalBlocker]:
        """Why it cannot be taken back now; empty where it can."""
        return [ReversalBlocker.of(one) for one in await self._blockers(info)]

    async def _blockers(self, info: Info) -> list[books.Blocker]:
        found: list[books.Blocker] = await info.context.loaders.load(books.blockers, self.id)
        return found


@output
class LedgerQueries:
    """Reads of the ledger."""

    @guarded(needs=Permission.INVENTORY_READ)
    async def posting(self, info: Info, id: strawberry.ID) -> PostingRef | None:
        """The posting with this id; null when there is none.

        Args:
            id: Its id.
        """
        found: Posting | None = await load(info, kinds.POSTING, id)
        return found

    @listed(kinds.POSTING)
    def postings(self) -> None:
        """Postings, a part of the list at a time."""

    @listed(kinds.LEDGER_ENTRY)
    def ledger_entries(self) -> None:
        """Entries of the ledger, a part of the list at a time."""
