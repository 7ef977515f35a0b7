"""How transfers are filtered and sorted, and the words that they use."""

from enum import Enum

import strawberry

from domain.machines.transfers import TransferStatus
from resolvers.fields import choices, input_
from resolvers.filters.ranges import DateRange, DateTimeRange, Direction


class TransferOrderField(Enum):
    """What transfers can be sorted by."""

    ID = "id"
    """Their id."""

    CREATED_AT = "created_at"
    """When they were made."""

    EXPECTED_ON = "expected_on"
    """When they are to arrive; those without a day count as the latest."""

    NUMBER = "number"
    """Their number."""

    UPDATED_AT = "updated_at"
    """When they last changed."""


choices(TransferOrderField)


@input_
class TransferOrder:
    """How transfers are sorted; the id decides between equals."""

    field: TransferOrderField
    """What they are sorted by."""

    direction: Direction = Direction.ASC
    """Which end comes first."""


@input_
class TransferFilter:
    """Which transfers are wanted; all conditions together."""

    id_in: list[strawberry.ID] | None = None
    """One of these ids."""

    number_in: list[str] | None = None
    """One of these numbers."""

    status_in: list[TransferStatus] | None = None
    """In one of these states."""

    source_location_id_in: list[strawberry.ID] | None = None
    """From one of these locations."""

    dest_location_id_in: list[strawberry.ID] | None = None
    """To one of these locations."""

    product_id_in: list[strawberry.ID] | None = None
    """With one of these products, and others perhaps."""

    search: str | None = None
    """Whose number or reference holds each of these words."""

    created_at: DateTimeRange | None = None
    """Made between these moments."""

    expected_on: DateRange | None = None
    """To arrive between these days; those without a day never match."""
