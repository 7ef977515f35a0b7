"""Writes of categories and products."""

from typing import Any

import strawberry

from domain.permissions import Permission
from resolvers import kinds
from resolvers.catalog import Category, Product
from resolvers.fields import guarded, input_, output
from resolvers.lists import Info
from resolvers.scalars import JSON, Money, Position, Quantity
from resolvers.writes import DeletePayload, delete, given, write
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

    @guarded(needs=_NEEDS)
    async def create_category(
        self,
        info: Info,
        input: CreateCategoryInput,
        dry_run: bool = False,  # noqa: FBT001, FBT002 - an argument of the graph
    ) -> CategoryPayload:
        """Make a category.

        Args:
            input: The category.
            dry_run: Check everything and keep nothing.
        """
        done = await write(
            info, kinds.CATEGORY, service.create_category, given(input), dry_run=dry_run
        )
        return CategoryPayload(category=done.node, position=done.position)

    @guarded(needs=_NEEDS)
    async def update_category(
        self,
        info: Info,
        id: strawberry.ID,
        input: UpdateCategoryInput,
        expected_version: int | None = None,
        dry_run: bool = False,  # noqa: FBT001, FBT002 - an argument of the graph
    ) -> CategoryPayload:
        """Change a category; with another parent it moves with all that is below it.

        Args:
            id: The category's id.
            input: What is to be changed; what is left out stays.
            expected_version: Refused with `STALE_VERSION` when it stands at another version.
            dry_run: Check everything and keep nothing.
        """
        change = (id, given(input), expected_version)
        done = await write(info, kinds.CATEGORY, service.update_category, *change, dry_run=dry_run)
        return CategoryPayload(category=done.node, position=done.position)

    @guarded(needs=_NEEDS)
    async def delete_category(
        self,
        info: Info,
        id: strawberry.ID,
        expected_version: int | None = None,
        dry_run: bool = False,  # noqa: FBT001, FBT002 - an argument of the graph
    ) -> DeletePayload:
        """Delete a category on which nothing stands; `IN_USE` says what is left otherwise.

        Args:
            id: The category's id.
            expected_version: Refused with `STALE_VERSION` when it stands at another version.
            dry_run: Check everything and keep nothing.
        """
        return await delete(info, service.delete_category, id, expected_version, dry_run=dry_run)

    @guarded(needs=_NEEDS)
    async def create_product(
        self,
        info: Info,
        input: CreateProductInput,
        dry_run: bool = False,  # noqa: FBT001, FBT002 - an argument of the graph
    ) -> ProductPayload:
        """Make a product, which search finds from then on.

        Args:
            input: The product.
            dry_run: Check everything and keep nothing.
        """
        done = await write(
            info, kinds.PRODUCT, service.create_product, *_product(input), dry_run=dry_run
        )
        return ProductPayload(product=done.node, position=done.position)

    @guarded(needs=_NEEDS)
    async def update_product(
        self,
        info: Info,
        id: strawberry.ID,
        input: UpdateProductInput,
        expected_version: int | None = None,
        dry_run: bool = False,  # noqa: FBT001, FBT002 - an argument of the graph
    ) -> ProductPayload:
        """Change a product; the former one is kept as history.

        Args:
            id: The product's id.
            input: What is to be changed; what is left out stays.
            expected_version: Refused with `STALE_VERSION` when it stands at another version.
            dry_run: Check everything and keep nothing.
        """
        change = (id, *_product(input), expected_version)
        done = await write(info, kinds.PRODUCT, service.update_product, *change, dry_run=dry_run)
        return ProductPayload(product=done.node, position=done.position)

    @guarded(needs=_NEEDS)
    async def delete_product(
        self,
        info: Info,
        id: strawberry.ID,
        expected_version: int | None = None,
        dry_run: bool = False,  # noqa: FBT001, FBT002 - an argument of the graph
    ) -> DeletePayload:
        """Delete a product that was never stocked; `IN_USE` says what is left otherwise.

        Args:
            id: The product's id.
            expected_version: Refused with `STALE_VERSION` when it stands at another version.
            dry_run: Check everything and keep nothing.
        """
        return await delete(info, service.delete_product, id, expected_version, dry_run=dry_run)


def _product(input: CreateProductInput | UpdateProductInput) -> tuple[dict[str, Any], Any]:
    """The columns that are given, and the packs; None where those stay."""
    values = given(input)
    packs = values.pop("packs", None)
    return values, None if packs is None else [vars(pack) for pack in packs]
