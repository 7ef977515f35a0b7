"""Opens buckets that are named by their ids: locked and read in one call, with all about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models import acting
from models.session import Session
from services.stock import buckets
from services.stock.buckets import Key, Known, Values


@dataclass(frozen=True, slots=True)
class Opened:
    """What an act needs to know before it posts; the levels of the buckets are locked.

    `held` are the buckets by their keys. `reason` is the row that the act's values name, if any.
    """

    known: Known
    held: Mapping[Key, Any]
    reason: Any


async def open_(session: Session, lines: Sequence[Values], values: Values) -> Opened | None:
    """Open the buckets of lines that all name an inventory item; None for others.

    The order of the locks is that of a posting, and only its lock is left out: the parts of
    buckets that are there already do not move their sums unseen.

    Raises:
        Invalid: there are no lines, or too many.
    """
    buckets.check_count(lines)
    ids = {line.get("inventory_item_id") for line in lines}
    if not all(ids):
        return None
    reason = (values.get("reason_code_id"), values.get("reason_code"))
    rows = await session.all(acting.opened(sorted(map(str, ids)), *reason))
    parts = [{name: acting.joined(row, name) for name in _PARTS} for row in rows]
    items = [part["item"] for part in parts]
    return Opened(
        known=Known(
            items={item.id: item for item in items},
            products={part["product"].id: part["product"] for part in parts},
            locations={},
            bins={},
            lots={part["lot"].id: part["lot"] for part in parts if part["lot"] is not None},
            numbered={},
        ),
        held={(one.location_id, one.product_id, one.bin_id, one.lot_id): one for one in items},
        reason=parts[0]["reason"] if parts else None,
    )


_PARTS = ("item", "product", "lot", "reason")
