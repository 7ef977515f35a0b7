"""Units that orders have reserved and not yet taken."""

from decimal import Decimal
from typing import Any

from domain.pages import ListWish, PageWish
from models.session import Session
from services import stock
from services.demo import company
from services.demo.history import SELLERS
from services.demo.products import dice
from services.stock.reading import items

# How many products of a location have an order waiting.
ORDERS = {"loc_main": 44, "loc_cold": 5, "loc_portland": 12, "loc_clinic": 9}
LEAST = Decimal(6)  # available in a bucket that somebody orders from


async def make(session: Session) -> int:
    """Reserve for some orders at each location; how many reservations that are."""
    fenced = {row["sku"]: Decimal(row["allocated"]) for row in company.quota_rows()}
    made = 0
    for location, count in ORDERS.items():
        found = await buckets(session, location)
        numbers = dice("orders", location)
        chosen = sorted(numbers.sample(sorted(found), count))
        if location == "loc_main":
            chosen += [
                id for id in sorted(found) if company.sku_of(id) in fenced and id not in chosen
            ]
        for product_id in chosen:
            await stock.reserve(session, _promise(found[product_id], location, fenced))
            made += 1
    return made


async def buckets(session: Session, location: str) -> dict[str, Any]:
    """The fullest bucket of each product at the location that has enough to order from."""
    filters = (("location_id_in", (location,)), ("available", (LEAST, None)))
    wish = ListWish(filters=filters, order="available", part=PageWish(limit=10_000))
    page = await items.page(session, wish)
    return {row.product_id: row for row in page.rows}


def _promise(bucket: Any, location: str, fenced: dict[str, Decimal]) -> stock.Promise:
    numbers = dice("order", location, bucket.product_id)
    quantity = Decimal(numbers.randint(1, max(1, int(bucket.available / 4))))
    order = f"SO-{numbers.randint(100_000, 999_999)}"
    from_quota = Decimal(0)
    if location == "loc_main" and company.sku_of(bucket.product_id) in fenced:
        channel = "CLINIC"
        from_quota = min(quantity, fenced[company.sku_of(bucket.product_id)])
    else:
        code = next(code for id, code, *_ in company.LOCATIONS if id == location)
        weights = SELLERS[code]
        channel = numbers.choices(list(weights), list(weights.values()))[0]
    return stock.Promise(
        inventory_item_id=bucket.id,
        quantity=quantity,
        channel_id=channel,
        from_quota=from_quota,
        reference=order,
    )
