"""Hard reservations: units of a bucket that a document will move."""

import json
from dataclasses import dataclass
from decimal import Decimal

from domain import ids
from domain.errors import InsufficientStock, Invalid
from domain.quantities import ZERO, exact, plain
from models import postings
from models.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A wish to set `quantity` base units of a bucket aside for a document.

    `from_quota` of them use up the channel's quota.
    """

    inventory_item_id: str
    quantity: Decimal
    channel_id: str | None = None
    from_quota: Decimal = ZERO
    reference: str | None = None


async def reserve(session: Session, wish: Promise) -> str:
    """Reserve, and give the reservation's id.

    The level row of the bucket's product and then the bucket stay locked until the transaction
    ends, so two callers can never both be given the last unit.

    Raises:
        Invalid: the quantity is not positive, or no number that storage keeps exactly.
        InsufficientStock: the bucket, or its product at the location, has fewer usable units that
            nobody was promised.
    """
    if exact(wish.quantity, "quantity") <= 0:
        raise Invalid("quantity", "quantity must be above 0.")
    id = ids.new("resv_")
    try:
        await session.call(
            postings.RESERVE,
            id,
            wish.inventory_item_id,
            wish.quantity,
            wish.channel_id,
            wish.from_quota,
            wish.reference,
        )
    except postings.REFUSALS as error:
        if not postings.is_refusal(error):
            raise
        free = plain(Decimal(json.loads(postings.detail(error), parse_float=str)["free"]))
        raise InsufficientStock(
            f"{wish.quantity} were asked for and {free} are free.",
            field="quantity",
            details={"asked": wish.quantity, "free": free},
        ) from error
    return id
