"""Many connections promise, consume and give back at once, and never what is not there."""

import asyncio
import random
import time
from collections import defaultdict
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain.actor import SYSTEM
from domain.errors import GatewayError
from models.session import Database
from services import reservations
from services.reservations import LinePart, LineWish, Release, ReserveWish
from world import World

PRODUCTS, UNITS = 20, 30
MODES: dict[str, dict[str, Any]] = {
    "SHARED": {"safety_stock": 1},
    "CAPPED": {"mode": "CAP", "cap": 9},
    "FENCED": {"mode": "FENCED", "spill_over": True},
    "SHARE1": {"mode": "SHARE", "share": Decimal("0.5")},
    "SHARE2": {"mode": "SHARE", "share": Decimal("0.3")},
}
CONNECTIONS = 64


class Race:
    """Twenty products at one place, and five channels, one of each mode, that promise them."""

    def __init__(self, world: World, numbers: random.Random) -> None:
        self.world, self.numbers = world, numbers
        self.product_ids: list[str] = []
        self.open: list[str] = []
        self.location_id = ""
        self.made = 0
        self.refusals: set[str] = set()

    async def prepare(self) -> None:
        location = await self.world.location()
        self.location_id = location.id
        channels = {id: await self.world.channel(id) for id in MODES}
        for id, policy in MODES.items():
            await self.world.policy(channels[id], **policy)
        for _ in range(PRODUCTS):
            product = await self.world.product()
            await self.world.stock(product, location, UNITS)
            await self.world.quota(channels["FENCED"], product, location, 7)
            self.product_ids.append(product.id)

    async def run(self, seconds: float) -> None:
        ends = time.monotonic() + seconds
        await asyncio.gather(*(self._work(ends) for _ in range(CONNECTIONS)))

    async def _work(self, ends: float) -> None:
        while time.monotonic() < ends:
            act = self.numbers.choice((self._reserve, self._reserve, self._consume, self._release))
            try:
                async with self.world.write() as session:
                    await act(session)
            except GatewayError as refused:
                self.refusals.add(refused.code)

    async def _reserve(self, session: Any) -> None:
        lines = [
            LineWish(
                product_id=self.numbers.choice(self.product_ids),
                location_id=self.location_id,
                quantity=Decimal(self.numbers.randint(1, 6)),
            )
            for _ in range(self.numbers.randint(1, 3))
        ]
        wish = ReserveWish(
            channel_id=self.numbers.choice(list(MODES)),
            lines=lines,
            ttl_seconds=self.numbers.randint(1, 5),
            firm=self.numbers.random() < 0.3,
            allow_partial=self.numbers.random() < 0.3,
        )
        made = await reservations.reserve(session, SYSTEM, wish)
        self.open.append(made.reservation.id)
        self.made += 1

    def _some(self) -> str:
        if not self.open:
            raise reservations_none()
        return self.open[self.numbers.randrange(len(self.open))]

    async def _consume(self, session: Any) -> None:
        lines = [LinePart(number=1, quantity=Decimal(1))] if self.numbers.random() < 0.5 else []
        await reservations.consume(session, SYSTEM, self._some(), lines, {})

    async def _release(self, session: Any) -> None:
        await reservations.release(session, SYSTEM, Release(reservation_id=self._some()))


def reservations_none() -> GatewayError:
    refused = GatewayError("Nothing is reserved yet.")
    refused.code = "NOT_FOUND"
    return refused


REFUSALS = {
    "INSUFFICIENT_ATP",
    "INSUFFICIENT_STOCK",
    "NOT_FOUND",
    "RESERVATION_ENDED",
    "RESERVATION_EXCEEDED",
    "RESERVATION_EXPIRED",
    "STOCK_HELD",
    "TIMEOUT",  # so many wait for so few places that some give up
    "UNAVAILABLE",
}

