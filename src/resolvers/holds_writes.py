"""Placing and releasing holds."""

from datetime import datetime
from typing import Any

import strawberry

from domain.errors import Invalid
from domain.permissions import Permission
from resolvers import kinds
from resolvers.fields import given, input_, output
from resolvers.filters.holds import HoldType
from resolvers.holds import Hold
from resolvers.lists import linked
from resolvers.nodes import Shown
from resolvers.scalars import Position, Quantity
from resolvers.stock_payloads import StockPreview
from resolvers.writes import Act, acts
from services import holds as service

_NEEDS = Permission.INVENTORY_WRITE


@input_
class PlaceHoldInput:
    """Stock to be held: one inventory item, lot or bin, or units of a product at a location."""

    type: HoldType
    """Why it is held."""

    reason: str
    """What is to be said about it, in one line."""

    inventory_item_id: strawberry.ID | None = strawberry.UNSET
    """An inventory item; all of it, or `quantity` units."""

    lot_id: strawberry.ID | None = strawberry.UNSET
    """A lot, everywhere or at `locationId`; also what comes of it later."""

    bin_id: strawberry.ID | None = strawberry.UNSET
    """A bin with all that is in it, also later."""

    product_id: strawberry.ID | None = strawberry.UNSET
    """A product, of which `quantity` units at `locationId` are held."""

    location_id: strawberry.ID | None = strawberry.UNSET
    """The location, for a lot or a product."""

    quantity: Quantity | None = strawberry.UNSET
    """How many units; for an inventory item or a product."""

    expires_at: datetime | None = strawberry.UNSET
    """When it ends by itself; somebody has to release it otherwise."""

    reference: str | None = strawberry.UNSET
    """Your own name for it, such as the number of a report."""

    displace_reservations: bool | None = strawberry.UNSET
    """Whether reservations on what is held are put on other free inventory items of the product
    at the location, where they fit whole. They stay where they are otherwise, and are told."""


@input_
class ReleaseHoldsInput:
    """Holds to be released; all of them or none."""

    hold_id: strawberry.ID | None = strawberry.UNSET
    """A single hold. Give one of the two."""

    hold_ids: list[strawberry.ID] | None = strawberry.UNSET
    """Several holds, at most 100."""

    quantity: Quantity | None = strawberry.UNSET
    """How many units of a single hold; all that it holds when left out."""

    reason: str | None = strawberry.UNSET
    """What is to be said about it, in one line."""


@output
class AffectedReservation(Shown):
    """A reservation of which units are on hold now. Nothing of it was taken away."""

    reservation_id: strawberry.ID
    """The reservation's id."""

    kind: str
    """`HARD` for one that a document will move, `SOFT` for one that ends by the clock."""

    quantity: Quantity
    """How many units it promises."""

    reference: str | None
    """The caller's own name for it, such as an order's number."""

    expires_at: datetime | None
    """When it ends by itself."""

    product_id: strawberry.Private[str]
    location_id: strawberry.Private[str]
    channel_id: strawberry.Private[str | None]
    inventory_item_id: strawberry.Private[str | None]
    displaced_to_id: strawberry.Private[str | None]

    @linked(kinds.PRODUCT)
    def product(self) -> str:
        """The product that it promises."""
        return self.product_id

    @linked(kinds.LOCATION)
    def location(self) -> str:
        """The location from which it promises."""
        return self.location_id

    @linked(kinds.CHANNEL)
    def channel(self) -> str | None:
        """The channel that promised it; absent where none did."""
        return self.channel_id

    @linked(kinds.INVENTORY_ITEM)
    def item(self) -> str | None:
        """The inventory item on which it stood; absent for a soft one."""
        return self.inventory_item_id

    @linked(kinds.INVENTORY_ITEM)
    def displaced_to(self) -> str | None:
        """The inventory item on which it was put instead; absent where it stayed."""
        return self.displaced_to_id


@output
class PlaceHoldPayload:
    """A hold that was placed, and whom it touches."""

    hold: Hold
    """The hold."""

    affected_reservations: list[AffectedReservation]
    """Reservations of which units are on hold now, at most 500."""

    message: str
    """What was done, in a sentence."""

    preview: StockPreview | None
    """What it would do to promises; only of a dry run."""

    position: Position
    """The first position at which it holds."""

    @classmethod
    def of(cls, outcome: Any, position: Position, seen: Any) -> "PlaceHoldPayload":
        """This outcome as the graph shows it."""
        return cls(
            hold=Hold.of(outcome.hold),
            affected_reservations=[
                AffectedReservation.of(one) for one in outcome.affected_reservations
            ],
            message=outcome.message,
            preview=None if seen is None else StockPreview.of(seen),
            position=position,
        )


@output
class ReleaseHoldsPayload:
    """Holds after their release."""

    holds: list[Hold]
    """The holds, in the order in which they were named."""

    message: str
    """What was done, in a sentence."""

    preview: StockPreview | None
    """What it would do to promises; only of a dry run."""

    position: Position
    """The first position at which they hold no longer."""

    @classmethod
    def of(cls, outcome: Any, position: Position, seen: Any) -> "ReleaseHoldsPayload":
        """This outcome as the graph shows it."""
        return cls(
            holds=[Hold.of(hold) for hold in outcome.holds],
            message=outcome.message,
            preview=None if seen is None else StockPreview.of(seen),
            position=position,
        )


@output
class HoldMutations:
    """Writes of holds."""

    @acts(PlaceHoldInput, PlaceHoldPayload, needs=_NEEDS)
    def place_hold(self, input: PlaceHoldInput) -> Act:
        """Hold stock: it is promised to nobody from now on. Reservations on it stay, and are told.

        More units than are there, held ones left out, are refused with `INSUFFICIENT_STOCK`.
        """
        wish = given(input) | {"type": input.type.value}
        wish["displace_reservations"] = wish.get("displace_reservations") or False
        return (service.place, service.Wish(**wish))

    @acts(ReleaseHoldsInput, ReleaseHoldsPayload, needs=_NEEDS)
    def release_holds(self, input: ReleaseHoldsInput) -> Act:
        """Release holds, whole or in part: what they held can be promised from now on.

        `HOLD_ENDED` refuses one that holds nothing any longer, or less than is to be released.
        """
        wish = given(input)
        one, several = wish.pop("hold_id", None), wish.pop("hold_ids", None)
        if (one is None) == (several is None):
            raise Invalid("holdId", "Give exactly one of holdId and holdIds.")
        ids = [one] if several is None else several
        return (service.release, service.Release(hold_ids=ids, **wish))
