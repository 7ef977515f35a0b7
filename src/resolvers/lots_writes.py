"""Writes of lots."""

from datetime import date

import strawberry

from domain.permissions import Permission
from resolvers import kinds
from resolvers.fields import guarded, input_, output
from resolvers.lists import Info
from resolvers.lots import Lot
from resolvers.scalars import Position
from resolvers.writes import DeletePayload, delete, given, write
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

    @guarded(needs=_NEEDS)
    async def create_lot(
        self,
        info: Info,
        input: CreateLotInput,
        dry_run: bool = False,  # noqa: FBT001, FBT002 - an argument of the graph
    ) -> LotPayload:
        """Make a lot.

        Args:
            input: The lot.
            dry_run: Check everything and keep nothing.
        """
        done = await write(info, kinds.LOT, service.create_lot, given(input), dry_run=dry_run)
        return LotPayload(lot=done.node, position=done.position)

    @guarded(needs=_NEEDS)
    async def update_lot(
        self,
        info: Info,
        id: strawberry.ID,
        input: UpdateLotInput,
        expected_version: int | None = None,
        dry_run: bool = False,  # noqa: FBT001, FBT002 - an argument of the graph
    ) -> LotPayload:
        """Change a lot; another expiry date counts at once, the former lot is kept as history.

        Args:
            id: The lot's id.
            input: What is to be changed; what is left out stays.
            expected_version: Refused with `STALE_VERSION` when it stands at another version.
            dry_run: Check everything and keep nothing.
        """
        change = (id, given(input), expected_version)
        done = await write(info, kinds.LOT, service.update_lot, *change, dry_run=dry_run)
        return LotPayload(lot=done.node, position=done.position)

    @guarded(needs=_NEEDS)
    async def delete_lot(
        self,
        info: Info,
        id: strawberry.ID,
        expected_version: int | None = None,
        dry_run: bool = False,  # noqa: FBT001, FBT002 - an argument of the graph
    ) -> DeletePayload:
        """Delete a lot that was never stocked; `IN_USE` says what is left otherwise.

        Args:
            id: The lot's id.
            expected_version: Refused with `STALE_VERSION` when it stands at another version.
            dry_run: Check everything and keep nothing.
        """
        return await delete(info, service.delete_lot, id, expected_version, dry_run=dry_run)
