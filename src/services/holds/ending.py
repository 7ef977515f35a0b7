"""Ends holds: released by somebody, whole or in part, or by the clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain.actor import SYSTEM, Author
from domain.errors import HoldEnded, Invalid, LimitExceeded, NotFound
from domain.quantities import plain
from models import holding
from models import records as statements
from models.holds import holds
from models.session import Database, Session
from services import checks, outbox, records, tenants
from services.holds import scopes
from services.holds.placing import told
from services.holds.reading import holds as reader
from services.holds.scopes import Pair

HOLDS_MAX = 100  # of one release
_BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A wish to release holds; `quantity` releases so many base units of a single one."""

    hold_ids: Sequence[str]
    quantity: Decimal | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """The holds as they stand, in the order in which they were named."""

    holds: Sequence[Any]
    message: str
    touched: Sequence[Pair]


async def release(session: Session, author: Author, wish: Release) -> Released:
    """Release holds, all of them or none; what they held can be promised from now on.

    The holds, then their lots and bins, then the level rows of what they held stay locked until
    the transaction ends.

    Raises:
        Invalid: a value breaks a rule, a hold is named twice, or a part of a hold without a
            quantity is to be released.
        NotFound: there is no such hold.
        HoldEnded: a hold is released or expired, or holds fewer units than are to be released.
    """
    _check(wish)
    found = [await _locked(session, wish, id) for id in sorted(wish.hold_ids)]
    pairs: set[Pair] = set()
    for row in sorted(found, key=lambda row: (row.scope != "LOT", row.scope_id)):
        pairs.update((await scopes.of_hold(session, row)).pairs)
    touched = sorted(pairs)
    await scopes.lock(session, touched)
    now = await session.scalar(holding.now())
    for row in found:
        await _end(session, author, wish, row, now)
    await scopes.refresh(session, touched)
    shown = await reader.by_ids(session, wish.hold_ids)
    return Released(
        holds=[shown[id] for id in wish.hold_ids], message=_message(wish), touched=touched
    )


async def sweep(database: Database) -> int:
    """Write down what the clock has ended, for every tenant; how many holds there were.

    Reads are right without it. Any number of processes may do so at once.
    """
    ended = 0
    for tenant_id, _code, _made in await tenants.listed(database):
        count = _BATCH
        while count == _BATCH:
            async with database.write(tenant_id) as session:
                rows = await session.all(holding.ended(_BATCH))
                for row in rows:
                    changed = await records.change(session, holds, row, {"state": "EXPIRED"})
                    await _emit(session, "hold.expired", row, changed, SYSTEM, None)
            count = len(rows)
            ended += count
    return ended


def _check(wish: Release) -> None:
    checks.texts({"reason": wish.reason}, "reason")
    checks.amounts({"quantity": wish.quantity}, "quantity", above=Decimal(0))
    if not wish.hold_ids:
        raise Invalid("holdIds", "Name at least one hold.")
    if len(wish.hold_ids) > HOLDS_MAX:
        message = f"holdIds has more than {HOLDS_MAX} holds."
        raise LimitExceeded("holdIds", message, max=HOLDS_MAX)
    for index, id in enumerate(wish.hold_ids):
        if id in wish.hold_ids[:index]:
            raise Invalid(f"holdIds[{index}]", "The hold is named twice.")
    if wish.quantity is not None and len(wish.hold_ids) > 1:
        raise Invalid("quantity", "A quantity is released of one hold only.")


async def _locked(session: Session, wish: Release, id: str) -> Any:
    row = await session.one_or_none(statements.get_locked(holds, id))
    if row is None:
        raise NotFound("Hold", f"holdIds[{list(wish.hold_ids).index(id)}]")
    return row


async def _end(session: Session, author: Author, wish: Release, row: Any, now: Any) -> None:
    """Release all of a hold that is locked, or the wished part."""
    is_over = row.state == "ACTIVE" and row.expires_at is not None and row.expires_at <= now
    if row.state != "ACTIVE" or is_over:
        state = "EXPIRED" if is_over else row.state
        message = f"The hold is {state.lower()} already."
        raise HoldEnded(message, field="holdIds", details={"holdId": row.id, "state": state})
    values = {
        "state": "RELEASED",
        "released_by": {"id": author.id, "name": author.name},
        "released_at": now,
        "release_reason": wish.reason,
    }
    if row.quantity is not None:
        left = row.quantity - row.quantity_released
        part = left if wish.quantity is None else wish.quantity
        if part > left:
            raise HoldEnded(
                f"The hold holds {plain(left)}, and {plain(part)} are to be released.",
                field="quantity",
                details={"holdId": row.id, "held": plain(left), "asked": plain(part)},
            )
        values["quantity_released"] = row.quantity_released + part
        if part < left:
            del values["state"]
    elif wish.quantity is not None:
        raise Invalid("quantity", "The hold is on all of it: release it whole.")
    changed = await records.change(session, holds, row, values)
    await _emit(session, "hold.released", row, changed, author, wish.reason)


async def _emit(
    session: Session, topic: str, before: Any, after: Any, author: Author, reason: str | None
) -> None:
    event = {
        "before": told(before),
        "after": told(after),
        "actor": {"id": author.id, "name": author.name},
        "reason": reason,
    }
    await outbox.emit(session, topic, after.id, event)


def _message(wish: Release) -> str:
    if wish.quantity is not None:
        return f"Released {plain(wish.quantity)} units."
    count = len(wish.hold_ids)
    return "Released the hold." if count == 1 else f"Released {count} holds."
