"""Moves stock with the holds that lie on its bucket: what was held stays so in the other bin."""

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


async def follow(session: Session, author: Author, change: StockChange) -> StockChange:
    """Have the holds on the bucket that was moved from lie on what they hold where it is now.

    The change is a move that was posted in this transaction; its levels are locked.
    """
    source, target = sorted(change.entries, key=lambda entry: entry.delta)
    units = -source.delta
    active = await session.all(holding.on_item(source.inventory_item_id))
    if not active:
        return change
    free = source.quantity_before - sum((_left(row) or ZERO for row in active), ZERO)
    counted = max(ZERO, units - max(ZERO, free))  # units that holds by number must follow
    for row in active:
        left = _left(row)
        part = units if left is None else min(left, counted)
        if left is not None:
            counted -= part
        if part:
            await _follow(session, author, row, part, target, is_empty=source.quantity_after == 0)
    await scopes.refresh(session, [(source.location_id, source.product_id)])
    return await changes.seen_again(session, change)


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
