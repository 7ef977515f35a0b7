"""Writes of categories and products."""

from typing import Any

import strawberry

from domain.permissions import Permission
from resolvers import kinds
from resolvers.catalog import Category, Product
from resolvers.fields import given, input_, output
from resolvers.scalars import JSON, Money, Position, Quantity
from resolvers.writes import Act, creates, deletes, updates
from services.catalog import writing as service

_NEEDS = Permission.PRODUCTS_WRITE


@input_
class CreateCategoryInput:
    """A category to be made."""

    id: strawberry.ID | None = strawberry.UNSET
    """An id to keep, 1 to 64 of A-Z a-z 0-9 _ -; made when left out."""

    code: str
    """The company's own code for it; unique."""

    name: str
    """Its name."""

    parent_id: strawberry.ID | None = strawberry.UNSET
    """The category above it; absent for a root."""


@input_
class UpdateCategoryInput:
    """What is to be changed of a category; null clears what may be absent."""

    code: str | None = strawberry.UNSET
    """The company's own code for it; unique."""

    name: str | None = strawberry.UNSET
    """Its name."""

    parent_id: strawberry.ID | None = strawberry.UNSET
    """The category above it; absent for a root."""


@input_
class ProductPackInput:
    """A quantity in which a product is packed."""

    code: str
    """The pack's unit, such as `CASE`; unique within the product."""

    quantity: Quantity
    """Base units in one pack; above 0."""

    barcode: str | None = None
    """The barcode on the pack."""


@input_
class CreateProductInput:
    """A product to be made."""

    id: strawberry.ID | None = strawberry.UNSET
    """An id to keep, 1 to 64 of A-Z a-z 0-9 _ -; made when left out."""

    sku: str
    """The company's own code for it; unique."""

    name: str
    """Its name."""

    category_id: strawberry.ID | None = strawberry.UNSET
    """The category that it stands in."""

    unit_of_measure: str | None = strawberry.UNSET
    """The base unit in which its quantities are counted; `EA` unless told."""

    quantity_step: Quantity | None = strawberry.UNSET
    """The least quantity that can be moved; 1 unless told."""

    barcode: str | None = strawberry.UNSET
    """The barcode on one base unit; unique over all products and packs."""

    unit_cost: Money | None = strawberry.UNSET
    """What one base unit costs the company."""

    list_price: Money | None = strawberry.UNSET
    """What one base unit is offered for."""

    lot_tracked: bool | None = strawberry.UNSET
    """Whether stock of it must name a lot."""

    expiry_tracked: bool | None = strawberry.UNSET
    """Whether its lots must have an expiry date."""

    serial_tracked: bool | None = strawberry.UNSET
    """Whether each unit has a serial number."""

    allow_past_expiry: bool | None = strawberry.UNSET
    """Whether lots that have expired already may be received."""

    expiry_warning_days: int | None = strawberry.UNSET
    """How many days before its expiry a lot is shown as expiring."""

    regulated: bool | None = strawberry.UNSET
    """Whether special rules of its industry apply to it."""

    safety_stock: Quantity | None = strawberry.UNSET
    """What replenishment keeps as a reserve."""

    reorder_point: Quantity | None = strawberry.UNSET
    """Replenishment orders more from here on."""

    lead_time_days: int | None = strawberry.UNSET
    """How many days replenishment takes."""

    storage_class: str | None = strawberry.UNSET
    """In which bins it may lie, such as `CHILLED`: those of the same class."""

    unit_weight_kg: Quantity | None = strawberry.UNSET
    """What a base unit weighs, in kilograms."""

    unit_volume_litres: Quantity | None = strawberry.UNSET
    """What a base unit takes up, in litres."""

    active: bool | None = strawberry.UNSET
    """Whether it is traded."""

    attributes: JSON | None = strawberry.UNSET
    """An object of further names and values."""

    packs: list[ProductPackInput] | None = strawberry.UNSET
    """The quantities in which it is packed; they stand in place of all it had."""


