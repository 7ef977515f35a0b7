"""Does to the database what a step of the ledger's model does, and reads back all of it."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import asyncpg
from sqlalchemy import text

from domain import ids
from domain.actor import SYSTEM
from domain.errors import (
    CountedSince,
    HoldEnded,
    InsufficientStock,
    NotFound,
    PeriodClosed,
    StaleQuantity,
)
from ledger_model import Bucket, Change, Hold, Level
from models import postings
from models.session import Session
from services import holds, idempotency, stock
from world import World

_BUCKETS = """
select i.location_id, i.product_id, i.bin_id, i.lot_id, i.on_hand, i.reserved,
  coalesce((select sum(e.delta) from ledger_entries e
    where e.tenant_id = i.tenant_id and e.inventory_item_id = i.id), 0) as posted,
  coalesce((select sum(r.quantity) from reservations r where r.tenant_id = i.tenant_id
    and r.inventory_item_id = i.id and r.state = 'ACTIVE'), 0) as promised
from inventory_items i where i.tenant_id = stock_tenant()
"""
_ENTRIES = """
select i.location_id, i.product_id, i.bin_id, i.lot_id, e.delta, e.quantity_after, e.occurred_at
from ledger_entries e
join postings p on p.tenant_id = e.tenant_id and p.id = e.posting_id
join inventory_items i on i.tenant_id = e.tenant_id and i.id = e.inventory_item_id
where e.tenant_id = stock_tenant() order by p.recorded_at, p.xid, e.ordinal
"""
_LEVELS = """
select location_id, product_id, on_hand, expired, held, reserved
from {} where tenant_id = stock_tenant()
"""
# Documents that are not whole: entries that are missing, or not exactly one event that tells them;
# and buckets that do not know how many adjustments they have.
_BROKEN = """
select p.id from postings p
where p.tenant_id = stock_tenant() and (
  p.entry_count <> (select count(*) from ledger_entries e
    where e.tenant_id = p.tenant_id and e.posting_id = p.id)
  or 1 <> (select count(*) from outbox o
    where o.tenant_id = p.tenant_id and o.aggregate_id = p.id
    and jsonb_array_length(o.payload -> 'entries') = p.entry_count))
union all
select i.id from inventory_items i
where i.tenant_id = stock_tenant() and i.adjustment_count <> (select count(*) from ledger_entries e
  where e.tenant_id = i.tenant_id and e.inventory_item_id = i.id
    and e.kind in ('ADJUSTMENT', 'COUNT', 'LOT_CORRECTION'))
