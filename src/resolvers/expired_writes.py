"""Marking expired stock, using it up and destroying it."""

from typing import Any

import strawberry

from domain.permissions import Permission
from resolvers import kinds
from resolvers.fields import given, input_, output
from resolvers.ledger import LedgerEntry, Posting
from resolvers.lists import linked
from resolvers.scalars import Position, Quantity
from resolvers.stock import InventoryItem
from resolvers.stock_payloads import StockChangePayload, StockPreview
from resolvers.writes import Act, acts
from services import expired as service

_NEEDS = Permission.INVENTORY_WRITE


@input_
class ItemPortionInput:
    """Units of an inventory item."""

    inventory_item_id: strawberry.ID
    """The inventory item."""

    quantity: Quantity | None = strawberry.UNSET
    """How many units; all that are on hand when left out."""


@input_
class ItemInput:
    """An inventory item."""

    inventory_item_id: strawberry.ID
    """The inventory item."""


@input_
class MarkConsumedInput:
    """Stock that was used up."""

    items: list[ItemPortionInput]
    """The inventory items, at most 500, each once."""

    reference: str | None = strawberry.UNSET
    """Your own name for it, such as a work order's number."""

    comment: str | None = strawberry.UNSET
    """What is to be said about it."""


@input_
class MarkExpiredInput:
    """Stock to be marked as expired: items, lots, or both."""

    items: list[ItemInput] | None = strawberry.UNSET
    """Inventory items; one with a lot marks its lot, one without carries the mark itself."""

    lot_ids: list[strawberry.ID] | None = strawberry.UNSET
    """Lots, everywhere."""

    comment: str | None = strawberry.UNSET
    """What is to be said about it."""

    undo: bool | None = strawberry.UNSET
    """Whether the mark is taken back instead; an expiry date that has passed still counts."""


@input_
class DestroyStockInput:
    """Stock to be destroyed."""

    items: list[ItemPortionInput]
    """The inventory items, at most 500, each once."""

    destination_location_id: strawberry.ID | None = strawberry.UNSET
    """The location at which it will be destroyed; without one it is written off at once."""

    method: str | None = strawberry.UNSET
    """How it is destroyed, in one line."""

    witness: str | None = strawberry.UNSET
    """Who sees it, in one line."""

    reference: str | None = strawberry.UNSET
    """Your own name for it, such as a certificate's number."""

    comment: str | None = strawberry.UNSET
    """What is to be said about it."""


@output
class DestructionTransfer:
    """The posting that moved stock to the location at which it will be destroyed."""

    posting_id: strawberry.ID
    """The posting's id."""

    quantity: Quantity
    """Units that were moved."""

    line_count: int
    """How many inventory items they came from."""

    destination_location_id: strawberry.Private[str]

    @linked(kinds.LOCATION)
    def destination(self) -> str:
        """The location at which it will be destroyed."""
        return self.destination_location_id


@output
class MarkExpiredPayload:
    """What a mark reaches."""

    items: list[InventoryItem]
    """The inventory items that were named, and those of marked lots with units on hand; at most
    500."""

    message: str
    """What was done, in a sentence."""

    preview: StockPreview | None
    """What it would do to promises; only of a dry run."""

    position: Position
    """The first position at which it counts."""

    @classmethod
    def of(cls, outcome: Any, position: Position, seen: Any) -> "MarkExpiredPayload":
        """This outcome as the graph shows it."""
        return cls(
            items=[InventoryItem.of(item) for item in outcome.items],
            message=outcome.message,
            preview=None if seen is None else StockPreview.of(seen),
            position=position,
        )


@output
class DestroyStockPayload:
    """What a destruction has changed."""

    posting: Posting
    """The document that was posted."""

    transfer: DestructionTransfer | None
    """Where the stock was moved; absent where it was written off."""

    entries: list[LedgerEntry]
    """Its entries, in the order of its lines."""

    items: list[InventoryItem]
    """The buckets that it touched."""

    message: str
    """What was done, in a sentence."""

    preview: StockPreview | None
    """What it would do to promises; only of a dry run."""

    position: Position
    """The first position at which the act is seen."""

    @classmethod
    def of(cls, outcome: Any, position: Position, seen: Any) -> "DestroyStockPayload":
        """This outcome as the graph shows it."""
        moved = outcome.transfer
        return cls(
            posting=Posting.of(outcome.posting),
            transfer=None
            if moved is None
            else DestructionTransfer(
                posting_id=strawberry.ID(moved.id),
                quantity=moved.quantity,
                line_count=moved.line_count,
                destination_location_id=moved.destination_location_id,
            ),
            entries=[LedgerEntry.of(entry) for entry in outcome.entries],
            items=[InventoryItem.of(item) for item in outcome.items],
            message=outcome.message,
            preview=None if seen is None else StockPreview.of(seen),
            position=position,
        )


@output
class ExpiredMutations:
    """Writes of expired stock."""

    @acts(MarkConsumedInput, StockChangePayload, needs=_NEEDS)
    def mark_consumed(self, input: MarkConsumedInput) -> Act:
        """Post that stock was used up, expired or not. Held units are refused: `STOCK_HELD`."""
        return (service.consume, service.Consumption(**_portioned(input)))

    @acts(MarkExpiredInput, MarkExpiredPayload, needs=_NEEDS)
    def mark_expired(self, input: MarkExpiredInput) -> Act:
        """Mark stock as expired: it is promised to nobody from now on, whatever its date."""
        wish = given(input)
        items, lots = wish.pop("items", None), wish.pop("lot_ids", None)
        wish["undo"] = wish.get("undo") or False
        ids = tuple(item.inventory_item_id for item in items or ())
        return (service.mark, service.Mark(item_ids=ids, lot_ids=tuple(lots or ()), **wish))

    @acts(DestroyStockInput, DestroyStockPayload, needs=_NEEDS)
    def destroy_stock(self, input: DestroyStockInput) -> Act:
        """Write stock off as destroyed, or move it to the location at which it will be.

        Held units may be destroyed. What was moved is promised to nobody there.
        """
        return (service.destroy, service.Destruction(**_portioned(input)))


def _portioned(input: Any) -> dict[str, Any]:
    wish = given(input)
    portions = tuple(service.Portion(**given(item)) for item in wish.pop("items"))
    return wish | {"portions": portions}
