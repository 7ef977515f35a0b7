"""Acts on stock that stays where it is, or comes and goes: all that need no document."""

from collections import Counter
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from house_machine import HouseMachine, named, numbers, pick, receipt, units
from ledger_model import Bucket

WHY = {"reasonCode": "CORRECTION", "comment": "looked again"}
changes = st.lists(st.tuples(numbers, st.integers(-8, 8).filter(bool)), min_size=1, max_size=4)


class StockActs(HouseMachine):
    """Receipts, issues, corrections, moves, recordings, expired stock, holds and reversals."""

    @rule(act=st.sampled_from(("receiveStock", "returnStock")), number=numbers, some=units)
    def take_in(self, act: str, number: int, some: int) -> None:
        bucket = self.bucket(number)

        self.do(act, may=True, moved={bucket: some}, **receipt(bucket, some))

    @rule(number=numbers, some=units, by_lot=st.booleans())
    def issue(self, number: int, some: int, *, by_lot: bool) -> None:
        bucket = self.filled(number)
        lot = bucket.lot if by_lot else None
        may = some <= self.house.can_give(bucket.place, lot)
        line = {"productId": bucket.product, "quantity": some} | ({"lotId": lot} if lot else {})
        wish: dict[str, Any] = {"locationId": bucket.location, "comment": "sold", "lines": [line]}
        known = len(self.house.entries)
        in_order = self.house.is_first_expired_first

        former = self.snapshot()
        if self.do("issueStock", may=may, moved={(*bucket.place, lot): -some}, **wish) and not lot:
            taken = {b: -delta for b, delta in self.house.entries[known:]}
            with self.as_before(former):
                assert in_order(bucket.place, taken), taken

    @rule(number=numbers, by=st.integers(-12, 12).filter(bool))
    def adjust(self, number: int, by: int) -> None:
        bucket = self.bucket(number)
        may = self.house.may_take({bucket: by})

        self.do("adjustStock", may=may, moved={bucket: by}, **named(bucket), by=by, **WHY)

    @rule(number=numbers, to=st.integers(0, 12), expected=st.sampled_from("rwn"))
    def set_to(self, number: int, to: int, expected: str) -> None:
        bucket = self.filled(number)
        held = self.house.on_hand[bucket]
        by = to - held
        may = expected != "w" and self.house.may_take({bucket: by})
        told: dict[str, Any] = {"ignoreExpected": True}
        if expected != "n":
            told = {"expectedOnHand": held + (expected == "w")}
        wish = {**named(bucket), "to": to, **WHY, **told}

        self.do("setStock", may=may, moved={bucket: by}, **wish)

    @rule(drawn=changes)
    def adjust_all_or_nothing(self, drawn: list[tuple[int, int]]) -> None:
        deltas: Counter[Bucket] = Counter()
        for number, by in drawn:
            deltas[self.bucket(number)] += by
        may = self.house.may_take(deltas)
        # A line may find less than its own demand while a later one brings it.
        is_mixed = any(
            a < 0 < b and self.bucket(n) == self.bucket(m) for n, a in drawn for m, b in drawn
        )

        lines = [{**named(self.bucket(number)), "by": by} for number, by in drawn]
        wish: dict[str, Any] = {"mode": "ALL_OR_NOTHING", "lines": lines, **WHY}
        self.do("adjustStockBatch", may=None if is_mixed else may, moved=dict(deltas), **wish)

    @rule(drawn=changes)
    def adjust_line_by_line(self, drawn: list[tuple[int, int]]) -> None:
        moved: Counter[Bucket] = Counter()
        taken = []
        former = self.snapshot()
        with self.as_before(former):
            for number, by in drawn:
                bucket = self.bucket(number)
                taken.append(self.house.may_take({bucket: by}))
                if taken[-1]:
                    self.house.on_hand[bucket] += by
                    moved[bucket] += by
        lines = [{**named(self.bucket(number)), "by": by} for number, by in drawn]

        self.do("adjustStockBatch", may=True, moved=moved, mode="LINE_BY_LINE", lines=lines, **WHY)
        assert [line["refusal"] is None for line in self.payload["lines"]] == taken

    @rule(number=numbers, to=st.integers(0, 2), some=units)
    def move(self, number: int, to: int, some: int) -> None:
        source = self.filled(number)
        shelves = [b for b in self.buckets if b.place == source.place and b.lot == source.lot]
        target = shelves[to % len(shelves)]
        may = target != source and self.house.may_leave(source, some)
        may = may and self.house.carry_mark(source, target)
        wish = {**named(source), "quantity": some, "toBinId": target.bin}

        self.do("moveStock", may=may, moved={source: -some, target: some}, **wish)

    @rule(number=numbers, some=st.one_of(st.none(), units))
    def correct_lot(self, number: int, some: int | None) -> None:
        lots = [b for b in sorted(self.found.items, key=str) if b.lot]
        source: Bucket | None = pick(lots, number)
        if source is None:
            return
        target = source._replace(lot="lot_1" if source.lot == "lot_0" else "lot_0")
        quantity = self.house.on_hand[source] if some is None else some
        may = self.house.may_leave(source, quantity) and self.house.may_take({source: -quantity})
        wish = {**named(source), "fromLotId": source.lot, "lotId": target.lot, "quantity": some}

        self.do("correctLot", may=may, moved={source: -quantity, target: quantity}, **wish)

    @rule(
        act=st.sampled_from(("recordStock", "recordStockAdjustment")),
        drawn=st.dictionaries(numbers, st.integers(0, 12), min_size=1, max_size=3),
        complete=st.booleans(),
    )
    def record(self, act: str, drawn: dict[int, int], *, complete: bool) -> None:
        seen = {self.bucket(number): to for number, to in drawn.items()}
        place = next(iter(seen)).location
        seen = {bucket: to for bucket, to in seen.items() if bucket.location == place}
        products = {bucket.product for bucket in seen}
        if complete:
            there = [b for b in self.house.on_hand if b.location == place and b.product in products]
            seen |= {b: 0 for b in there if b not in seen and self.house.on_hand[b] > 0}
        deltas = {bucket: to - self.house.on_hand[bucket] for bucket, to in seen.items()}
        parts = {b: {k: v for k, v in named(b).items() if k != "locationId"} for b in seen}
        named_ = [b for b in seen if b in {self.bucket(number) for number in drawn}]
        lines = [{**parts[b], "newQuantity": seen[b]} for b in named_]
        wish: dict[str, Any] = {"locationId": place, "lines": lines, "complete": complete}

        self.do(act, may=self.house.may_take(deltas), moved=deltas, **wish, **WHY)

    @rule(number=numbers, undo=st.booleans())
    def mark(self, number: int, *, undo: bool) -> None:
        bucket = self.filled(number)
        mark = bucket.lot or bucket
        wish: dict[str, Any] = {"items": [{"inventoryItemId": self.item(bucket)}], "undo": undo}
        self.house.marked = self.house.marked - {mark} if undo else self.house.marked | {mark}

        self.do("markExpired", may=True, moved={}, **wish)

    @rule(
        act=st.sampled_from(("markConsumed", "destroyStock")),
        number=numbers,
        some=st.one_of(st.none(), units),
    )
    def remove(self, act: str, number: int, some: int | None) -> None:
        bucket = self.filled(number)
        on_hand = self.house.on_hand[bucket]
        quantity = on_hand if some is None else some
        held = self.house.held[bucket] if act == "markConsumed" else 0
        item = {"inventoryItemId": self.item(bucket)} | ({} if some is None else {"quantity": some})

        may = 0 < quantity <= on_hand - held
        self.do(act, may=may, moved={bucket: -quantity}, items=[item])

    @rule(number=numbers, some=st.one_of(st.none(), units))
    def hold(self, number: int, some: int | None) -> None:
        item = self.item(self.filled(number))
        wish: dict[str, Any] = {
            "inventoryItemId": item,
            "quantity": some,
            "type": "QUALITY",
            "reason": "look",
        }

        self.do("placeHold", may=None if some else True, moved={}, **wish)

    @rule(number=numbers)
    def recall(self, number: int) -> None:
        lot = list(self.house.expiries)[number % 2]

        self.do("recallLot", may=None, moved={}, lotId=lot, reason="unsafe")

    @rule(number=numbers, some=st.one_of(st.none(), units))
    def release(self, number: int, some: int | None) -> None:
        hold = pick(self.run_(self.open_holds()), number)

        if hold is not None:
            self.do("releaseHolds", may=None, moved={}, holdIds=[hold], quantity=some)

    async def open_holds(self) -> list[str]:
        async with self.world.read() as session:
            query = "select array_agg(id order by created_at, id) from holds where state = 'ACTIVE'"
            return list(await session.call(query) or [])

    @rule(back=st.integers(0, 4))
    def reverse(self, back: int) -> None:
        """Take one of the last postings back: all of it comes undone, or none of it."""
        postings = list(dict.fromkeys(reversed(self.found.postings)))
        id: str | None = pick(postings[:5], back)
        if id is None:
            return
        entries = zip(self.found.postings, self.house.entries, strict=True)
        moved: Counter[Bucket] = Counter()
        for posting, (bucket, delta) in entries:
            moved[bucket] -= delta if posting == id else 0
        may = self.run_(self.hands.can_reverse(id))

        self.do("reversePosting", may=may, moved=dict(moved), postingId=id, reason="wrong")
        self.run_(self.read_marks())

    async def read_marks(self) -> None:
        """Which buckets are marked: a move that is taken back takes its mark along."""
        async with self.world.read() as session:
            query = "select array_agg(id) from inventory_items where marked_expired_at is not null"
            marked = set(await session.call(query) or [])
        bare = {b for b, row in self.found.items.items() if row.id in marked}
        self.house.marked = {one for one in self.house.marked if isinstance(one, str)} | bare

    @rule(hours=st.sampled_from((1, 30)))
    def turn_the_clock(self, hours: int) -> None:
        self.turn(hours)
        self.do("commentTransfer", may=False, transferId="xfer_none", comment="only to look")
