"""How channels, policies and quotas are filtered and sorted."""

from enum import Enum

import strawberry

from resolvers.fields import choices, input_
from resolvers.filters.ranges import Direction
from services.atp import Mode

choices(Mode, "ChannelMode")


class ChannelOrderField(Enum):
    """What channels can be sorted by."""

    ID = "id"
    """Their id, which is their code."""

    POSITION = "position"
    """Where their column stands in a matrix."""

    NAME = "name"
    """Their name, without regard to case."""

    CREATED_AT = "created_at"
    """When they were made."""


choices(ChannelOrderField)


@input_
class ChannelOrder:
    """How channels are sorted; the id decides between equals."""

    field: ChannelOrderField
    """What they are sorted by."""

    direction: Direction = Direction.ASC
    """Which end comes first."""


@input_
class ChannelFilter:
    """Which channels are wanted; all conditions together."""

    search: str | None = None
    """Words that all must stand in the id or the name, in any case and order."""

    id_in: list[strawberry.ID] | None = None
    """One of these ids."""

    type_in: list[str] | None = None
    """Of one of these types."""

    active: bool | None = None
    """With cells in matrices, or without."""


class ChannelPolicyOrderField(Enum):
    """What channel policies can be sorted by."""

    ID = "id"
    """Their id."""

    NAME = "name"
    """Their name, without regard to case; those without one count as the last."""

    PRIORITY = "priority"
    """Their priority; those without one count as the highest."""

    CREATED_AT = "created_at"
    """When they were made."""

    UPDATED_AT = "updated_at"
    """When they were last changed."""


choices(ChannelPolicyOrderField)


@input_
class ChannelPolicyOrder:
    """How channel policies are sorted; the id decides between equals."""

    field: ChannelPolicyOrderField
    """What they are sorted by."""

    direction: Direction = Direction.ASC
    """Which end comes first."""


@input_
class ChannelPolicyFilter:
    """Which channel policies are wanted; all conditions together."""

    id_in: list[strawberry.ID] | None = None
    """One of these ids."""

    channel_id_in: list[strawberry.ID] | None = None
    """Of one of these channels."""

    location_id_in: list[strawberry.ID] | None = None
    """About one of these locations alone."""

    product_id_in: list[strawberry.ID] | None = None
    """About one of these products alone."""

    category_id_in: list[strawberry.ID] | None = None
    """About one of these categories."""

    mode_in: list[Mode] | None = None
    """That say one of these modes themselves."""


class ChannelQuotaOrderField(Enum):
    """What quotas can be sorted by."""

    ID = "id"
    """Their id."""

    ALLOCATED = "allocated"
    """How many units they set aside."""

    CREATED_AT = "created_at"
    """When they were made."""

    UPDATED_AT = "updated_at"
    """When they were last changed."""


choices(ChannelQuotaOrderField)


@input_
class ChannelQuotaOrder:
    """How quotas are sorted; the id decides between equals."""

    field: ChannelQuotaOrderField
    """What they are sorted by."""

    direction: Direction = Direction.ASC
    """Which end comes first."""


@input_
class ChannelQuotaFilter:
    """Which quotas are wanted; all conditions together."""

    id_in: list[strawberry.ID] | None = None
    """One of these ids."""

    channel_id_in: list[strawberry.ID] | None = None
    """For one of these channels."""

    location_id_in: list[strawberry.ID] | None = None
    """At one of these locations."""

    product_id_in: list[strawberry.ID] | None = None
    """Of one of these products."""
