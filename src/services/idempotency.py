"""One effect for a key, however often and by however many it is asked for."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from domain import outcomes
from domain.errors import Conflict, IdempotencyKeyReused, Invalid, Unavailable
from models import idempotency
from models.session import Database, Session
from services import tenants

KEY_MAX = 255  # characters
_PURGED_AT_ONCE = 500
_DONE, _REFUSED = "done", "refused"


@dataclass(frozen=True, slots=True)
class Once:
    """A wish that an act happens once: its key, its name, and a digest of all it was asked with.

    A refusal is kept with the id of the request.
    """

    key: str
    operation: str
    fingerprint: bytes
    request_id: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What the act gave or refused, as it is kept; a replay had no effect."""

    outcome: dict[str, Any]
    is_replay: bool

    def given(self) -> Any:
        """What the act gave, as attribute bags.

        Raises:
            Conflict: the act was refused.
        """
        if _REFUSED in self.outcome:
            raise outcomes.decode_refusal(self.outcome[_REFUSED])
        return outcomes.decode(self.outcome[_DONE])


def check_key(key: str) -> str:
    """The key, if it can be one.

    Raises:
        Invalid: it is empty, too long, or has characters that cannot be seen.
    """
    if not 1 <= len(key) <= KEY_MAX or not key.isprintable():
        message = f"An idempotency key is 1 to {KEY_MAX} printable characters."
        raise Invalid("idempotencyKey", message)
    return key


def claim(once: Once) -> str:
    """What the door asks as it opens a session for this wish: whether its key is free.

    The key's row is then locked before anything of the act, and until the transaction ends: who
    asks at the same time waits.
    """
    return idempotency.claim(once.key, once.operation, once.fingerprint)


async def perform(
    session: Session, once: Once, use_case: Callable[..., Awaitable[Any]], *args: Any
) -> Kept:
    """Run the use case unless its key is taken; then give what is kept under it.

    The session was opened with the claim. What the act gave is kept in its own transaction.

    Raises:
        IdempotencyKeyReused: the key was used for something else.
        Unavailable: others took and left the key while this waited for it.
    """
    if not session.is_answered:
        return await _replay(session, once)
    outcome = {_DONE: outcomes.encode(await use_case(session, *args))}
    session.at_end(idempotency.keep(once.key, outcome))
    return Kept(outcome, is_replay=False)


async def refuse(session: Session, once: Once, refused: Conflict) -> Kept:
    """Keep a refusal that came of the state at the time, once what the act did was taken back.

    The session was opened with the claim. Who has taken the key in between was asked the same:
    what he was told is told here as well. Other errors leave the key free.

    Raises:
        As `perform`.
    """
    if not session.is_answered:
        return await _replay(session, once)
    outcome = {_REFUSED: outcomes.encode_refusal(refused, once.request_id)}
    session.at_end(idempotency.keep(once.key, outcome))
    return Kept(outcome, is_replay=False)


async def _replay(session: Session, once: Once) -> Kept:
    row = await session.one_or_none(idempotency.get(once.key))
    if row is None:
        raise Unavailable("Another request with this idempotency key is under way; try again.")
    if bytes(row.fingerprint) != once.fingerprint:
        raise IdempotencyKeyReused
    return Kept(row.outcome, is_replay=True)


async def purge(database: Database) -> int:
    """Delete the keys of all tenants whose time is over, some at a time; how many there were."""
    gone = 0
    for tenant_id, _code, _made in await tenants.listed(database):
        deleted = _PURGED_AT_ONCE
        while deleted == _PURGED_AT_ONCE:
            async with database.write(tenant_id) as session:
                deleted = await session.run(idempotency.purge(_PURGED_AT_ONCE))
            gone += deleted
    return gone
