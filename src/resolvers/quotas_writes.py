"""Writes of quotas."""

from typing import Any

import strawberry

from domain.permissions import Permission
from resolvers import kinds
from resolvers.channels import ChannelQuota
from resolvers.fields import given, input_, output
from resolvers.scalars import Position, Quantity
from resolvers.stock_payloads import StockPreview
from resolvers.writes import Act, acts, creates, deletes, updates
from services import quotas as service
from services.preview import Preview

_NEEDS = Permission.ADMIN_CHANNEL_POLICIES_WRITE


@input_
class CreateChannelQuotaInput:
    """Units to be set aside for a channel."""

    id: strawberry.ID | None = strawberry.UNSET
    """An id to keep, 1 to 64 of A-Z a-z 0-9 _ -; made when left out."""

    channel_id: strawberry.ID
    """The channel that they are set aside for."""

    product_id: strawberry.ID
    """The product of which they are set aside."""

    location_id: strawberry.ID
    """The location at which they are set aside."""

    allocated: Quantity
    """Units to set aside, a multiple of the product's step."""

    reason: str | None = strawberry.UNSET
    """Why they are set aside; needed with `force`."""

    force: bool = False
    """Set them aside even where all quotas together are then more than what is available."""


@input_
class UpdateChannelQuotaInput:
    """What is to be changed of a quota; null clears what may be absent."""

    allocated: Quantity | None = strawberry.UNSET
    """Units that are to be set aside from now on, not less than what promises have used."""

    reason: str | None = strawberry.UNSET
    """Why they are set aside; needed with `force`."""

    force: bool = False
    """Raise it even where all quotas together are then more than what is available."""


@input_
class MoveChannelQuotaInput:
    """Units of a quota that another channel is to have."""

    quota_id: strawberry.ID
    """The quota from which they are taken."""

    to_channel_id: strawberry.ID
    """The channel that is to have them; its quota there is made if it has none."""

    quantity: Quantity
    """How many, at most what is left of the quota."""

    reason: str | None = strawberry.UNSET
    """What is to be said about it."""


@output
class MoveChannelQuotaPayload:
    """Two quotas after units went from one to the other."""

    channel_quotas: list[ChannelQuota]
    """The quota that gave them, and the one that has them."""

    message: str
    """What was done, in a sentence."""

    preview: StockPreview | None
    """What it would do to promises; only of a dry run."""

    position: Position
    """The first position at which the write is seen."""

    @classmethod
    def of(
        cls, outcome: Any, position: Position, seen: Preview | None
    ) -> "MoveChannelQuotaPayload":
        """This outcome as the graph shows it."""
        return cls(
            channel_quotas=[ChannelQuota.of(row) for row in outcome.quotas],
            message=outcome.message,
            preview=None if seen is None else StockPreview.of(seen),
            position=position,
        )


@output
class ChannelQuotaPayload:
    """A quota after a write, as it then stands."""

    channel_quota: ChannelQuota
    """The quota."""

    position: Position
    """The first position at which the write is seen."""


@output
class ChannelQuotaMutations:
    """Writes of quotas."""

    @creates(kinds.CHANNEL_QUOTA, CreateChannelQuotaInput, ChannelQuotaPayload, needs=_NEEDS)
    def create_channel_quota(self, input: CreateChannelQuotaInput) -> Act:
        """Set units of a product at a location aside for a channel.

        `QUOTA_EXCEEDS_AVAILABLE` when the quotas there would be more than what is available.
        """
        values, force = _asked(input)
        return (service.create_quota, values, force)

    @updates(kinds.CHANNEL_QUOTA, UpdateChannelQuotaInput, ChannelQuotaPayload, needs=_NEEDS)
    def update_channel_quota(
        self, id: str, input: UpdateChannelQuotaInput, version: int | None
    ) -> Act:
        """Raise or lower a quota; the former one is kept as history.

        `QUOTA_EXCEEDS_AVAILABLE` when it is raised and the quotas there would be more than what is
        available; `QUOTA_BELOW_CONSUMED` when promises have used more of it.
        """
        values, force = _asked(input)
        return (service.update_quota, id, values, version, force)

    @acts(MoveChannelQuotaInput, MoveChannelQuotaPayload, needs=_NEEDS)
    def move_channel_quota(self, input: MoveChannelQuotaInput) -> Act:
        """Set units of a quota aside for another channel instead.

        `QUOTA_BELOW_CONSUMED` when fewer are left of it.
        """
        return (service.move_quota, service.Move(**given(input)))

    @deletes(kinds.CHANNEL_QUOTA, service.delete_quota, needs=_NEEDS)
    def delete_channel_quota(self) -> None:
        """Give what a quota sets aside back to all; `IN_USE` while open promises use it."""


def _asked(input: CreateChannelQuotaInput | UpdateChannelQuotaInput) -> tuple[dict[str, Any], bool]:
    """The columns that are given, and whether more may be set aside than there is."""
    values = given(input)
    return values, values.pop("force")
