"""API keys: made, shown once, listed, changed, revoked, rotated, and recognised.

Of a key only its SHA-256 is stored: it is random, so that nothing slower is needed. Nobody gives
away rights that they do not hold: whoever makes, changes or rotates a key must hold all of its
permissions.
"""

import hashlib
import secrets
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain import ids
from domain.actor import SYSTEM, Actor, Author
from domain.errors import Conflict, Invalid, NotFound, Unauthorized
from domain.permissions import Permission, expand
from models import keys
from models.lists.keys import KEYS
from models.session import NO_TENANT, Database, Session
from services.lists import Reader

PER_MINUTE_DEFAULT = 100
PER_HOUR_DEFAULT = 1_000
LIMIT_MAX = 1_000_000_000
_LIMITS = {"per_minute": "perMinute", "per_hour": "perHour", "cost_max": "costMax"}
NAME_MAX = 100
LOCATIONS_MAX = 1_000
SCOPES_MAX = 100

api_keys = Reader(KEYS)

_PREFIX = "bdk_live_"
_PREFIX_LETTERS = string.ascii_uppercase + string.digits
_LETTERS = string.ascii_letters + string.digits
_RANDOM_LENGTH = 36  # letters of 62 kinds: 214 bits
_KEY_LENGTH_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyWish:
    """A key to be made. `scopes` are kept as spelled; a limit of None is none of its own."""

    name: str
    scopes: Sequence[str]
    expires_at: datetime | None = None
    per_minute: int | None = PER_MINUTE_DEFAULT
    per_hour: int | None = PER_HOUR_DEFAULT
    cost_max: int | None = None
    location_ids: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class NewKey:
    """What is stored of a key, and its text, which nobody sees again."""

    row: Any
    plain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """What a valid key stands for; `seconds_left` is None when it never expires."""

    actor: Actor
    per_minute: int | None
    per_hour: int | None
    cost_max: int | None
    seconds_left: float | None


async def create(session: Session, wish: KeyWish, by: Actor | None = None) -> NewKey:
    """Make a key; without an actor the program itself does it and may give any right.

    Raises:
        Invalid: a value breaks a rule.
        Forbidden: a scope gives what the actor does not hold.
        AlreadyExists: a key that is not revoked has this name.
    """
    values = {
        "name": wish.name,
        "scopes": list(wish.scopes),
        "expires_at": wish.expires_at,
        "per_minute": wish.per_minute,
        "per_hour": wish.per_hour,
        "cost_max": wish.cost_max,
        "location_ids": None if wish.location_ids is None else list(wish.location_ids),
    }
    await _check(session, values, by)
    author: Author = by.author if by else SYSTEM
    id, plain = ids.new("key_"), _new_plain()
    made = {"id": id, "created_by_id": author.id, "created_by_name": author.name}
    stored = {**values, **_traces(plain), **made}
    row = await session.one(keys.add(stored))
    await session.scalar(keys.put(stored["key_hash"], id))
    return NewKey(row, plain)


async def listed(session: Session, *, limit: int, page: int = 1) -> tuple[Sequence[Any], int]:
    """One page of the keys, newest first, and how many there are.

    Each row has a `status`: ACTIVE, REVOKED or EXPIRED.
    """
    rows = await session.all(keys.listed(limit, (page - 1) * limit))
    return rows, int(await session.scalar(keys.count()))


async def change(session: Session, id: str, values: Mapping[str, Any], by: Actor) -> Any:
    """Change a key's name, scopes, expiry, limits or locations, and give its row.

    Raises:
        Invalid: a value breaks a rule.
        NotFound: there is no such key.
        Forbidden: the key gives, or is to give, what the actor does not hold.
        Conflict: the key is revoked.
    """
    row = await _locked(session, id, by)
    await _check(session, values, by)
    return await session.one(keys.change(id, values)) if values else row


async def revoke(session: Session, id: str) -> Any:
    """Make a key invalid from now on, for good; one that is revoked stays as it is.

    Raises:
        NotFound: there is no such key.
    """
    row = await session.one_or_none(keys.revoke(id))
    if row is None:
        raise NotFound("API key")
    return row


