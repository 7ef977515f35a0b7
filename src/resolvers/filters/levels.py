"""How stock levels and inventory levels are filtered and sorted."""

from enum import Enum

import strawberry

from resolvers.fields import choices, input_
from resolvers.filters.ranges import Direction, QuantityRange


class StockLevelOrderField(Enum):
    """What stock levels can be sorted by."""

    ID = "id"
    """Their location's and then their product's id."""

    SKU = "sku"
    """Their product's SKU, by bytes."""

    PRODUCT_NAME = "product_name"
    """Their product's name, without regard to case."""

    LOCATION_CODE = "location_code"
    """Their location's code, by bytes."""

    ON_HAND = "on_hand"
    """Units on hand."""

    AVAILABLE = "available"
    """Units available."""


choices(StockLevelOrderField)


@input_
class StockLevelOrder:
    """How stock levels are sorted; the ids of location and product decide between equals."""

    field: StockLevelOrderField
    """What they are sorted by."""

    direction: Direction = Direction.ASC
    """Which end comes first."""


@input_
class StockLevelFilter:
    """Which stock levels are wanted; all conditions together."""

    search: str | None = None
    """Words that all must stand in the product's SKU, name or barcode, in any case and order."""

    product_id_in: list[strawberry.ID] | None = None
    """Of one of these products."""

    location_id_in: list[strawberry.ID] | None = None
    """At one of these locations."""

    has_stock: bool | None = None
    """With units on hand, or without."""

    on_hand: QuantityRange | None = None
    """With so many units on hand."""

    available: QuantityRange | None = None
    """With so many units available."""


class InventoryLevelOrderField(Enum):
    """What inventory levels can be sorted by."""

    ID = "id"
    """Their id."""

    CREATED_AT = "created_at"
    """When they were made."""

    UPDATED_AT = "updated_at"
    """When they were last changed."""


choices(InventoryLevelOrderField)


@input_
class InventoryLevelOrder:
    """How inventory levels are sorted; the id decides between equals."""

    field: InventoryLevelOrderField
    """What they are sorted by."""

    direction: Direction = Direction.ASC
    """Which end comes first."""


@input_
class InventoryLevelFilter:
    """Which inventory levels are wanted; all conditions together."""

    id_in: list[strawberry.ID] | None = None
    """One of these ids."""

    product_id_in: list[strawberry.ID] | None = None
    """Of one of these products."""

    location_id_in: list[strawberry.ID] | None = None
    """At one of these locations."""

    abc_class_in: list[str] | None = None
    """Of one of these classes."""

    status_in: list[str] | None = None
    """With one of these statuses."""