@input_
class UpdateProductInput:
    """What is to be changed of a product; null clears what may be absent."""

    sku: str | None = strawberry.UNSET
    """The company's own code for it; unique."""

    name: str | None = strawberry.UNSET
    """Its name."""

    category_id: strawberry.ID | None = strawberry.UNSET
    """The category that it stands in."""

    unit_of_measure: str | None = strawberry.UNSET
    """The base unit in which its quantities are counted; `EA` unless told."""

    quantity_step: Quantity | None = strawberry.UNSET
    """The least quantity that can be moved; 1 unless told."""

    barcode: str | None = strawberry.UNSET
    """The barcode on one base unit; unique over all products and packs."""

    unit_cost: Money | None = strawberry.UNSET
    """What one base unit costs the company."""

    list_price: Money | None = strawberry.UNSET
    """What one base unit is offered for."""

    lot_tracked: bool | None = strawberry.UNSET
    """Whether stock of it must name a lot."""

    expiry_tracked: bool | None = strawberry.UNSET
    """Whether its lots must have an expiry date."""

    serial_tracked: bool | None = strawberry.UNSET
    """Whether each unit has a serial number."""

    allow_past_expiry: bool | None = strawberry.UNSET
    """Whether lots that have expired already may be received."""

    expiry_warning_days: int | None = strawberry.UNSET
    """How many days before its expiry a lot is shown as expiring."""

    regulated: bool | None = strawberry.UNSET
    """Whether special rules of its industry apply to it."""

    safety_stock: Quantity | None = strawberry.UNSET
    """What replenishment keeps as a reserve."""

    reorder_point: Quantity | None = strawberry.UNSET
    """Replenishment orders more from here on."""

    lead_time_days: int | None = strawberry.UNSET
    """How many days replenishment takes."""

    storage_class: str | None = strawberry.UNSET
    """In which bins it may lie, such as `CHILLED`: those of the same class."""

    unit_weight_kg: Quantity | None = strawberry.UNSET
    """What a base unit weighs, in kilograms."""

    unit_volume_litres: Quantity | None = strawberry.UNSET
    """What a base unit takes up, in litres."""

    active: bool | None = strawberry.UNSET
    """Whether it is traded."""

    attributes: JSON | None = strawberry.UNSET
    """An object of further names and values."""

    packs: list[ProductPackInput] | None = strawberry.UNSET
    """The quantities in which it is packed; they stand in place of all it had."""


@output
class CategoryPayload:
    """A category after a write, as it then stands."""

    category: Category
    """The category."""

    position: Position
    """The first position at which the write is seen."""


@output
class ProductPayload:
    """A product after a write, as it then stands."""

    product: Product
    """The product."""

    position: Position
    """The first position at which the write is seen."""


@output
class CatalogMutations:
    """Writes of categories and products."""

    @creates(kinds.CATEGORY, CreateCategoryInput, CategoryPayload, needs=_NEEDS)
    def create_category(self, input: CreateCategoryInput) -> Act:
        """Make a category."""
        return (service.create_category, given(input))

    @updates(kinds.CATEGORY, UpdateCategoryInput, CategoryPayload, needs=_NEEDS)
    def update_category(self, id: str, input: UpdateCategoryInput, version: int | None) -> Act:
        """Change a category; with another parent it moves with all that is below it."""
        return (service.update_category, id, given(input), version)

    @deletes(kinds.CATEGORY, service.delete_category, needs=_NEEDS)
    def delete_category(self) -> None:
        """Delete a category on which nothing stands; `IN_USE` says what is left otherwise."""

    @creates(kinds.PRODUCT, CreateProductInput, ProductPayload, needs=_NEEDS)
    def create_product(self, input: CreateProductInput) -> Act:
        """Make a product, which search finds from then on."""
        return (service.create_product, *_product(input))

    @updates(kinds.PRODUCT, UpdateProductInput, ProductPayload, needs=_NEEDS)
    def update_product(self, id: str, input: UpdateProductInput, version: int | None) -> Act:
        """Change a product; the former one is kept as history."""
        return (service.update_product, id, *_product(input), version)

    @deletes(kinds.PRODUCT, service.delete_product, needs=_NEEDS)
    def delete_product(self) -> None:
        """Delete a product that was never stocked; `IN_USE` says what is left otherwise."""


def _product(input: CreateProductInput | UpdateProductInput) -> tuple[dict[str, Any], Any]:
    """The columns that are given, and the packs; None where those stay."""
    values = given(input)
    packs = values.pop("packs", None)
    return values, None if packs is None else [vars(pack) for pack in packs]
