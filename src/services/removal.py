"""What keeps a record from being deleted."""

from collections.abc import Mapping
from typing import Any

from domain.errors import InUse
from models import records
from models.lists import stock
from models.session import Session

LEFT_SHOWN_MAX = 20
RETIRE = "Retire it with active: false instead."


async def refuse_use(
    session: Session, thing: str, id: str, pointers: Mapping[str, Any], cure: str
) -> None:
    """Refuse to go on while rows point at this id; `pointers` says which, by what they are.

    Raises:
        InUse: its details say how many of what are left.
    """
    row = await session.one(records.uses(id, pointers))
    left = {name: count for name, count in row._mapping.items() if count}  # noqa: SLF001 - public in spite of its name
    if left:
        told = ", ".join(f"{count} {name}" for name, count in left.items())
        raise InUse(f"{thing} is in use: {told}. {cure}", field="id", details={"left": left})


async def refuse_stocked(session: Session, thing: str, **where: str) -> None:
    """Refuse to go on while units are on hand at the place that `where` names by column.

    Raises:
        InUse: its details list what is left, the largest first.
    """
    rows = await session.all(stock.on_hand_left(LEFT_SHOWN_MAX + 1, **where))
    if rows:
        left = [
            {"productId": row.product_id, "locationId": row.location_id, "onHand": row.on_hand}
            for row in rows[:LEFT_SHOWN_MAX]
        ]
        units = sum(row.on_hand for row in rows)
        more = len(rows) > LEFT_SHOWN_MAX
        raise InUse(
            f"{thing} still has {units.normalize():f}{' or more' if more else ''} units on hand.",
            field="id",
            details={"onHand": left, "more": more},
        )
