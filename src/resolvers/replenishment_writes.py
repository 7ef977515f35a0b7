"""Writes of replenishment."""

from datetime import date
from typing import Any

import strawberry

from domain.permissions import Permission
from resolvers.fields import given, input_, output
from resolvers.filters.replenishment import ReplenishmentMethod
from resolvers.replenishment import Replenishment, ReplenishmentConfig
from resolvers.scalars import Money, Position, Quantity
from resolvers.stock_payloads import StockPreview
from resolvers.writes import Act, acts
from services import replenishment as service
from services.replenishment import records

_NEEDS = Permission.REPLENISHMENT_WRITE


@input_
class SetReplenishmentConfigInput:
    """How more of a product is ordered at a location; what is left out stays, null clears."""

    product_id: strawberry.ID
    """The product."""

    location_id: strawberry.ID
    """The location."""

    method: ReplenishmentMethod | None = strawberry.UNSET
    """When and how much is ordered; null ends it. `METHOD_INCOMPLETE` when a number is missing."""

    min_quantity: Quantity | None = strawberry.UNSET
    """By `MIN_MAX`, at this or below more is ordered; not above `reorderPoint`."""

    reorder_point: Quantity | None = strawberry.UNSET
    """At this or below more is ordered; not above `maxQuantity`. Without it the product's own,
    and without that it follows from demand, lead time and safety stock."""

    max_quantity: Quantity | None = strawberry.UNSET
    """Up to this more is ordered."""

    order_quantity: Quantity | None = strawberry.UNSET
    """By `FIXED`, how much is ordered at a time."""

    pack_size: Quantity | None = strawberry.UNSET
    """Orders are rounded up to whole multiples of it."""

    minimum_order_quantity: Quantity | None = strawberry.UNSET
    """The least that can be ordered."""

    lead_time_days: int | None = strawberry.UNSET
    """Days from ordering to receiving; without it the product's own."""

    lead_time_deviation_days: Quantity | None = strawberry.UNSET
    """The standard deviation of the lead time."""

    safety_stock: Quantity | None = strawberry.UNSET
    """Units to be there when an order arrives; goes before the service level."""

    service_level: Quantity | None = strawberry.UNSET
    """The part of order cycles that no stock-out is to end, from 0.5 to 0.999."""

    review_period_days: int | None = strawberry.UNSET
    """Days between two orders; 7 unless told."""

    cover_days: int | None = strawberry.UNSET
    """By `DAYS_OF_COVER`, for how many days beyond lead time and review period is ordered."""

    order_cost: Money | None = strawberry.UNSET
    """By `EOQ`, what placing an order costs."""

    holding_cost: Money | None = strawberry.UNSET
    """By `EOQ`, what keeping a unit for a year costs."""

    shelf_life_days: int | None = strawberry.UNSET
    """For how many days a unit can be used once it is here."""

    demand_window_days: int | None = strawberry.UNSET
    """Over how many days up to yesterday demand is measured, at most 730; 90 unless told."""

    demand_share: Quantity | None = strawberry.UNSET
    """The part of the demand that names no location which is counted here; none unless told."""

    source_location_id: strawberry.ID | None = strawberry.UNSET
    """The other location from which it is replenished; without it, one with more than it needs,
    else the supplier. `REPLENISHMENT_CYCLE` when the way of sources comes back."""

    expected_version: int | None = strawberry.UNSET
    """Refused with `STALE_VERSION` when its inventory level stands at another version."""


@output
class SetReplenishmentConfigPayload:
    """A configuration as it stands after a write."""

    config: ReplenishmentConfig
    """The configuration."""

    message: str
    """What was done, in a sentence."""

    position: Position
    """The first position at which the write is seen."""

    @classmethod
    def of(cls, outcome: Any, position: Position, _seen: object) -> "SetReplenishmentConfigPayload":
        """This outcome as the graph shows it."""
        return cls(
            config=ReplenishmentConfig.of(outcome.config),
            message=outcome.message,
            position=position,
        )


@input_
class CreateReplenishmentInput:
    """Units of a product that are to be ordered for a location."""

    product_id: strawberry.ID
    """The product."""

    location_id: strawberry.ID
    """The location."""

    quantity: Quantity
    """How many base units."""

    source_location_id: strawberry.ID | None = strawberry.UNSET
    """The location that sends them; the supplier does when left out."""

    needed_by: date | None = strawberry.UNSET
    """When they are needed."""

    reference: str | None = strawberry.UNSET
    """Your own name for it, in one line."""

    comment: str | None = strawberry.UNSET
    """What is to be said about it."""


@input_
class EditReplenishmentInput:
    """A change of a record that waits for review; what is left out stays, null clears."""

    record_id: strawberry.ID
    """The record."""

    quantity: Quantity | None = strawberry.UNSET
    """How many base units."""

    source_location_id: strawberry.ID | None = strawberry.UNSET
    """The location that sends them."""

    needed_by: date | None = strawberry.UNSET
    """When they are needed."""

    reference: str | None = strawberry.UNSET
    """Your own name for it, in one line."""

    comment: str | None = strawberry.UNSET
    """What is to be said about it."""

    expected_version: int | None = strawberry.UNSET
    """Refused with `STALE_VERSION` when it stands at another version."""


@input_
class ReplenishmentStepInput:
    """A record that is to be moved on."""

    record_id: strawberry.ID
    """The record."""

    comment: str | None = strawberry.UNSET
    """What is to be said about it."""

    expected_version: int | None = strawberry.UNSET
    """Refused with `STALE_VERSION` when it stands at another version."""


