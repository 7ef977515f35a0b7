"""Moves stock with the holds that lie on its bucket: what was held stays so in the other bin."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from domain.actor import Author
from domain.quantities import ZERO
from models import holding
from models.holds import holds
from models.session import Session
from services import outbox, records
from services.holds import scopes
from services.holds.placing import told
from services.stock import changes, moving
from services.stock.buckets import Values
from services.stock.changes import StockChange

_REASON = "Moved to another bin"
_KEPT = ("type", "reason", "reference", "expires_at", "created_by")


async def move(session: Session, author: Author, values: Values) -> StockChange:
    """Move units of a bucket to another bin; holds on the bucket follow the units that they hold.

    Units that no hold counts go first. What then goes of a hold is released here and held there,
    for the same reason and as long. Holds on lots, bins and quantities need not follow.

    Raises:
        As `services.stock.moving.move`.
    """
    return await follow(session, author, await moving.move(session, author, values))


async def move_all(
    session: Session,
    author: Author,
    lines: Sequence[Values],
    head: Values,
    *,
    document: tuple[str, str],
) -> StockChange:
    """The same for several buckets as one document, with a statement more for each that is held.

    Raises:
        As `services.stock.moving.move_all`.
    """
    change = await moving.move_all(session, author, lines, head, document=document)
    return await follow(session, author, change)


async def follow(session: Session, author: Author, change: StockChange) -> StockChange:
    """Have the holds on the buckets that were moved from lie on what they hold where it is now.

    The change is of moves that were posted in this transaction, two entries each; its levels are
    locked.
    """
    pairs = moving.pairs_of(change)
    ids = sorted({source.inventory_item_id for source, _ in pairs})
    held = {row.scope_id for row in await session.all(holding.on_items(ids))}
    for source, target in pairs:
        if source.inventory_item_id in held:
            await _carry_pair(session, author, source, target)
    if not held:
        return change
    touched = {(s.location_id, s.product_id) for s, _ in pairs if s.inventory_item_id in held}
    await scopes.refresh(session, sorted(touched))
    return await changes.seen_again(session, change)


async def _carry_pair(session: Session, author: Author, source: Any, target: Any) -> None:
    active = await session.all(holding.on_items([source.inventory_item_id]))
    units = -source.delta
    free = source.quantity_before - sum((_left(row) or ZERO for row in active), ZERO)
    counted = max(ZERO, units - max(ZERO, free))  # units that holds by number must follow
    for row in active:
        left = _left(row)
        part = units if left is None else min(left, counted)
        if left is not None:
            counted -= part
        if part:
            await _follow(session, author, row, part, target, is_empty=source.quantity_after == 0)


def _left(row: Any) -> Decimal | None:
    """Units that a hold by number still holds; None of one that holds all."""
    return None if row.quantity is None else row.quantity - row.quantity_released


async def _follow(
    session: Session, author: Author, row: Any, part: Decimal, target: Any, *, is_empty: bool
) -> None:
    """Hold so many units at the target, and no longer hold them here."""
    values: dict[str, Any] = {}
    if row.quantity is not None:
        values = {"quantity_released": row.quantity_released + part}
        is_over = part == _left(row)
    else:
        is_over = is_empty
    if is_over:
        values |= {
            "state": "RELEASED",
            "released_by": {"id": author.id, "name": author.name},
            "released_at": await session.scalar(holding.now()),
            "release_reason": _REASON,
        }
    if values:
        after = await records.change(session, holds, row, values)
        await _tell(session, author, "hold.released", row, after)
    reach = await scopes.of_item(session, target.inventory_item_id)
    kept = {name: getattr(row, name) for name in _KEPT}
    wish = {**kept, **reach.values, "quantity": part}
    made = await records.add(session, holds, "Hold", "hold_", wish)
    await _tell(session, author, "hold.placed", None, made)


async def _tell(session: Session, author: Author, topic: str, before: Any, after: Any) -> None:
    event = {
        "before": None if before is None else told(before),
        "after": told(after),
        "actor": {"id": author.id, "name": author.name},
        "reason": _REASON,
    }
    await outbox.emit(session, topic, after.id, event)
