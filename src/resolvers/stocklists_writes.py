"""Making, publishing and cloning stocklists."""

from datetime import date
from typing import Any

import strawberry

from domain.permissions import Permission
from resolvers import kinds
from resolvers.fields import input_, output, plain_given
from resolvers.filters.stocklists import StocklistType
from resolvers.scalars import Position, Quantity
from resolvers.stocklists import Stocklist
from resolvers.writes import Act, acts, acts_on, deletes
from services.stocklists import writing as service

_NEEDS = Permission.STOCKREQUESTS_APPROVE


@input_
class StocklistLineInput:
    """A product of a stocklist."""

    product_id: strawberry.ID
    """The product; once on a stocklist."""

    max_quantity: Quantity
    """Up to so many base units for `PULL`, so many each time for `PUSH`."""

    pack_size: Quantity | None = strawberry.UNSET
    """Base units in one pack: whole packs are asked for. The product's least quantity when left
    out."""


@input_
class CreateStocklistInput:
    """A stocklist."""

    name: str
    """Its name; unique."""

    type: StocklistType
    """How it comes to the quantities that it suggests."""

    requesting_location_id: strawberry.ID
    """The location that asks."""

    fulfilling_location_id: strawberry.ID
    """The location that is to send it."""

    period_days: int | None = strawberry.UNSET
    """Every how many days a request is made from it; none is by itself when left out."""

    next_on: date | None = strawberry.UNSET
    """The first day on which that happens; when it is published unless told."""

    lines: list[StocklistLineInput] | None = strawberry.UNSET
    """Its products, at most 500."""


@input_
class UpdateStocklistInput:
    """What is to be changed of a stocklist; null clears what may be absent."""

    name: str | None = strawberry.UNSET
    """Its name; unique."""

    type: StocklistType | None = strawberry.UNSET
    """How it comes to the quantities that it suggests."""

    requesting_location_id: strawberry.ID | None = strawberry.UNSET
    """The location that asks."""

    fulfilling_location_id: strawberry.ID | None = strawberry.UNSET
    """The location that is to send it."""

    period_days: int | None = strawberry.UNSET
    """Every how many days a request is made from it."""

    next_on: date | None = strawberry.UNSET
    """The next day on which that happens."""

    lines: list[StocklistLineInput] | None = strawberry.UNSET
    """Products in place of all that it has."""

    expected_version: int | None = strawberry.UNSET
    """Refused with `STALE_VERSION` when it stands at another version."""


@input_
class CloneStocklistInput:
    """How a stocklist differs from the one that it is made after."""

    name: str
    """Its name; unique."""

    type: StocklistType | None = strawberry.UNSET
    """How it comes to the quantities that it suggests."""

    requesting_location_id: strawberry.ID | None = strawberry.UNSET
    """The location that asks."""

    fulfilling_location_id: strawberry.ID | None = strawberry.UNSET
    """The location that is to send it."""

    period_days: int | None = strawberry.UNSET
    """Every how many days a request is made from it; null for never by itself."""


@input_
class StocklistStepInput:
    """What is to be checked before a stocklist is put to use or out of use."""

    expected_version: int | None = strawberry.UNSET
    """Refused with `STALE_VERSION` when it stands at another version."""


@output
class StocklistPayload:
    """A stocklist as it stands after an act."""

    stocklist: Stocklist
    """The stocklist."""

    message: str
    """What was done, in a sentence."""

    position: Position
    """The first position at which the act is seen."""

    @classmethod
    def of(cls, outcome: Any, position: Position, _seen: object) -> "StocklistPayload":
        """This outcome as the graph shows it."""
        return cls(
            stocklist=Stocklist.of_outcome(outcome), message=outcome.message, position=position
        )


@output
class StocklistMutations:
    """Writes of stocklists."""

    @acts(CreateStocklistInput, StocklistPayload, needs=_NEEDS)
    def create_stocklist(self, input: CreateStocklistInput) -> Act:
        """Make a stocklist, as a draft."""
        return (service.create, plain_given(input))

    @acts_on(UpdateStocklistInput, StocklistPayload, needs=_NEEDS)
    def update_stocklist(self, id: str, input: UpdateStocklistInput) -> Act:
        """Change a stocklist, in use or not; requests that were made from it stay as they are."""
        values = plain_given(input)
        version = values.pop("expected_version", None)
        return (service.update, id, values, version)

    @acts_on(StocklistStepInput | None, StocklistPayload, needs=_NEEDS)
    def publish_stocklist(self, id: str, input: StocklistStepInput | None) -> Act:
        """Put a stocklist to use: requests are made from it, by call and by its period."""
        return (service.publish, id, plain_given(input).get("expected_version"))

    @acts_on(StocklistStepInput | None, StocklistPayload, needs=_NEEDS)
    def retire_stocklist(self, id: str, input: StocklistStepInput | None) -> Act:
        """Put a stocklist out of use; requests that were made from it go on."""
        return (service.retire, id, plain_given(input).get("expected_version"))

    @acts_on(CloneStocklistInput, StocklistPayload, needs=_NEEDS)
    def clone_stocklist(self, id: str, input: CloneStocklistInput) -> Act:
        """Make a draft with the products of another stocklist."""
        return (service.clone, id, plain_given(input))

    @deletes(kinds.STOCKLIST, service.delete, needs=_NEEDS)
    def delete_stocklist(self) -> None:
        """Delete a stocklist; `IN_USE` refuses one from which requests were made."""
