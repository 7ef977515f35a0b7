"""Writes of channels."""

import strawberry

from domain.permissions import Permission
from resolvers import kinds
from resolvers.channels import Channel
from resolvers.fields import given, input_, output
from resolvers.scalars import Position
from resolvers.writes import Act, creates, deletes, updates
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

    @creates(kinds.CHANNEL, CreateChannelInput, ChannelPayload, needs=_NEEDS)
    def create_channel(self, input: CreateChannelInput) -> Act:
        """Make a channel, which has a column in every matrix from then on."""
        return (service.create_channel, given(input))

    @updates(kinds.CHANNEL, UpdateChannelInput, ChannelPayload, needs=_NEEDS)
    def update_channel(self, id: str, input: UpdateChannelInput, version: int | None) -> Act:
        """Change a channel; one that is not active leaves every matrix and keeps its history."""
        return (service.update_channel, id, given(input), version)

    @deletes(kinds.CHANNEL, service.delete_channel, needs=_NEEDS)
    def delete_channel(self) -> None:
        """Delete a channel through which nothing was ever promised or sold; else `IN_USE`."""
