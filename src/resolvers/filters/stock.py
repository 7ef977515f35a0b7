"""How inventory items are filtered and sorted."""

from enum import Enum

import strawberry

from resolvers.fields import choices, input_
from resolvers.filters.ranges import DateRange, DateTimeRange, Direction, QuantityRange


class InventoryItemOrderField(Enum):
    """What inventory items can be sorted by."""

    ID = "id"
    """Their id; in the order in which they first held stock, for ids that were made here."""

    SKU = "sku"
    """Their product's SKU, by bytes."""

    PRODUCT_NAME = "product_name"
    """Their product's name, without regard to case."""

    LOCATION_CODE = "location_code"
    """Their location's code, by bytes."""

    BIN_CODE = "bin_code"
    """Their bin's code, by bytes; those in no bin count as the last."""

    LOT_NUMBER = "lot_number"
    """Their lot's number, by bytes; those of no lot count as the last."""

    EXPIRY_DATE = "expiry_date"
    """Their lot's expiry date; those that do not expire count as the latest."""

    ON_HAND = "on_hand"
    """Units on hand."""

    AVAILABLE = "available"
    """Units available."""

    LAST_COUNTED_AT = "last_counted_at"
    """When they were last counted; those that never were count as the latest."""

    CREATED_AT = "created_at"
    """When they first held stock."""

    UPDATED_AT = "updated_at"
    """When they last changed."""


choices(InventoryItemOrderField)


@input_
class InventoryItemOrder:
    """How inventory items are sorted; the id decides between equals."""

    field: InventoryItemOrderField
    """What they are sorted by."""

    direction: Direction = Direction.ASC
    """Which end comes first."""


@input_
class InventoryItemFilter:
    """Which inventory items are wanted; all conditions together."""

    search: str | None = None
    """Words that all must stand in the product's SKU, name or barcode, in any case and order."""

    id_in: list[strawberry.ID] | None = None
    """One of these ids."""

    product_id_in: list[strawberry.ID] | None = None
    """Of one of these products."""

    location_id_in: list[strawberry.ID] | None = None
    """At one of these locations."""

    bin_id_in: list[strawberry.ID] | None = None
    """In one of these bins."""

    lot_id_in: list[strawberry.ID] | None = None
    """Of one of these lots."""

    bin_type_in: list[str] | None = None
    """In a bin of one of these types."""

    include_zero: bool | None = None
    """False leaves out those without units on hand; true is the same as nothing."""

    has_stock: bool | None = None
    """With units on hand, or without."""

    is_held: bool | None = None
    """With units that are held, or without."""

    is_expired: bool | None = None
    """With units of a lot that has expired, or without."""

    expiry_date: DateRange | None = None
    """Of a lot that expires between these days."""

    on_hand: QuantityRange | None = None
    """With so many units on hand."""

    available: QuantityRange | None = None
    """With so many units available."""

    updated_at: DateTimeRange | None = None
    """Last changed between these moments."""
