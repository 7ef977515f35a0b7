"""How reason codes are filtered and sorted."""

from enum import Enum

import strawberry

from resolvers.fields import choices, input_
from resolvers.filters.ranges import Direction


class ReasonDirection(Enum):
    """Which changes a reason explains."""

    INCREASE = "INCREASE"
    """Units that come in."""

    DECREASE = "DECREASE"
    """Units that go out."""

    BOTH = "BOTH"
    """Either."""


choices(ReasonDirection)


class ReasonCodeOrderField(Enum):
    """What reason codes can be sorted by."""

    ID = "id"
    """Their id."""

    CODE = "code"
    """Their code, by bytes."""

    NAME = "name"
    """Their name, by bytes."""

    CREATED_AT = "created_at"
    """When they were made."""

    UPDATED_AT = "updated_at"
    """When they were last changed."""


choices(ReasonCodeOrderField)


@input_
class ReasonCodeOrder:
    """How reason codes are sorted; the id decides between equals."""

    field: ReasonCodeOrderField
    """What they are sorted by."""

    direction: Direction = Direction.ASC
    """Which end comes first."""


@input_
class ReasonCodeFilter:
    """Which reason codes are wanted; all conditions together."""

    search: str | None = None
    """Words that all must stand in the name, in any case and order."""

    id_in: list[strawberry.ID] | None = None
    """One of these ids."""

    code_in: list[str] | None = None
    """One of these codes."""

    direction_in: list[ReasonDirection] | None = None
    """For changes of one of these directions."""

    category_in: list[str] | None = None
    """In one of these categories."""

    active: bool | None = None
    """Whether they may be used; both when left out."""
