"""How products and categories are filtered and sorted."""

from enum import Enum

import strawberry

from resolvers.fields import choices, input_
from resolvers.filters.ranges import DateTimeRange, Direction


class ProductOrderField(Enum):
    """What products can be sorted by."""

    ID = "id"
    """Their id; in the order of their making, for ids that were made here."""

    SKU = "sku"
    """Their SKU, by bytes."""

    NAME = "name"
    """Their name, without regard to case."""

    UNIT_COST = "unit_cost"
    """What one base unit costs."""

    CREATED_AT = "created_at"
    """When they were made."""

    UPDATED_AT = "updated_at"
    """When they were last changed."""


choices(ProductOrderField)


@input_
class ProductOrder:
    """How products are sorted; the id decides between equals."""

    field: ProductOrderField
    """What they are sorted by."""

    direction: Direction = Direction.ASC
    """Which end comes first."""


@input_
class ProductFilter:
    """Which products are wanted; all conditions together."""

    search: str | None = None
    """Words that all must stand in the SKU, the name or a barcode, in any case and order."""

    id_in: list[strawberry.ID] | None = None
    """One of these ids."""

    sku_in: list[str] | None = None
    """One of these SKUs."""

    barcode_in: list[str] | None = None
    """One of these barcodes, on the unit or on a pack."""

    category_id_in: list[strawberry.ID] | None = None
    """In one of these categories or in one below it."""

    location_id_in: list[strawberry.ID] | None = None
    """Ever stocked at one of these locations."""

    unit_of_measure_in: list[str] | None = None
    """Counted in one of these units."""

    active: bool | None = None
    """Still traded, or not."""

    lot_tracked: bool | None = None
    """With lots, or without."""

    expiry_tracked: bool | None = None
    """With expiry dates, or without."""

    regulated: bool | None = None
    """Under special rules, or not."""

    created_at: DateTimeRange | None = None
    """Made between these moments."""

    updated_at: DateTimeRange | None = None
    """Last changed between these moments."""


class CategoryOrderField(Enum):
    """What categories can be sorted by."""

    ID = "id"
    """Their id."""

    CODE = "code"
    """Their code, by bytes."""

    NAME = "name"
    """Their name, without regard to case."""

    CREATED_AT = "created_at"
    """When they were made."""


choices(CategoryOrderField)


@input_
class CategoryOrder:
    """How categories are sorted; the id decides between equals."""

    field: CategoryOrderField
    """What they are sorted by."""

    direction: Direction = Direction.ASC
    """Which end comes first."""


@input_
class CategoryFilter:
    """Which categories are wanted; all conditions together."""

    search: str | None = None
    """Words that all must stand in the code or the name, in any case and order."""

    id_in: list[strawberry.ID] | None = None
    """One of these ids."""

    code_in: list[str] | None = None
    """One of these codes."""

    parent_id_in: list[strawberry.ID] | None = None
    """Right below one of these categories."""

    is_root: bool | None = None
    """At the top of the tree, or below it."""
