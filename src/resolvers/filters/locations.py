"""How locations and bins are filtered and sorted."""

from enum import Enum

import strawberry

from resolvers.fields import choices, input_
from resolvers.filters.ranges import Direction


class LocationOrderField(Enum):
    """What locations can be sorted by."""

    ID = "id"
    """Their id."""

    CODE = "code"
    """Their code, by bytes."""

    NAME = "name"
    """Their name, without regard to case."""

    TYPE = "type"
    """What they are used for."""

    CREATED_AT = "created_at"
    """When they were made."""

    UPDATED_AT = "updated_at"
    """When they were last changed."""


choices(LocationOrderField)


@input_
class LocationOrder:
    """How locations are sorted; the id decides between equals."""

    field: LocationOrderField
    """What they are sorted by."""

    direction: Direction = Direction.ASC
    """Which end comes first."""


@input_
class LocationFilter:
    """Which locations are wanted; all conditions together."""

    search: str | None = None
    """Words that all must stand in the code or the name, in any case and order."""

    id_in: list[strawberry.ID] | None = None
    """One of these ids."""

    code_in: list[str] | None = None
    """One of these codes."""

    type_in: list[str] | None = None
    """Of one of these types."""

    parent_id_in: list[strawberry.ID] | None = None
    """Right below one of these locations."""

    is_root: bool | None = None
    """At the top of the tree, or below it."""

    active: bool | None = None
    """Still used, or not."""


class BinMixing(Enum):
    """What may lie in a bin together when goods are put away."""

    ANY = "ANY"
    """Anything."""

    SAME_PRODUCT = "SAME_PRODUCT"
    """One product, of any lots."""

    SAME_LOT = "SAME_LOT"
    """One lot of one product."""

    EMPTY_ONLY = "EMPTY_ONLY"
    """Nothing is added to what lies there."""


choices(BinMixing)


class BinOrderField(Enum):
    """What bins can be sorted by."""

    ID = "id"
    """Their id."""

    CODE = "code"
    """Their code, by bytes."""

    TYPE = "type"
    """What they are used for."""

    PICK_ORDER = "pick_order"
    """Where they come on the way of a picker."""

    CREATED_AT = "created_at"
    """When they were made."""

    UPDATED_AT = "updated_at"
    """When they were last changed."""


choices(BinOrderField)


@input_
class BinOrder:
    """How bins are sorted; the id decides between equals."""

    field: BinOrderField
    """What they are sorted by."""

    direction: Direction = Direction.ASC
    """Which end comes first."""


@input_
class BinFilter:
    """Which bins are wanted; all conditions together."""

    search: str | None = None
    """Words that all must stand in the code, the name or the zone, in any case and order."""

    id_in: list[strawberry.ID] | None = None
    """One of these ids."""

    location_id_in: list[strawberry.ID] | None = None
    """At one of these locations."""

    type_in: list[str] | None = None
    """Of one of these types."""

    zone_in: list[str] | None = None
    """In one of these zones."""

    is_held: bool | None = None
    """Whose type keeps their stock from being promised, or not."""

    active: bool | None = None
    """Still used, or not."""
