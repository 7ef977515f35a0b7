"""Puts units on hold that a document has just brought into their buckets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain import ids
from domain.actor import Author
from models import records, stock
from models.holds import holds
from models.session import Session
from services import outbox
from services.holds import scopes
from services.holds.placing import Wish, told


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Units of one bucket for a hold; all of it where no number is given."""

    inventory_item_id: str
    quantity: Decimal | None


async def place_shares(
    session: Session, author: Author, wish: Wish, shares: Sequence[Share]
) -> None:
    """Hold units of many buckets, for what the wish says; the statements are the same for any.

    For units that came in with this transaction, of which nobody was promised any, or for what may
    stay promised. The level rows of their products are locked already.
    """
    if not shares:
        return
    wanted = [share.inventory_item_id for share in shares]
    items = {
        row.id: row for row in await session.all(records.by_ids(stock.inventory_items, wanted))
    }
    who = {"id": author.id, "name": author.name}
    values = [_values(wish, share, items[share.inventory_item_id], who) for share in shares]
    rows = await session.all(records.add_all(holds, values))
    await scopes.refresh(session, sorted({(row.location_id, row.product_id) for row in rows}))
    events = [
        (
            "hold.placed",
            row.id,
            {"before": None, "after": told(row), "actor": who, "reason": wish.reason},
        )
        for row in rows
    ]
    await outbox.emit_all(session, events)


def _values(wish: Wish, share: Share, item: Any, who: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": ids.new("hold_"),
        "type": wish.type,
        "reason": wish.reason,
        "reference": wish.reference,
        "scope": "ITEM",
        "scope_id": item.id,
        "inventory_item_id": item.id,
        "quantity": share.quantity,
        "created_by": who,
        **{name: getattr(item, name) for name in ("product_id", "location_id", "lot_id", "bin_id")},
    }
