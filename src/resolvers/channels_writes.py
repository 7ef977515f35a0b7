"""Writes of channels."""

import strawberry

from domain.permissions import Permission
from resolvers import kinds
from resolvers.channels import Channel
from resolvers.fields import guarded, input_, output
from resolvers.lists import Info
from resolvers.scalars import Position
from resolvers.writes import DeletePayload, delete, given, write
from services.channels import writing as service

_NEEDS = Permission.CHANNELS_WRITE


@input_
class CreateChannelInput:
    """A channel to be made."""

    id: strawberry.ID
    """Its code, such as `DTC`, 1 to 64 of A-Z a-z 0-9 _ -; it never changes."""

    name: str
    """Its name."""

    type: str
    """What kind of channel it is: `DIRECT`, `B2B`, `RETAIL`, `MARKETPLACE`, `FBA`, `VMI`, `3PL`,
    `DROPSHIP`, `WHOLESALE`, `E_COMMERCE`, or a type of the company's own."""

    position: int | None = strawberry.UNSET
    """Where its column stands in a matrix, the lowest first; 0 unless told."""

    active: bool | None = strawberry.UNSET
    """Whether it has cells in matrices; true unless told."""


@input_
class UpdateChannelInput:
    """What is to be changed of a channel."""

    name: str | None = strawberry.UNSET
    """Its name."""

    type: str | None = strawberry.UNSET
    """What kind of channel it is."""

    position: int | None = strawberry.UNSET
    """Where its column stands in a matrix, the lowest first."""

    active: bool | None = strawberry.UNSET
    """Whether it has cells in matrices; false retires it."""


@output
class ChannelPayload:
    """A channel after a write, as it then stands."""

    channel: Channel
    """The channel."""

    position: Position
    """The first position at which the write is seen."""


@output
class ChannelMutations:
    """Writes of channels."""

    @guarded(needs=_NEEDS)
    async def create_channel(
        self,
        info: Info,
        input: CreateChannelInput,
        dry_run: bool = False,  # noqa: FBT001, FBT002 - an argument of the graph
    ) -> ChannelPayload:
        """Make a channel, which has a column in every matrix from then on.

        Args:
            input: The channel.
            dry_run: Check everything and keep nothing.
        """
        done = await write(
            info, kinds.CHANNEL, service.create_channel, given(input), dry_run=dry_run
        )
        return ChannelPayload(channel=done.node, position=done.position)

    @guarded(needs=_NEEDS)
    async def update_channel(
        self,
        info: Info,
        id: strawberry.ID,
        input: UpdateChannelInput,
        expected_version: int | None = None,
        dry_run: bool = False,  # noqa: FBT001, FBT002 - an argument of the graph
    ) -> ChannelPayload:
        """Change a channel; one that is not active leaves every matrix and keeps its history.

        Args:
            id: The channel's id, which is its code.
            input: What is to be changed; what is left out stays.
            expected_version: Refused with `STALE_VERSION` when it stands at another version.
            dry_run: Check everything and keep nothing.
        """
        change = (id, given(input), expected_version)
        done = await write(info, kinds.CHANNEL, service.update_channel, *change, dry_run=dry_run)
        return ChannelPayload(channel=done.node, position=done.position)

    @guarded(needs=_NEEDS)
    async def delete_channel(
        self,
        info: Info,
        id: strawberry.ID,
        expected_version: int | None = None,
        dry_run: bool = False,  # noqa: FBT001, FBT002 - an argument of the graph
    ) -> DeletePayload:
        """Delete a channel through which nothing was ever promised or sold; else `IN_USE`.

        Args:
            id: The channel's id, which is its code.
            expected_version: Refused with `STALE_VERSION` when it stands at another version.
            dry_run: Check everything and keep nothing.
        """
        return await delete(info, service.delete_channel, id, expected_version, dry_run=dry_run)
