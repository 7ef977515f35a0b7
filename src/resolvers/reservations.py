"""Reservations: what a channel has promised to an order."""

from datetime import date, datetime
from typing import Any

import strawberry

from domain.permissions import Permission
from resolvers import kinds
from resolvers.authors import Author
from resolvers.fields import guarded, output, plain
from resolvers.filters.reservations import ReservationKind, ReservationState
from resolvers.kinds import ReservationRef
from resolvers.lists import Info, linked, listed, load
from resolvers.nodes import Node
from resolvers.scalars import Quantity


@output
class ReservedItem:
    """Units of a firm reservation that stand on one inventory item."""

    quantity: Quantity
    """How many."""

    inventory_item_id: strawberry.Private[str]

    @linked(kinds.INVENTORY_ITEM)
    def item(self) -> str:
        """The inventory item."""
        return self.inventory_item_id


@output
class ReservationLine:
    """Units of a product that are promised from a location.

    Each reserved unit is resolved once: consumed, released or expired; the rest remains.
    """

    number: int
    """Its place in the reservation, from 1."""

    asked: Quantity
    """What was asked for."""

    reserved: Quantity
    """What was promised of it, also what was promised again when it was consumed late."""

    consumed: Quantity
    """What was handed out."""

    released: Quantity
    """What was given back."""

    expired: Quantity
    """What the clock has ended."""

    remaining: Quantity
    """What is open."""

    needed_on: date | None
    """The day for which it was promised; absent for at once."""

    atp_before: Quantity
    """What the channel could promise, for that day, when it was accepted."""

    items: list[ReservedItem]
    """On which inventory items it stands; none while it is soft."""

    product_id: strawberry.Private[str]
    location_id: strawberry.Private[str]

    @classmethod
    def of(cls, line: Any) -> "ReservationLine":
        """This line, as the list of reservations has it, as the graph shows it."""
        items = [ReservedItem(**item) for item in line["items"]]
        needed = line["needed_on"]
        day = None if needed is None else date.fromisoformat(needed)
        return cls(**{**line, "items": items, "needed_on": day})

    @linked(kinds.PRODUCT)
    def product(self) -> str:
        """The product."""
        return self.product_id

    @linked(kinds.LOCATION)
    def location(self) -> str:
        """The location."""
        return self.location_id


@output
class Reservation(Node):
    """Units that a channel has promised to an order, for a time or until they are handed out."""

    state: ReservationState
    """Whether it promises something, at this moment."""

    kind: ReservationKind
    """Whether the clock ends it."""

    reference: str | None
    """The caller's own name for it, such as an order's number."""

    expires_at: datetime | None
    """When it ends by itself; absent for a firm one."""

    version: int
    """Raised with each change."""

    created_at: datetime
    """When it was made."""

    updated_at: datetime
    """When it last changed."""

    channel_id: strawberry.Private[str]
    created_by_id: strawberry.Private[str]
    created_by_name: strawberry.Private[str]
    lines_: strawberry.Private[list[Any]]

    @plain
    def lines(self) -> list[ReservationLine]:
        """Its lines, in order."""
        return [ReservationLine.of(line) for line in self.lines_]

    @plain
    def created_by(self) -> Author:
        """Who made it."""
        return Author(id=strawberry.ID(self.created_by_id), name=self.created_by_name)

    @linked(kinds.CHANNEL)
    def channel(self) -> str:
        """The channel that promised it."""
        return self.channel_id


@output
class ReservationQueries:
    """Reads of reservations."""

    @guarded(needs=Permission.INVENTORY_READ)
    async def reservation(self, info: Info, id: strawberry.ID) -> ReservationRef | None:
        """The reservation with this id; null when there is none.

        Args:
            id: Its id.
        """
        found: Reservation | None = await load(info, kinds.RESERVATION, id)
        return found

    @listed(kinds.RESERVATION)
    def reservations(self) -> None:
        """Reservations, a part of the list at a time."""