@input_
class RejectReplenishmentInput:
    """A record that is not to be ordered."""

    record_id: strawberry.ID
    """The record."""

    reason: str
    """Why, in one line."""

    comment: str | None = strawberry.UNSET
    """What is to be said about it besides."""

    expected_version: int | None = strawberry.UNSET
    """Refused with `STALE_VERSION` when it stands at another version."""


@input_
class OrderReplenishmentInput:
    """An approved record that is ordered now."""

    record_id: strawberry.ID
    """The record."""

    reference: str | None = strawberry.UNSET
    """The number of the supplier's order, in one line."""

    comment: str | None = strawberry.UNSET
    """What is to be said about it."""

    expected_version: int | None = strawberry.UNSET
    """Refused with `STALE_VERSION` when it stands at another version."""


@input_
class ReceiveReplenishmentInput:
    """Units of an ordered record that have arrived."""

    record_id: strawberry.ID
    """The record."""

    quantity: Quantity
    """How many base units; no more than are expected."""

    bin_id: strawberry.ID | None = strawberry.UNSET
    """The bin in which they are now."""

    lot_number: str | None = strawberry.UNSET
    """Their lot, which is made when its number is new."""

    expiry_date: date | None = strawberry.UNSET
    """When that lot expires."""

    comment: str | None = strawberry.UNSET
    """What is to be said about it."""

    expected_version: int | None = strawberry.UNSET
    """Refused with `STALE_VERSION` when it stands at another version."""


@input_
class CommentReplenishmentInput:
    """Something to be said about a record."""

    record_id: strawberry.ID
    """The record."""

    comment: str
    """What is to be said."""


@output
class ReplenishmentPayload:
    """A replenishment record as it stands after an act."""

    record: Replenishment
    """The record."""

    message: str
    """What was done, in a sentence."""

    preview: StockPreview | None
    """What it would do to promises; only of a dry run."""

    position: Position
    """The first position at which the act is seen."""

    @classmethod
    def of(cls, outcome: Any, position: Position, seen: Any) -> "ReplenishmentPayload":
        """This outcome as the graph shows it."""
        return cls(
            record=Replenishment.of_outcome(outcome),
            message=outcome.message,
            preview=None if seen is None else StockPreview.of(seen),
            position=position,
        )


@output
class ReplenishmentMutations:
    """Writes of replenishment."""

    @acts(SetReplenishmentConfigInput, SetReplenishmentConfigPayload, needs=_NEEDS)
    def set_replenishment_config(self, input: SetReplenishmentConfigInput) -> Act:
        """Say how more of a product is ordered at a location.

        Minimum, reorder point, maximum, lead time, review period and source are those of the
        inventory level, and change there too. `BOUNDS_REFUSED` when the first three are not in
        rising order; `DEMAND_OVERSHARED` when the shares of all locations come to more than 1.
        """
        values = given(input)
        version = values.pop("expected_version", None)
        if values.get("method") is not None:
            values["method"] = values["method"].value
        return (service.configure, values, version)

    @acts(CreateReplenishmentInput, ReplenishmentPayload, needs=_NEEDS)
    def create_replenishment(self, input: CreateReplenishmentInput) -> Act:
        """Ask for units of a product for a location; they count as on order from now on."""
        return (records.create, records.Wish(**given(input)))

    @acts(EditReplenishmentInput, ReplenishmentPayload, needs=_NEEDS)
    def edit_replenishment(self, input: EditReplenishmentInput) -> Act:
        """Change a record that waits for review; `ILLEGAL_STEP` refuses any other."""
        values = given(input)
        head = {name: values.pop(name, None) for name in ("record_id", "expected_version")}
        return (records.edit, records.StepWish(**head, values=values))

    @acts(ReplenishmentStepInput, ReplenishmentPayload, needs=_NEEDS)
    def approve_replenishment(self, input: ReplenishmentStepInput) -> Act:
        """Let a record be ordered."""
        return (records.approve, records.StepWish(**given(input)))

    @acts(RejectReplenishmentInput, ReplenishmentPayload, needs=_NEEDS)
    def reject_replenishment(self, input: RejectReplenishmentInput) -> Act:
        """Say that a record is not to be ordered; it counts as on order no longer."""
        return (records.reject, records.StepWish(**given(input)))

    @acts(OrderReplenishmentInput, ReplenishmentPayload, needs=(_NEEDS, Permission.TRANSFERS_WRITE))
    def order_replenishment(self, input: OrderReplenishmentInput) -> Act:
        """Order an approved record: with a source location it becomes a transfer, handed in."""
        values = given(input)
        reference = {name: values.pop(name) for name in ("reference",) if name in values}
        return (records.order, records.StepWish(**values, values=reference))

    @acts(
        ReceiveReplenishmentInput, ReplenishmentPayload, needs=(_NEEDS, Permission.INVENTORY_WRITE)
    )
    def receive_replenishment(self, input: ReceiveReplenishmentInput) -> Act:
        """Take in what the supplier has sent of an ordered record; it is on hand from now on."""
        return (records.receive, records.Receipt(**given(input)))

    @acts(ReplenishmentStepInput, ReplenishmentPayload, needs=_NEEDS)
    def close_replenishment(self, input: ReplenishmentStepInput) -> Act:
        """End an ordered record; what has not arrived is no longer expected."""
        return (records.close, records.StepWish(**given(input)))

    @acts(ReplenishmentStepInput, ReplenishmentPayload, needs=_NEEDS)
    def cancel_replenishment(self, input: ReplenishmentStepInput) -> Act:
        """Call a record off before anything has arrived."""
        return (records.cancel, records.StepWish(**given(input)))

    @acts(CommentReplenishmentInput, ReplenishmentPayload, needs=_NEEDS)
    def comment_replenishment(self, input: CommentReplenishmentInput) -> Act:
        """Say something about a record; its state does not change."""
        return (records.comment, records.StepWish(**given(input)))
