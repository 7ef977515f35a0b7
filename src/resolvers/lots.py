"""Lots: what was made together and expires together."""

from datetime import date, datetime
from typing import Any

import strawberry

from domain.permissions import Permission
from resolvers import kinds
from resolvers.fields import guarded, output, plain
from resolvers.filters.lots import LotState
from resolvers.kinds import InventoryItemRef, LedgerEntryRef, LotRef
from resolvers.lists import Info, linked, listed, load
from resolvers.nodes import Node
from resolvers.past import looks_back
from resolvers.scalars import Quantity
from services.holds import recalling


@output
class LotTrace:
    """Where the units of a lot are, and where they went."""

    received: Quantity
    """Units that came in from outside, over all of its ledger."""

    issued: Quantity
    """Units that went out, over all of its ledger."""

    returned: Quantity
    """Units that came back, over all of its ledger."""

    on_hand: Quantity
    """Units that are on hand, at all locations."""

    places: list[InventoryItemRef]
    """Items with units of it on hand, those with the most first; at most 1,000."""

    issues: list[LedgerEntryRef]
    """Entries by which units of it went out, the newest first; at most 1,000. Channel and
    reference say to whom."""

    @classmethod
    def of(cls, trace: Any) -> "LotTrace":
        """This trace as the graph shows it."""
        return cls(
            received=trace.received,
            issued=trace.issued,
            returned=trace.returned,
            on_hand=trace.on_hand,
            places=[kinds.INVENTORY_ITEM.type.of(row) for row in trace.places],
            issues=[kinds.LEDGER_ENTRY.type.of(row) for row in trace.issues],
        )


@output
class Lot(Node):
    """Units of one product that were made together and expire together."""

    number: str
    """The maker's number for it; unique within its product."""

    expiry_date: date | None
    """The last day on which it is usable; absent when it does not expire."""

    days_left: int | None
    """Days until its expiry date, 0 on that day, below zero after it; absent without a date."""

    note: str | None
    """What somebody noted about it."""

    version: int
    """Raised with each change; an update may name the one that it expects."""

    created_at: datetime
    """When it was made."""

    updated_at: datetime
    """When it was last changed."""

    state: LotState
    """What can be done with it."""

    marked_expired_at: datetime | None
    """When it was marked as expired, whatever its date; absent while it is not."""

    product_id: strawberry.Private[str]

    @linked(kinds.PRODUCT)
    def product(self) -> str:
        """The product that it is a lot of."""
        return self.product_id

    @listed(kinds.INVENTORY_ITEM, "lot_id")
    def items(self) -> str:
        """The buckets that hold or held stock of it."""
        return self.id

    @plain
    async def trace(self, info: Info) -> LotTrace:
        """Where units of it are, and where they went."""
        return LotTrace.of(await info.context.loaders.load(recalling.traces, self.id))

    @listed(kinds.HOLD, "lot_id")
    def holds(self) -> str:
        """Holds on it, and on items of it."""
        return self.id

    @listed(kinds.LEDGER_ENTRY, "lot_id", needs=Permission.INVENTORY_READ, order="occurred_at")
    def ledger(self) -> str:
        """Every change of its stock."""
        return self.id


@output
class LotQueries:
    """Reads of lots."""

    @guarded(needs=Permission.INVENTORY_READ)
    @looks_back
    async def lot(self, info: Info, id: strawberry.ID) -> LotRef | None:
        """The lot with this id; null when there is none.

        Args:
            id: Its id.
        """
        lot: Lot | None = await load(info, kinds.LOT, id)
        return lot

    @listed(kinds.LOT)
    def lots(self) -> None:
        """Lots of all products, a part of the list at a time."""