async def rotate(session: Session, id: str, by: Actor) -> NewKey:
    """Give a key a new text and make its old one invalid; all else stays.

    Raises:
        NotFound: there is no such key.
        Forbidden: the key gives what the actor does not hold.
        Conflict: the key is revoked.
    """
    row = await _locked(session, id, by)
    plain = _new_plain()
    traces = _traces(plain)
    await session.scalar(keys.drop(row.key_hash))
    changed = await session.one(keys.change(id, traces))
    await session.scalar(keys.put(traces["key_hash"], id))
    return NewKey(changed, plain)


async def authenticate(database: Database, plain: str) -> Credential:
    """What a key stands for, as it is stored at this moment.

    Raises:
        Unauthorized: it is unknown, revoked or expired; the reason is the documented code.
    """
    if not plain or len(plain) > _KEY_LENGTH_MAX:
        raise Unauthorized("INVALID_API_KEY")
    async with database.read(NO_TENANT) as session:
        found = await session.one_or_none(keys.owner(hash_of(plain)))
    if found is None:
        raise Unauthorized("INVALID_API_KEY")
    async with database.read(found.tenant_id) as session:
        row = await session.one_or_none(keys.get(found.key_id))
    if row is None:
        raise Unauthorized("INVALID_API_KEY")
    if row.status != "ACTIVE":
        raise Unauthorized(f"{row.status}_API_KEY")
    return Credential(
        actor=Actor(
            tenant_id=found.tenant_id,
            key_id=row.id,
            name=row.name,
            permissions=expand(row.scopes),
        ),
        per_minute=row.per_minute,
        per_hour=row.per_hour,
        cost_max=row.cost_max,
        seconds_left=None if row.seconds_left is None else float(row.seconds_left),
    )


def hash_of(plain: str) -> bytes:
    """What is stored in a key's place."""
    return hashlib.sha256(plain.encode(errors="surrogatepass")).digest()


def _new_plain() -> str:
    prefix = "".join(secrets.choice(_PREFIX_LETTERS) for _ in range(6))
    random = "".join(secrets.choice(_LETTERS) for _ in range(_RANDOM_LENGTH))
    return f"{_PREFIX}{prefix}_{random}"


def _traces(plain: str) -> dict[str, Any]:
    return {
        "key_hash": hash_of(plain),
        "key_prefix": plain[: len(_PREFIX) + 6],
        "last4": plain[-4:],
    }


async def _locked(session: Session, id: str, by: Actor) -> Any:
    row = await session.one_or_none(keys.get_locked(id))
    if row is None:
        raise NotFound("API key")
    by.require(*expand(row.scopes))
    if row.status == "REVOKED":
        raise Conflict("The key is revoked: make a new one.", details={"status": row.status})
    return row


async def _check(session: Session, values: Mapping[str, Any], by: Actor | None) -> None:
    if "name" in values:
        _check_name(values["name"])
    if "scopes" in values:
        permissions = _permissions(values["scopes"])
        if by is not None:
            by.require(*permissions)
    for name, field in _LIMITS.items():
        _check_limit(field, values.get(name))
    if len(values.get("location_ids") or ()) > LOCATIONS_MAX:
        raise Invalid("locationIds", f"locationIds are at most {LOCATIONS_MAX}.")
    if values.get("expires_at") is not None and values["expires_at"] <= await session.scalar(
        keys.moment()
    ):
        raise Invalid("expiresAt", "expiresAt must lie ahead.")


def _permissions(scopes: Sequence[str]) -> frozenset[Permission]:
    if not scopes:
        raise Invalid("scopes", "scopes must name at least one permission.")
    if len(scopes) > SCOPES_MAX:
        raise Invalid("scopes", f"scopes are at most {SCOPES_MAX}.")
    try:
        return expand(scopes)
    except Invalid as fault:
        raise Invalid("scopes", fault.message, **fault.details) from None


def _check_name(name: str | None) -> None:
    if not (name or "").strip() or len(name or "") > NAME_MAX:
        raise Invalid("name", f"name must be 1 to {NAME_MAX} characters.")


def _check_limit(field: str, limit: int | None) -> None:
    if limit is not None and not 1 <= limit <= LIMIT_MAX:
        raise Invalid(field, f"{field} must be 1 to {LIMIT_MAX}, or left out for none.")
