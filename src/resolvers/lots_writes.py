"""Writes of lots."""

from datetime import date

import strawberry

from domain.permissions import Permission
from resolvers import kinds
from resolvers.fields import given, input_, output
from resolvers.lots import Lot
from resolvers.scalars import Position
from resolvers.writes import Act, creates, deletes, updates
from services.lots import writing as service

_NEEDS = Permission.INVENTORY_WRITE


@input_
class CreateLotInput:
    """A lot to be made."""

    id: strawberry.ID | None = strawberry.UNSET
    """An id to keep, 1 to 64 of A-Z a-z 0-9 _ -; made when left out."""

    product_id: strawberry.ID
    """The product that it is a lot of."""

    number: str
    """The maker's number for it; unique within its product."""

    expiry_date: date | None = strawberry.UNSET
    """The last day on which it is usable; absent when it does not expire."""

    note: str | None = strawberry.UNSET
    """What is worth knowing about it."""


@input_
class UpdateLotInput:
    """What is to be changed of a lot; null clears what may be absent."""

    number: str | None = strawberry.UNSET
    """The maker's number for it; unique within its product."""

    expiry_date: date | None = strawberry.UNSET
    """The last day on which it is usable; absent when it does not expire."""

    note: str | None = strawberry.UNSET
    """What is worth knowing about it."""


@output
class LotPayload:
    """A lot after a write, as it then stands."""

    lot: Lot
    """The lot."""

    position: Position
    """The first position at which the write is seen."""


@output
class LotMutations:
    """Writes of lots."""

    @creates(kinds.LOT, CreateLotInput, LotPayload, needs=_NEEDS)
    def create_lot(self, input: CreateLotInput) -> Act:
        """Make a lot."""
        return (service.create_lot, given(input))

    @updates(kinds.LOT, UpdateLotInput, LotPayload, needs=_NEEDS)
    def update_lot(self, id: str, input: UpdateLotInput, version: int | None) -> Act:
        """Change a lot; another expiry date counts at once, the former lot is kept as history."""
        return (service.update_lot, id, given(input), version)

    @deletes(kinds.LOT, service.delete_lot, needs=_NEEDS)
    def delete_lot(self) -> None:
        """Delete a lot that was never stocked; `IN_USE` says what is left otherwise."""
