"""Holds whole buckets while somebody looks at them; any number in the same statements."""

from collections.abc import Sequence

from domain.actor import Author
from models import holding, records, stock
from models.holds import holds
from models.session import Session
from services import outbox
from services.holds import arriving, scopes
from services.holds.arriving import Share
from services.holds.placing import Wish, told


async def freeze(session: Session, author: Author, wish: Wish, item_ids: Sequence[str]) -> None:
    """Hold all of these buckets, for what the wish says; what was promised of them stays promised.

    The level rows of their products stay locked until the transaction ends.
    """
    rows = await session.all(records.by_ids(stock.inventory_items, item_ids))
    await scopes.lock(session, sorted({(row.location_id, row.product_id) for row in rows}))
    shares = [Share(inventory_item_id=row.id, quantity=None) for row in rows]
    await arriving.place_shares(session, author, wish, shares)


async def thaw(session: Session, author: Author, type: str, reference: str) -> None:
    """Release the holds of this type that were placed for this reference, if there are any."""
    found = await session.all(holding.active_for(type, reference))
    if not found:
        return
    pairs = sorted({(row.location_id, row.product_id) for row in found})
    await scopes.lock(session, pairs)
    who = {"id": author.id, "name": author.name}
    now = await session.scalar(holding.now())
    values = {"state": "RELEASED", "released_by": who, "released_at": now}
    ended = await session.all(records.change_all(holds, [row.id for row in found], values))
    await scopes.refresh(session, pairs)
    before = {row.id: told(row) for row in found}
    events = [
        (
            "hold.released",
            row.id,
            {"before": before[row.id], "after": told(row), "actor": who, "reason": None},
        )
        for row in ended
    ]
    await outbox.emit_all(session, events)
