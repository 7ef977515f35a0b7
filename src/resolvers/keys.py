"""API keys: what may be shown of them, and the acts that make them and end them."""

from datetime import datetime
from typing import Any

import strawberry

from domain.permissions import Permission
from domain.sealing import seal, unseal
from models.session import Session
from resolvers import kinds
from resolvers.authors import Author
from resolvers.fields import given, guarded, output, plain
from resolvers.filters.keys import ApiKeyStatus, CreateApiKeyInput, UpdateApiKeyInput
from resolvers.lists import Info, listed, load
from resolvers.nodes import Shown
from resolvers.writes import Manner
from services import keys

_NEEDS = Permission.ADMIN_KEYS


@output
class ApiKey(Shown):
    """A key with which programs ask. Its text is shown once, when it is made or rotated."""

    id: strawberry.ID
    """Names the key; records show it as who made them. It stays when the key is rotated."""

    name: str
    """What it is for."""

    key_prefix: str
    """How its text begins, such as `bdk_live_ABC123`."""

    last4: str
    """The last four characters of its text."""

    scopes: list[str]
    """What it may do, as it was given."""

    status: ApiKeyStatus
    """Whether it is good."""

    location_ids: list[strawberry.ID] | None
    """The locations that it is meant for; absent for all."""

    per_minute: int | None
    """Requests that it may make in a minute of the clock; absent for no limit."""

    per_hour: int | None
    """Requests that it may make in an hour of the clock; absent for no limit."""

    cost_max: int | None
    """What one operation may be estimated to cost; absent for what the server lets every key."""

    expires_at: datetime | None
    """From when on it is not good any more; absent for never."""

    revoked_at: datetime | None
    """When it was revoked; absent while it is not."""

    created_at: datetime
    """When it was made."""

    created_by_id: strawberry.Private[str | None]
    created_by_name: strawberry.Private[str | None]

    @plain
    def created_by(self) -> Author | None:
        """Who made it."""
        return Author.of(self.created_by_id, self.created_by_name)


@output
class NewApiKey:
    """A key, and its text for the only time."""

    api_key: ApiKey
    """What may be shown of it again."""

    plaintext_key: str
    """Its whole text. It is not stored: keep it now."""


@output
class ApiKeyPayload:
    """A key after an act on it."""

    api_key: ApiKey
    """The key as it is now."""


@output
class KeyQueries:
    """Reads of API keys."""

    @guarded(needs=_NEEDS)
    async def api_key(self, info: Info, id: strawberry.ID) -> ApiKey | None:
        """The API key with this id; null when there is none.

        Args:
            id: Its id.
        """
        key: ApiKey | None = await load(info, kinds.API_KEY, id)
        return key

    @listed(kinds.API_KEY)
    def api_keys(self) -> None:
        """API keys, a part of the list at a time; revoked ones are kept in it."""


@output
class KeyMutations:
    """Writes of API keys."""

    @guarded(needs=_NEEDS)
    async def create_api_key(
        self,
        info: Info,
        input: CreateApiKeyInput,
        idempotency_key: str | None = None,
        dry_run: bool = False,  # noqa: FBT001, FBT002 - an argument of the graph
    ) -> NewApiKey:
        """Make a key; nobody may give it more than they may do themselves.

        Args:
            input: The key.
            idempotency_key: Done once for all who ask with this key within 24 hours.
            dry_run: Check everything and keep nothing.
        """
        manner = Manner.of(info, idempotency_key, dry_run=dry_run)
        return await _new(info, manner, keys.create, input.to_wish())

    @guarded(needs=_NEEDS)
    async def update_api_key(
        self,
        info: Info,
        id: strawberry.ID,
        input: UpdateApiKeyInput,
        idempotency_key: str | None = None,
        dry_run: bool = False,  # noqa: FBT001, FBT002 - an argument of the graph
    ) -> ApiKeyPayload:
        """Change a key that is not revoked. It is held to within a second, in every process.

        Args:
            id: The key's id.
            input: What is to be changed.
            idempotency_key: Done once for all who ask with this key within 24 hours.
            dry_run: Check everything and keep nothing.
        """
        manner = Manner.of(info, idempotency_key, dry_run=dry_run)
        row = await manner.perform(info, keys.change, id, given(input), info.context.actor)
        return ApiKeyPayload(api_key=ApiKey.of(row))

    @guarded(needs=_NEEDS)
    async def revoke_api_key(
        self,
        info: Info,
        id: strawberry.ID,
        idempotency_key: str | None = None,
        dry_run: bool = False,  # noqa: FBT001, FBT002 - an argument of the graph
    ) -> ApiKeyPayload:
        """Make a key invalid, for good. It stops within a second, in every process.

        Args:
            id: The key's id.
            idempotency_key: Done once for all who ask with this key within 24 hours.
            dry_run: Check everything and keep nothing.
        """
        manner = Manner.of(info, idempotency_key, dry_run=dry_run)
        row = await manner.perform(info, keys.revoke, id)
        return ApiKeyPayload(api_key=ApiKey.of(row))

    @guarded(needs=_NEEDS)
    async def rotate_api_key(
        self,
        info: Info,
        id: strawberry.ID,
        idempotency_key: str | None = None,
        dry_run: bool = False,  # noqa: FBT001, FBT002 - an argument of the graph
    ) -> NewApiKey:
        """Give a key a new text and make the old one invalid; all else of it stays.

        Args:
            id: The key's id.
            idempotency_key: Done once for all who ask with this key within 24 hours.
            dry_run: Check everything and keep nothing.
        """
        manner = Manner.of(info, idempotency_key, dry_run=dry_run)
        return await _new(info, manner, keys.rotate, id)


async def _new(info: Info, manner: Manner, use_case: Any, *args: Any) -> NewApiKey:
    """Make a key's text; where the outcome is kept for a repeat, the text is kept sealed."""
    secret = info.context.secret("texts of new keys")
    row, sealed = await manner.perform(info, _sealed, secret, use_case, *args, info.context.actor)
    return NewApiKey(api_key=ApiKey.of(row), plaintext_key=unseal(secret, sealed))


async def _sealed(session: Session, secret: bytes, use_case: Any, *args: Any) -> tuple[Any, bytes]:
    new: keys.NewKey = await use_case(session, *args)
    return new.row, seal(secret, new.plain)