"""
_UNBALANCED = """
select e.posting_id from ledger_entries e
where e.tenant_id = stock_tenant() and e.kind in ('TRANSFER', 'MOVE', 'LOT_CORRECTION')
group by e.posting_id having sum(e.delta) <> 0
"""


async def post(world: World, kind: str, changes: Sequence[Change]) -> bool:
    """Post the changes; whether they were taken."""
    lines = [
        stock.Line(
            product_id=bucket.product,
            location_id=bucket.location,
            bin_id=bucket.bin,
            lot_id=bucket.lot,
            delta=delta,
            expected=expected,
            occurred_at=occurred_at,
        )
        for bucket, delta, expected, occurred_at in changes
    ]
    try:
        async with world.write() as session:
            await stock.post(session, stock.Posting(kind=kind, author=SYSTEM, lines=lines))
    except (InsufficientStock, StaleQuantity, PeriodClosed, CountedSince):
        return False
    return True


async def set_(world: World, bucket: Bucket, target: Decimal, expected: Decimal | None) -> bool:
    """Make a bucket hold a number; whether it was as expected."""
    line = stock.Line(
        product_id=bucket.product,
        location_id=bucket.location,
        bin_id=bucket.bin,
        lot_id=bucket.lot,
        target=target,
        expected=expected,
    )
    try:
        async with world.write() as session:
            wish = stock.Posting(kind="ADJUSTMENT", author=SYSTEM, lines=[line])
            await stock.post(session, wish)
    except StaleQuantity:
        return False
    return True


async def receive_once(world: World, key: str, bucket: Bucket, quantity: Decimal) -> bool:
    """Receive units once for a key; whether they came this time."""
    line = stock.Line(
        product_id=bucket.product,
        location_id=bucket.location,
        bin_id=bucket.bin,
        lot_id=bucket.lot,
        delta=quantity,
    )
    wish = stock.Posting(kind="RECEIPT", author=SYSTEM, lines=[line])
    once = idempotency.Once(key, "receive", key.encode(), "req_1")
    async with world.database.write(world.tenant_id, asks=idempotency.claim(once)) as session:
        return not (await idempotency.perform(session, once, stock.post, wish)).is_replay


async def close_books(world: World, through: datetime) -> None:
    """Let nothing more happen at or before a moment."""
    async with world.write() as session:
        await session.call("update tenant_settings set closed_through = $1", through)


async def hold(world: World, wished: Hold) -> str | None:
    """Place a hold and give its id; None when it was refused."""
    try:
        async with world.write() as session:
            names = {"LOT": "lot_id", "BIN": "bin_id", "QUANTITY": "product_id"}
            if wished.scope == "ITEM":
                named: dict[str, Any] = {
                    "inventory_item_id": await _item(session, wished.id) or "item_none"
                }
            else:
                named = {names[wished.scope]: wished.id, "location_id": wished.location}
            wish = holds.Wish(
                type="QUALITY",
                reason="Look at it",
                quantity=wished.quantity,
                expires_at=wished.ends,
                **named,
            )
            return str((await holds.place(session, SYSTEM, wish)).hold.id)
    except (InsufficientStock, NotFound):
        return None


async def release(world: World, id: str, quantity: Decimal | None) -> bool:
    """Release a hold or some units of it; whether it was."""
    try:
        async with world.write() as session:
            await holds.release(session, SYSTEM, holds.Release(hold_ids=[id], quantity=quantity))
    except HoldEnded:
        return False
    return True


async def post_unbalanced(world: World, changes: Sequence[Change]) -> bool:
    """Post a move whose changes do not sum to zero; whether it was taken."""
    try:
        return await post(world, "MOVE", changes)
    except asyncpg.PostgresError as error:
        if error.sqlstate != "SG003":
            raise
        return False


async def reserve(world: World, bucket: Bucket, quantity: Decimal) -> bool:
    """Set units of the bucket aside; whether they were."""
    try:
        async with world.write() as session:
            item = await _item(session, bucket)
            wish = stock.Promise(inventory_item_id=item or "item_none", quantity=quantity)
            await stock.reserve(session, wish)
    except InsufficientStock:
        return False
    return True


async def _item(session: Session, bucket: Bucket) -> Any:
    names = ("location_id", "product_id", "bin_id", "lot_id")
    where = " and ".join(f"{name} is not distinct from :{name}" for name in names)
    find = text(f"select id from inventory_items where tenant_id = stock_tenant() and {where}")
    return await session.scalar(find.bindparams(**dict(zip(names, bucket, strict=True))))


async def reserve_softly(
    world: World, place: tuple[str, str], quantity: Decimal, expires_at: datetime
) -> None:
    """Promise units of a place until a moment."""
    async with world.write() as session:
        await session.one(postings.lock_levels([place[0]], [place[1]]))
        await session.call(
            "insert into reservations (id, kind, location_id, product_id, quantity, expires_at)"
            " values ($1, 'SOFT', $2, $3, $4, $5)",
            ids.new("resv_"),
            *place,
            quantity,
            expires_at,
        )
        await session.one(postings.refresh_levels([place[0]], [place[1]]))


async def change_bin(world: World, bin: str, type: str) -> None:
    """Change a bin's type, and the levels of what stands in it."""
    async with world.write() as session:
        await session.call("update bins set type = $2 where id = $1", bin, type)
        await _refresh(session, "bin_id", bin)


async def change_lot(world: World, lot: str, expiry: date | None) -> None:
    """Change a lot's expiry date, and the levels of what is of it."""
    async with world.write() as session:
        await session.call("update lots set expiry_date = $2 where id = $1", lot, expiry)
        await _refresh(session, "lot_id", lot)


async def _refresh(session: Session, column: str, id: str) -> None:
    query = text(f"select location_id, product_id from inventory_items where {column} = :id")
    rows = await session.all(query.bindparams(id=id))
    keys = [row.location_id for row in rows], [row.product_id for row in rows]
    await session.one(postings.lock_levels(*keys))
    await session.one(postings.refresh_levels(*keys))


async def sweep(world: World) -> None:
    """Refresh what the clock has changed, of this tenant only."""
    async with world.write() as session:
        due = await session.all(postings.due_levels(1_000))
        keys = [row.location_id for row in due], [row.product_id for row in due]
        await session.one(postings.refresh_levels(*keys))


class Seen:
    """All that the database says about a tenant's stock, of one moment."""

    def __init__(self) -> None:
        self.buckets: dict[Bucket, Any] = {}
        self.entries: list[tuple[Bucket, Decimal, Decimal]] = []
        self.occurred: dict[Bucket, list[datetime]] = {}
        self.levels: dict[tuple[str, str], Level] = {}
        self.kept: dict[tuple[str, str], Level] = {}
        self.broken: list[Any] = []

    @classmethod
    async def of(cls, world: World) -> "Seen":
        seen = cls()
        async with world.read() as session:
            for row in await session.all(text(_BUCKETS)):
                seen.buckets[_bucket(row)] = row
            for row in await session.all(text(_ENTRIES)):
                seen.entries.append((_bucket(row), row.delta, row.quantity_after))
                seen.occurred.setdefault(_bucket(row), []).append(row.occurred_at)
            for table, levels in (("stock_levels_now", seen.levels), ("stock_levels", seen.kept)):
                for row in await session.all(text(_LEVELS.format(table))):
                    level = Level(row.on_hand, row.expired, row.held, row.reserved)
                    levels[row.location_id, row.product_id] = level
            seen.broken = [*await session.all(text(_BROKEN)), *await session.all(text(_UNBALANCED))]
        return seen


def _bucket(row: Any) -> Bucket:
    return Bucket(row.location_id, row.product_id, row.bin_id, row.lot_id)