# Every change of what is open, in the order in which their levels were locked.
CHECKS = {
    "no line resolves more than it reserved, and its rows hold the rest": """
        select count(*) from reservation_lines l
        where l.reserved - l.consumed - l.released - l.expired <> coalesce((
          select sum(r.quantity) from reservations r where r.header_id = l.header_id
            and r.line_number = l.number and r.state = 'ACTIVE'), 0)""",
    "no promise was above what the channel could promise": """
        select count(*) from outbox o
        cross join lateral jsonb_to_recordset(o.payload -> 'lines')
          as l (reserved numeric, "atpBefore" numeric)
        where o.topic = 'reservation.made' and l.reserved > l."atpBefore" """,
    "what buckets have set aside is what firm rows say": """
        select count(*) from inventory_items i where i.reserved <> coalesce((
          select sum(r.quantity) from reservations r
          where r.inventory_item_id = i.id and r.state = 'ACTIVE'), 0)""",
    "kept sums are what buckets and soft rows say": """
        select count(*) from stock_levels_now s
        cross join lateral live_level(stock_tenant(), s.location_id, s.product_id) q
        where (s.on_hand, s.reserved) is distinct from (q.on_hand, q.reserved)""",
    "nothing is promised beyond what is there": """
        select count(*) from stock_levels_now s where s.on_hand - s.reserved < 0""",
    "each consumed unit has left the stock": """
        select sum(l.consumed) + (select sum(e.delta) from ledger_entries e where e.kind = 'ISSUE')
        from reservation_lines l""",
    "quotas count what was sold of them": """
        select count(*) from channel_quotas q where q.consumed <> coalesce((
          select sum(u.from_quota) from quota_uses u where u.channel_id = q.channel_id
            and u.product_id = q.product_id), 0)""",
}


HISTORY = """select coalesce(jsonb_agg(jsonb_build_array(o.topic, o.aggregate_id, o.payload,
  o.created_at) order by o.ordinal), '[]') from outbox o
  where o.topic = 'stock.posted' or o.topic like 'reservation.%'"""


class Replay:
    """What is there and what is promised, event by event in the order of the locks.

    An act that waited for a lock has an older moment than one that had the lock before it. It is
    accepted after that one, and what had ended by then has ended: time goes forward only.
    """

    def __init__(self) -> None:
        self.now = datetime.min.replace(tzinfo=UTC)
        self.there: dict[str, Decimal] = defaultdict(Decimal)
        self.open: dict[tuple[str, int], tuple[str, Decimal, str | None]] = {}
        self.broken: list[str] = []

    def follow(self, topic: str, id: str, payload: Any, at: str) -> None:
        self.now = max(self.now, datetime.fromisoformat(at))
        if topic == "stock.posted":
            for entry in payload["entries"]:
                self.there[entry["productId"]] += entry["delta"]
            return
        for line in payload.get("lines", ()):
            rest = line["reserved"] - line["consumed"] - line["released"] - line["expired"]
            key = (id, line["number"])
            self.open[key] = (line["productId"], Decimal(rest), payload["expiresAt"])
        if topic == "reservation.made":
            for product in {line["productId"] for line in payload["lines"]}:
                if self._promised(product) > self.there[product]:
                    self.broken.append(id)

    def _promised(self, product: str) -> Decimal:
        """What is promised by now: what the clock has ended is not."""
        live = (
            rest
            for one, rest, ends in self.open.values()
            if one == product and (ends is None or datetime.fromisoformat(ends) > self.now)
        )
        return sum(live, Decimal(0))


@pytest.mark.parametrize(
    "seconds", [pytest.param(5, id="short"), pytest.param(60, id="long", marks=pytest.mark.long)]
)
async def test_invariants_06_07_08_17_hold_while_all_promise_at_once(
    urls: tuple[str, str], run_seed: int, seconds: int
) -> None:
    database = Database(urls[1], pool_size=CONNECTIONS)
    try:
        race = Race(await World.make(database), random.Random(run_seed))
        await race.prepare()
        await race.run(seconds)
        found = {}
        async with race.world.read() as session:
            for what, sql in CHECKS.items():
                found[what] = await session.call(sql)
            events = await session.call(HISTORY)
    finally:
        await database.close()

    replay = Replay()
    for event in events:
        replay.follow(*event)
    assert replay.broken == []
    assert race.made > 10
    assert race.refusals <= REFUSALS
    assert found == dict.fromkeys(CHECKS, 0)
