"""Transfers between locations, and between bins of one."""

from dataclasses import field
from datetime import date, datetime
from typing import Any, ClassVar

import strawberry

from domain.documents import Machine
from domain.machines.transfers import TRANSFERS, TransferAction, TransferStatus
from domain.permissions import Permission
from resolvers import kinds
from resolvers.documents import Document, allowed
from resolvers.fields import guarded, output, plain
from resolvers.kinds import TransferRef
from resolvers.lists import Info, linked, listed, named
from resolvers.nodes import Shown
from resolvers.scalars import Quantity
from services.transfers import reading as service


@output
class TransferAllocation(Shown):
    """A bucket from which a line is met. What of it is not shipped is reserved there."""

    quantity: Quantity
    """Units of the bucket for the line, shipped ones included."""

    picked: Quantity
    """Units that were taken out of the bin, shipped ones included."""

    shipped: Quantity
    """Units that have left."""

    lot_number: str | None
    """The number of the bucket's lot; absent for stock without one."""

    expiry_date: date | None
    """When that lot expires."""

    bin_code: str | None
    """The code of its bin; absent for stock that is in none."""

    override_reason: str | None
    """Why it was taken although another expires earlier; absent where none was passed over."""

    inventory_item_id: strawberry.Private[str]
    passed_over_id: strawberry.Private[str | None]

    @linked(kinds.INVENTORY_ITEM)
    def item(self) -> str:
        """The bucket."""
        return self.inventory_item_id

    @linked(kinds.INVENTORY_ITEM)
    def passed_over(self) -> str | None:
        """The bucket that expires earlier and had units left; absent where there was none."""
        return self.passed_over_id


@output
class TransferLine(Shown):
    """A product that a transfer moves, and what of it has happened, in base units.

    What was shipped has been received, arrived damaged, is missing, came back or is in transit.
    """

    line_id: strawberry.ID
    """Names the line."""

    ordinal: int
    """1, 2, 3 … within its transfer."""

    product_name: str
    """The product's name."""

    sku: str
    """The product's SKU."""

    quantity: Quantity
    """How many units are to be moved."""

    picked: Quantity
    """Units that were taken out of their bins for it, shipped ones included."""

    shipped: Quantity
    """Units that have left the source."""

    received: Quantity
    """Units that have arrived in good condition."""

    damaged: Quantity
    """Units that have arrived damaged; they are on hold at the destination."""

    short: Quantity
    """Units that were shipped and given up: missing, or written off."""

    returned: Quantity
    """Units that were shipped and have come back."""

    in_transit: Quantity
    """Units that have left the source and have neither arrived nor come back nor been given up."""

    transfer_id: strawberry.Private[str]
    product_id: strawberry.Private[str]
    lot_id: strawberry.Private[str | None]
    source_bin_id: strawberry.Private[str | None]
    inventory_item_id: strawberry.Private[str | None]
    dest_bin_id: strawberry.Private[str | None]
    kept_allocations: strawberry.Private[Any] = field(default=None, init=False)

    @linked(kinds.PRODUCT)
    def product(self) -> str:
        """The product."""
        return self.product_id

    @linked(kinds.LOT)
    def lot(self) -> str | None:
        """The lot that was asked for; absent where any will do."""
        return self.lot_id

    @linked(kinds.BIN)
    def source_bin(self) -> str | None:
        """The bin from which it is to come; absent where any will do."""
        return self.source_bin_id

    @linked(kinds.INVENTORY_ITEM)
    def source_item(self) -> str | None:
        """The inventory item from which it is to come; absent where any will do."""
        return self.inventory_item_id

    @linked(kinds.BIN)
    def dest_bin(self) -> str | None:
        """The bin into which it is to go; absent where none was named."""
        return self.dest_bin_id

    @plain
    async def allocations(self, info: Info) -> list[TransferAllocation]:
        """From which buckets it is met, what expires first first; none before the approval."""
        rows = self.kept_allocations
        if rows is None:
            loaders = info.context.loaders
            rows = await loaders.load(service.allocations_of, self.transfer_id) or []
        own = (row for row in rows if row.line_id == self.line_id)
        return [TransferAllocation.of(row) for row in own]


@output
class Transfer(Document):
    """Stock that is to move from one location to another, or between bins of one."""

    machine: ClassVar[Machine] = TRANSFERS

    status: TransferStatus
    """Where it stands."""

    expected_on: date | None
    """When it is to arrive."""

    reference: str | None
    """The caller's own name for it."""

    comment: str | None
    """What was said when it was made."""

    line_count: int
    """How many lines it has."""

    total_quantity: Quantity
    """How many base units are to be moved, over all lines."""

    source_location_name: str
    """The name of the location that it comes from."""

    dest_location_name: str
    """The name of the location that it goes to."""

    submitted_at: datetime | None
    """When it was handed in for approval."""

    approved_at: datetime | None
    """When it was approved."""

    shipped_at: datetime | None
    """When units first left the source."""

    received_at: datetime | None
    """When units last arrived."""

    closed_at: datetime | None
    """When it was ended."""

    source_location_id: strawberry.Private[str]
    dest_location_id: strawberry.Private[str]
    kept: strawberry.Private[Any] = field(default=None, init=False)  # a write's outcome

    @classmethod
    def of_outcome(cls, outcome: Any) -> "Transfer":
        """The transfer of an act, with all that the act has read of it."""
        transfer = cls.of(outcome.transfer)
        transfer.kept_events, transfer.kept = outcome.events, outcome
        return transfer

    @linked(kinds.LOCATION)
    def source_location(self) -> str:
        """The location that it comes from."""
        return self.source_location_id

    @linked(kinds.LOCATION)
    def dest_location(self) -> str:
        """The location that it goes to."""
        return self.dest_location_id

    @plain
    async def lines(self, info: Info) -> list[TransferLine]:
        """Its lines, in order; at most 500."""
        if self.kept is None:
            rows = await info.context.loaders.load(service.lines_of, self.id) or []
            return [TransferLine.of(row) for row in rows]
        lines = [TransferLine.of(row) for row in self.kept.lines]
        for line in lines:
            line.kept_allocations = self.kept.allocations
        return lines

    @plain
    def allowed_actions(self, info: Info) -> list[TransferAction]:
        """What its state and your key allow."""
        return allowed(self, info)


@output
class TransferQueries:
    """Reads of transfers."""

    @guarded(needs=Permission.TRANSFERS_READ)
    async def transfer(
        self, info: Info, id: strawberry.ID | None = None, number: str | None = None
    ) -> TransferRef | None:
        """The transfer with this id or number; null when there is none.

        Args:
            id: Its id. Give one of the two.
            number: Its number.
        """
        transfer: Transfer | None = await named(info, kinds.TRANSFER, id, number=number)
        return transfer

    @listed(kinds.TRANSFER)
    def transfers(self) -> None:
        """Transfers, a part of the list at a time."""
