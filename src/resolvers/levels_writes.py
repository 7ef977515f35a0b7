"""Writes of the settings of products at locations."""

from typing import Any

import strawberry

from domain.permissions import Permission
from resolvers.catalog import Product
from resolvers.fields import given, input_, output
from resolvers.levels import InventoryLevel
from resolvers.scalars import Position, Quantity
from resolvers.writes import Act, acts
from services import levels as service


@input_
class SetInventoryLevelInput:
    """Settings of a product at a location; what is left out stays, null clears."""

    product_id: strawberry.ID
    """The product."""

    location_id: strawberry.ID
    """The location."""

    min_quantity: Quantity | None = strawberry.UNSET
    """Below this the stock is too low; not above `reorderQuantity`."""

    reorder_quantity: Quantity | None = strawberry.UNSET
    """From here on down more is ordered; not above `maxQuantity`."""

    max_quantity: Quantity | None = strawberry.UNSET
    """Up to this more is ordered."""

    status: str | None = strawberry.UNSET
    """Whether the product is kept there; `Supported` unless told."""

    abc_class: str | None = strawberry.UNSET
    """How much the product matters there: `A`, `B` or `C`."""

    expected_lead_time_days: int | None = strawberry.UNSET
    """Days from ordering to receiving."""

    replenishment_period_days: int | None = strawberry.UNSET
    """Days between two orders."""

    forecast_period_days: int | None = strawberry.UNSET
    """Days that the forecast is about."""

    forecast_quantity: Quantity | None = strawberry.UNSET
    """Units that are expected to be used in the forecast's days."""

    preferred_bin_id: strawberry.ID | None = strawberry.UNSET
    """The bin of the location into which received goods are put."""

    replenishment_location_id: strawberry.ID | None = strawberry.UNSET
    """The other location from which it is replenished."""

    comments: str | None = strawberry.UNSET
    """A note."""

    expected_version: int | None = strawberry.UNSET
    """Refused with `STALE_VERSION` when they stand at another version."""


@output
class SetInventoryLevelPayload:
    """Settings as they stand after a write."""

    inventory_level: InventoryLevel
    """The settings."""

    product: Product
    """Their product, as it stood then."""

    position: Position
    """The first position at which the write is seen."""

    @classmethod
    def of(cls, outcome: Any, position: Position, _seen: object) -> "SetInventoryLevelPayload":
        """This outcome as the graph shows it."""
        return cls(
            inventory_level=InventoryLevel.of(outcome.level),
            product=Product.of(outcome.product),
            position=position,
        )


@output
class InventoryLevelMutations:
    """Writes of settings."""

    @acts(SetInventoryLevelInput, SetInventoryLevelPayload, needs=Permission.INVENTORY_WRITE)
    def set_inventory_level(self, input: SetInventoryLevelInput) -> Act:
        """Make the settings of a product at a location, or change those that there are."""
        values = given(input)
        version = values.pop("expected_version", None)
        return (service.set_level, values, version)
