"""How kept classifications and pins are filtered and sorted."""

from enum import Enum

import strawberry

from resolvers.fields import choices, input_
from resolvers.filters.abc import AbcClass, AbcMetric
from resolvers.filters.ranges import DateTimeRange, Direction


class AbcRunOrderField(Enum):
    """What kept runs can be sorted by."""

    ID = "id"
    """Their id."""

    CREATED_AT = "created_at"
    """When they were made."""


choices(AbcRunOrderField)


@input_
class AbcRunOrder:
    """How kept runs are sorted; the id decides between equals."""

    field: AbcRunOrderField
    """What they are sorted by."""

    direction: Direction = Direction.ASC
    """Which end comes first."""


@input_
class AbcRunFilter:
    """Which kept runs are wanted; all conditions together."""

    id_in: list[strawberry.ID] | None = None
    """One of these ids."""

    location_id_in: list[strawberry.ID] | None = None
    """Of one of these locations; runs of the whole company have none."""

    metric_in: list[AbcMetric] | None = None
    """By one of these metrics."""

    created_at: DateTimeRange | None = None
    """Made between these moments."""


class AbcRunClassOrderField(Enum):
    """What the products of a kept run can be sorted by."""

    RANK = "rank"
    """Their rank."""

    SKU = "sku"
    """Their SKU."""


choices(AbcRunClassOrderField)


@input_
class AbcRunClassOrder:
    """How the products of a kept run are sorted; the rank decides between equals."""

    field: AbcRunClassOrderField
    """What they are sorted by."""

    direction: Direction = Direction.ASC
    """Which end comes first."""


@input_
class AbcRunClassFilter:
    """Which products of a kept run are wanted; all conditions together."""

    search: str | None = None
    """Words that all must stand in the product's SKU, name or a barcode, in any case and order."""

    product_id_in: list[strawberry.ID] | None = None
    """These products."""

    abc_class_in: list[AbcClass] | None = None
    """In one of these classes."""

    non_moving: bool | None = None
    """Whether nothing of it was used."""


class AbcPinOrderField(Enum):
    """What pins can be sorted by."""

    ID = "id"
    """Their id."""

    CREATED_AT = "created_at"
    """When they were made."""


choices(AbcPinOrderField)


@input_
class AbcPinOrder:
    """How pins are sorted; the id decides between equals."""

    field: AbcPinOrderField
    """What they are sorted by."""

    direction: Direction = Direction.ASC
    """Which end comes first."""


@input_
class AbcPinFilter:
    """Which pins are wanted; all conditions together."""

    id_in: list[strawberry.ID] | None = None
    """One of these ids."""

    product_id_in: list[strawberry.ID] | None = None
    """Of one of these products."""

    location_id_in: list[strawberry.ID] | None = None
    """At one of these locations; pins that hold everywhere have none."""

    abc_class_in: list[AbcClass] | None = None
    """To one of these classes."""
