"""Goods that are put away and products that are replenished, in every state."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from domain.actor import SYSTEM
from domain.pages import ListWish, PageWish
from models.session import Session
from services import put_away, replenishment
from services.demo.products import dice
from services.replenishment import records
from services.stock.reading import items

MAIN, SHOP = "loc_main", "loc_portland"
LEAST = Decimal(12)  # available in a bucket of which a part is put away
_EXPIRY = date(2040, 6, 30)  # of what is received here, in whichever year the demo is made
CONFIGS = 24  # products that are replenished
_RULES = (
    {"id": "rule_bulk", "name": "Pallets of drinks go to the rack", "strategy": "BULK_OVERFLOW"},
    {"id": "rule_beside", "name": "Beside the same lot", "strategy": "CONSOLIDATE"},
    {"id": "rule_last", "name": "Shop: where it was last", "strategy": "LAST_USED"},
)
_SCOPES: dict[str, dict[str, Any]] = {
    "rule_bulk": {"location_id": MAIN, "category_id": "cat_drinks", "priority": 10},
    "rule_beside": {"location_id": MAIN},
    "rule_last": {"location_id": SHOP, "priority": 5},
}


async def make(session: Session) -> None:
    """Make rules, tasks, configurations and records; each state is there at least once."""
    for rule in _RULES:
        await put_away.create_rule(session, {**rule, **_SCOPES[rule["id"]]})
    buckets = await _buckets(session)
    await _tasks(session, buckets[:6])
    products = [bucket.product_id for bucket in buckets[6 : 6 + CONFIGS]]
    await _configs(session, products)
    await _records(session, products)


async def _buckets(session: Session) -> list[Any]:
    """Buckets of different products of the main warehouse with enough in them."""
    filters = (("location_id_in", (MAIN,)), ("available", (LEAST, None)), ("is_held", False))
    page = await items.page(
        session, ListWish(filters=filters, order="id", part=PageWish(limit=5_000))
    )
    first = {row.product_id: row for row in page.rows if row.bin_id is not None}
    chosen = dice("warehouse").sample(sorted(first), 6 + CONFIGS)
    return [first[id] for id in chosen]


async def _tasks(session: Session, buckets: Sequence[Any]) -> None:
    """A task in each state, one that was split, and one that came short."""
    ready, begun, done, short, divided, ended = [await _task(session, one) for one in buckets]
    await put_away.comment(session, SYSTEM, _act(ready, comment="Wait for the forklift."))
    await put_away.start(session, SYSTEM, _act(begun))
    await put_away.pick(session, SYSTEM, _act(begun))
    await put_away.complete(session, SYSTEM, _act(done))
    less = [put_away.LineAct(line_id=short.lines[0].id, quantity=Decimal(2))]
    await put_away.complete(session, SYSTEM, _act(short, lines=less, comment="One was broken."))
    part = [put_away.LineAct(line_id=divided.lines[0].id, quantity=Decimal(1))]
    await put_away.split(session, SYSTEM, _act(divided, lines=part))
    await put_away.cancel(session, SYSTEM, _act(ended, comment="Stays on the shelf."))


async def _task(session: Session, bucket: Any) -> put_away.Outcome:
    item = put_away.ItemWish(inventory_item_id=bucket.id, quantity=Decimal(3))
    goods = put_away.Wish(location_id=MAIN, items=[item], strategy="STORAGE_CLASS")
    return await put_away.create(session, SYSTEM, put_away.TaskWish(goods=goods))


def _act(task: put_away.Outcome, **more: Any) -> put_away.Act:
    return put_away.Act(task_id=task.task.id, **more)


# Those that go by a mean demand: nothing of the company's demand has a day.
_METHODS = [one for one in replenishment.METHODS if one != "DEMAND_DATED"]


async def _configs(session: Session, products: Sequence[str]) -> None:
    """Each method in turn in the main warehouse; every third product in the shop as well."""
    for index, product_id in enumerate(products):
        method = _METHODS[index % len(_METHODS)]
        least = dice("replenishment", product_id).randint(10, 30)
        values = {
            "product_id": product_id,
            "location_id": MAIN,
            "method": method,
            "min_quantity": Decimal(least),
            "reorder_point": Decimal(least * 2),
            "max_quantity": Decimal(least * 4),
            "order_quantity": Decimal(least * 2),
            "pack_size": Decimal(6),
            "lead_time_days": 5 + index % 4,
            "service_level": Decimal("0.95"),
            "cover_days": 14,
            "order_cost": Decimal(12),
            "holding_cost": Decimal("1.5"),
        }
        await replenishment.configure(session, SYSTEM, values, None)
        if index % 3 == 0:
            shop = {
                "product_id": product_id,
                "location_id": SHOP,
                "method": "MIN_MAX",
                "min_quantity": Decimal(4),
                "reorder_point": Decimal(6),
                "max_quantity": Decimal(12),
                "source_location_id": MAIN,
            }
            await replenishment.configure(session, SYSTEM, shop, None)


async def _records(session: Session, products: Sequence[str]) -> None:
    """A record in each state, and one that became a transfer."""
    made = [await _record(session, product) for product in products[:9]]
    for one in made[1:7]:
        await records.approve(session, SYSTEM, _step(one))
    for one in made[2:6]:
        order = _step(one, values={"reference": f"PO-{one.record.number[-4:]}"})
        await records.order(session, SYSTEM, order)
    await _receive(session, made[3], 6)
    await _receive(session, made[4], 24)
    await records.close(session, SYSTEM, _step(made[5], comment="Sold out at the supplier."))
    await records.reject(session, SYSTEM, _step(made[7], reason="Goes out of the range"))
    await records.cancel(session, SYSTEM, _step(made[8]))
    wish = records.Wish(
        product_id=products[0],
        location_id=SHOP,
        quantity=Decimal(2),
        source_location_id=MAIN,
    )
    moved = await records.create(session, SYSTEM, wish)
    await records.approve(session, SYSTEM, _step(moved))
    await records.order(session, SYSTEM, _step(moved))


async def _record(session: Session, product_id: str) -> records.Outcome:
    wish = records.Wish(product_id=product_id, location_id=MAIN, quantity=Decimal(24))
    return await records.create(session, SYSTEM, wish)


def _step(made: records.Outcome, **more: Any) -> records.StepWish:
    return records.StepWish(record_id=made.record.id, **more)


async def _receive(session: Session, made: records.Outcome, units: int) -> None:
    wish = records.Receipt(
        record_id=made.record.id,
        quantity=Decimal(units),
        bin_id="bin_main_recv1",
        lot_number=f"R-{made.record.number}",
        expiry_date=_EXPIRY,
    )
    await records.receive(session, SYSTEM, wish)
