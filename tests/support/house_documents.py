"""Documents beside transfers and requests: counts while stock moves, put-away, replenishment."""

from json import loads
from types import SimpleNamespace
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule
from typing_extensions import override

from house_machine import numbers, pick, units
from house_model import Counted
from house_requests import RequestActs
from ledger_model import Bucket

_COUNT_LINES = """select l.*, c.status as count_status from count_lines l
  join cycle_counts c on c.tenant_id = l.tenant_id and c.id = l.count_id
  where l.count_id = $1 order by l.ordinal"""
_PUT_AWAY_LINES = """select l.*, t.location_id from put_away_lines l
  join put_away_tasks t on t.tenant_id = l.tenant_id and t.id = l.task_id
  where t.status in ('READY', 'IN_PROGRESS') and l.status in ('PENDING', 'PICKED')
  order by t.created_at, l.ordinal"""


class DocumentActs(RequestActs):
    """Counts, tasks and orders, and what is under way from the first act on."""

    @override
    def begin(self) -> None:
        for number in range(3):
            self.make_transfer(number=number, some=3 + number, to_shelf=number == 1)
        for product in ("prod_plain", "prod_lots"):
            self.ask_for(product=product, some=7)
            self.submit(number=0)
        for number in range(2):  # one of each is on its way, and one set aside
            self.approve_transfer(number=0)
            self.approve(number=0, less=0)
            self.allocate(number=number)
            if number == 0:
                self.ship_transfer(number=0, some=None)
                self.send(number=0, some=None)
        self.begin_count(location="loc_store")
        self.count(number=0, off=1, line=0)
        self.plan_put_away(number=0, some=4, shelf=0)

    @rule(location=st.sampled_from(("loc_store", "loc_ward")))
    def begin_count(self, location: str) -> None:
        there = any(n and b.location == location for b, n in self.house.on_hand.items())
        wish: dict[str, Any] = {"locationId": location, "type": "FULL", "blind": True}

        if self.do("createCycleCount", may=there or None, moved={}, **wish):
            self.house.counts[self.run_(self._newest("cycle_counts"))] = {}

    @rule(number=numbers, off=st.integers(-2, 2), line=numbers)
    def count(self, number: int, off: int, line: int) -> None:
        """Write down what is there, or off by a little."""
        id = pick(self.house.counts, number)
        row = pick(self.run_(self._count_lines(id)), line) if id else None
        if row is None:
            return
        bucket = Bucket(row.location_id, row.product_id, row.bin_id, row.lot_id)
        seen = max(0, self.house.on_hand[bucket] + off)
        lines = [{"lineId": row.id, "countedQty": seen}]
        may = row.count_status in ("DRAFT", "COUNTING", "COUNTED") and row.status != "RESOLVED"

        step = {"lines": lines}
        if self.do("advanceCycleCount", may=may or None, moved={}, batchId=id, step=step):
            self.house.counts[str(id)][row.id] = Counted(bucket, seen, self.house.now)

    @rule(number=numbers)
    def complete_count(self, number: int) -> None:
        id = pick(self.house.counts, number)
        if id is None:
            return
        step = {"action": "COMPLETE"}

        self.do("advanceCycleCount", may=None, moved={}, batchId=id, step=step)
        shown = self.run_(self.hands.as_counter(id))
        assert not any(shown), shown  # invariant 23
        hidden = self.run_(self.hands.hidden(self.item(self.filled(number))))
        assert hidden == "FORBIDDEN"

    @rule(number=numbers, line=numbers, accept=st.booleans())
    def resolve(self, number: int, line: int, *, accept: bool) -> None:
        """Invariant 16: what was counted, and what has come and gone since, is what is there."""
        id = pick(self.house.counts, number)
        rows = {row.id: row for row in self.run_(self._count_lines(id))} if id else {}
        counted = self.house.counts.get(str(id), {})
        line_id = pick(counted, line)
        if line_id is None:
            return
        one, row = counted[line_id], rows[line_id]
        is_open = row.count_status == "REVIEW" and row.status in ("COUNTED", "WITHIN_TOLERANCE")
        item = self.found.items.get(one.bucket)
        is_latest = item is None or (item.last_counted_at or one.at) <= one.at
        may = is_open and (not accept or (is_latest and one.now >= 0))
        by = one.now - self.house.on_hand[one.bucket] if accept else 0
        wish: dict[str, Any] = {"lineId": line_id, "action": "ACCEPT" if accept else "REJECT"}

        moved = {one.bucket: by}
        if self.do("resolveCycleCount", may=may, moved=None, batchId=id, resolutions=[wish]):
            self._check_resolved(str(id), moved, rows)

    def _check_resolved(self, id: str, moved: dict[Bucket, int], rows: Any) -> None:
        """What was accepted is as it was counted; lines that did not differ went along."""
        after = {row.id: row for row in self.run_(self._count_lines(id))}
        for line_id, one in self.house.counts[id].items():
            if rows[line_id].status == "RESOLVED" or after[line_id].status != "RESOLVED":
                continue
            if after[line_id].resolution == "ACCEPT":
                delta = moved.get(one.bucket, 0)
                assert self.house.on_hand[one.bucket] == one.now - delta

    @rule(number=numbers, some=units, shelf=st.integers(0, 1))
    def plan_put_away(self, number: int, some: int, shelf: int) -> None:
        bucket = self.filled(number)
        bin = f"bin_{bucket.location.removeprefix('loc_')}{shelf}"
        item = {"inventoryItemId": self.item(bucket), "quantity": some, "destinationBinId": bin}

        self.do("createPutAwayTask", may=None, moved={}, locationId=bucket.location, items=[item])

    @rule(number=numbers, less=st.integers(0, 3))
    def put_away(self, number: int, less: int) -> None:
        row = pick(self.run_(self._put_away_lines()), number)
        if row is None:
            return
        source = Bucket(row.location_id, row.product_id, row.source_bin_id, row.lot_id)
        target = source._replace(bin=row.bin_id)
        some = max(0, int(row.quantity) - less)
        may = some == 0 or self.house.may_leave(source, some)
        may = may and (some == 0 or self.house.carry_mark(source, target))
        lines = [{"lineId": row.id, "quantity": some}]

        moved = {source: -some, target: some}
        self.do("completePutAwayTask", may=may, moved=moved, taskId=row.task_id, lines=lines)

    @rule(number=numbers)
    def forget_put_away(self, number: int) -> None:
        row = pick(self.run_(self._put_away_lines()), number)
        if row is not None:
            self.do("cancelPutAwayTask", may=True, moved={}, taskId=row.task_id)

    @rule(place=st.sampled_from(("loc_store", "loc_ward")), some=units, less=st.integers(0, 5))
    def replenish(self, place: str, some: int, less: int) -> None:
        """Order of the supplier, and take in what has come."""
        wish: dict[str, Any] = {"productId": "prod_plain", "locationId": place, "quantity": some}
        self.do("createReplenishment", may=True, moved={}, **wish)
        id = self.run_(self._newest("replenishment_records"))
        for act in ("approveReplenishment", "orderReplenishment"):
            self.do(act, may=True, moved={}, recordId=id)
        came = max(1, some - less)

        moved = {Bucket(place, "prod_plain", None, None): came}
        self.do("receiveReplenishment", may=True, moved=moved, recordId=id, quantity=came)

    async def _count_lines(self, id: str | None) -> Any:
        return await self._rows(_COUNT_LINES, id)

    async def _put_away_lines(self) -> Any:
        return await self._rows(_PUT_AWAY_LINES)

    async def _rows(self, query: str, *given: Any) -> Any:
        async with self.world.read() as session:
            found = await session.call(f"select array_agg(to_jsonb(x)) from ({query}) x", *given)
        return [
            SimpleNamespace(**(loads(one) if isinstance(one, str) else one)) for one in found or []
        ]

    async def _newest(self, table: str) -> str:
        async with self.world.read() as session:
            query = f"select id from {table} order by created_at desc, id desc limit 1"
            return str(await session.call(query))
