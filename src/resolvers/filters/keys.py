"""How API keys are made and changed, filtered and sorted."""

from datetime import datetime
from enum import Enum

import strawberry

from resolvers.fields import choices, given, input_
from resolvers.filters.ranges import Direction
from services.keys import KeyWish


class ApiKeyStatus(Enum):
    """Whether a key is good."""

    ACTIVE = "ACTIVE"
    """It is good."""

    EXPIRED = "EXPIRED"
    """Its time has passed."""

    REVOKED = "REVOKED"
    """It was made invalid, for good."""


choices(ApiKeyStatus)


class ApiKeyOrderField(Enum):
    """What API keys can be sorted by."""

    ID = "id"
    """Their id."""

    NAME = "name"
    """Their name."""

    CREATED_AT = "created_at"
    """When they were made."""


choices(ApiKeyOrderField)


@input_
class ApiKeyOrder:
    """How API keys are sorted; the id decides between equals."""

    field: ApiKeyOrderField
    """What they are sorted by."""

    direction: Direction = Direction.ASC
    """Which end comes first."""


@input_
class ApiKeyFilter:
    """Which API keys are wanted; all conditions together."""

    search: str | None = None
    """Words that all must stand in the name, in any case and order."""

    id_in: list[strawberry.ID] | None = None
    """One of these ids."""

    status_in: list[ApiKeyStatus] | None = None
    """In one of these states."""


@input_
class CreateApiKeyInput:
    """A key to be made."""

    name: str
    """What it is for, at most 100 characters; no other key that is not revoked may have it."""

    scopes: list[str]
    """What it may do: permissions such as `inventory.read`, areas such as `inventory.*`, scopes
    such as `inventory:read`, or `*` for everything."""

    expires_at: datetime | None = strawberry.UNSET
    """From when on it is not good any more; never, when left out."""

    per_minute: int | None = strawberry.UNSET
    """Requests in a minute of the clock: 100 when left out, without a limit when null."""

    per_hour: int | None = strawberry.UNSET
    """Requests in an hour of the clock: 1,000 when left out, without a limit when null."""

    cost_max: int | None = strawberry.UNSET
    """What one operation may be estimated to cost, where that is to be less than the server lets
    every key."""

    location_ids: list[strawberry.ID] | None = strawberry.UNSET
    """The locations that it is meant for; all, when left out."""

    def to_wish(self) -> KeyWish:
        """The same as the service takes it."""
        return KeyWish(**given(self))


@input_
class UpdateApiKeyInput:
    """What is to be changed of a key; what is left out stays."""

    name: str | None = strawberry.UNSET
    """What it is for."""

    scopes: list[str] | None = strawberry.UNSET
    """What it may do."""

    expires_at: datetime | None = strawberry.UNSET
    """From when on it is not good any more; null for never."""

    per_minute: int | None = strawberry.UNSET
    """Requests in a minute of the clock; null for no limit."""

    per_hour: int | None = strawberry.UNSET
    """Requests in an hour of the clock; null for no limit."""

    cost_max: int | None = strawberry.UNSET
    """What one operation may be estimated to cost; null for what the server lets every key."""

    location_ids: list[strawberry.ID] | None = strawberry.UNSET
    """The locations that it is meant for; null for all."""
