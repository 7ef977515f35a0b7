"""Whatever is done in whatever order, the database says what plain dictionaries say."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from typing_extensions import override

import ledger_driver as driver
from ledger_driver import Seen
from ledger_model import ZERO, Bucket, Change, Hold, Ledger
from models.session import Database
from world import World

T = TypeVar("T")
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
ZONES = ("UTC", "America/Los_Angeles", "Asia/Tokyo")
BIN_TYPES = ("STANDARD", "HOLD", "QUARANTINE")
KINDS = ("RECEIPT", "ISSUE", "ADJUSTMENT", "COUNT", "RETURN")

bucket_numbers = st.integers(0, 15)
quantities = st.one_of(
    st.integers(1, 30).map(Decimal),
    st.decimals("0.000001", 30, places=6, allow_nan=False, allow_infinity=False),
)
deltas = st.builds(lambda q, negative: -q if negative else q, quantities, st.booleans())
changes = st.lists(
    st.tuples(bucket_numbers, deltas, st.sampled_from("anrw")), min_size=1, max_size=4
)
days = st.one_of(st.none(), st.integers(-3, 6).map(lambda n: START.date() + timedelta(days=n)))


class LedgerMachine(RuleBasedStateMachine):
    """Two products at two locations, with and without bins and lots: sixteen buckets."""

    app_url: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.database = Database(self.app_url, pool_size=1)
        self.seen = Seen()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run(work)

    @override
    def teardown(self) -> None:
        self.do(self.database.close())
        self.loop.close()

    @initialize()
    def make(self) -> None:
        self.do(self._make())

    async def _make(self) -> None:
        self.database.now = START
        self.world = world = await World.make(self.database)
        self.ledger = Ledger(START)
        self.buckets: list[Bucket] = []
        self.hold_ids: list[str] = []
        self.keys: dict[int, datetime] = {}
        for _ in range(2):
            product = await world.product()
            lot = await world.lot(product, expiry=START.date() + timedelta(days=1))
            self.ledger.expiries[lot.id] = lot.expiry_date
            for number in range(2):
                location = await world.location(code=f"{product.sku}-{number}")
                bin = await world.bin(location)
                self.ledger.bin_types[bin.id] = bin.type
                self.buckets += [
                    Bucket(location.id, product.id, *parts)
                    for parts in ((None, None), (bin.id, None), (None, lot.id), (bin.id, lot.id))
                ]

    def _changes(self, drawn: list[tuple[int, Decimal, str]]) -> list[Change]:
        """Most lines expect nothing (a, n); some what is right (r) or wrong (w) for a lone line."""
        wished = []
        for number, delta, kind in drawn:
            bucket = self.buckets[number]
            held = self.ledger.on_hand.get(bucket, ZERO)
            expected = {"r": held, "w": held + 1}.get(kind)
            wished.append(Change(bucket, delta, expected))
        return wished

    @rule(kind=st.sampled_from(KINDS), drawn=changes)
    def post(self, kind: str, drawn: list[tuple[int, Decimal, str]]) -> None:
        wished = self._changes(drawn)

        assert self.do(driver.post(self.world, kind, wished)) == self.ledger.post(wished, kind)

    @rule(drawn=st.lists(st.tuples(bucket_numbers, quantities), min_size=1, max_size=5))
    def receive(self, drawn: list[tuple[int, Decimal]]) -> None:
        wished = [Change(self.buckets[number], quantity) for number, quantity in drawn]

        assert self.do(driver.post(self.world, "RECEIPT", wished)) == self.ledger.post(wished)

    @rule(source=bucket_numbers, destination=bucket_numbers, quantity=quantities)
    def move(self, source: int, destination: int, quantity: Decimal) -> None:
        """A move takes units of one product elsewhere; what becomes another product is none."""
        wished = [
            Change(self.buckets[source], -quantity),
            Change(self.buckets[destination], quantity),
        ]
        if self.buckets[source].product != self.buckets[destination].product:
            assert not self.do(driver.post_unbalanced(self.world, wished))
            return

        assert self.do(driver.post(self.world, "MOVE", wished)) == self.ledger.post(wished)

    @rule(destination=bucket_numbers, quantity=quantities)
    def move_from_nowhere(self, destination: int, quantity: Decimal) -> None:
        wished = [Change(self.buckets[destination], quantity)]

        assert not self.do(driver.post_unbalanced(self.world, wished))

    @rule(number=bucket_numbers, quantity=quantities)
    def reserve(self, number: int, quantity: Decimal) -> None:
        bucket = self.buckets[number]

        done = self.do(driver.reserve(self.world, bucket, quantity))

        assert done == self.ledger.reserve(bucket, quantity)

    @rule(number=bucket_numbers, quantity=quantities, hours=st.integers(1, 72))
    def reserve_softly(self, number: int, quantity: Decimal, hours: int) -> None:
        place, end = self.buckets[number].place, self.ledger.now + timedelta(hours=hours)
        self.ledger.promise(place, quantity, end)

        self.do(driver.reserve_softly(self.world, place, quantity, end))

    @rule(number=bucket_numbers, delta=deltas, hours=st.integers(0, 40))
    def post_earlier(self, number: int, delta: Decimal, hours: int) -> None:
        when = self.ledger.now - timedelta(hours=hours)
        wished = Change(self.buckets[number], delta, occurred_at=when)

        done = self.do(driver.post(self.world, "ADJUSTMENT", [wished]))

        assert done == self.ledger.post_earlier(wished)

    @rule(number=bucket_numbers, wanted=quantities, kind=st.sampled_from("nrw"))
    def set_to(self, number: int, wanted: Decimal, kind: str) -> None:
        bucket = self.buckets[number]
        held = self.ledger.on_hand.get(bucket, ZERO)
        expected = {"r": held, "w": held + 1}.get(kind)
        wished = [Change(bucket, wanted - held, expected)]

        assert self.do(driver.set_(self.world, bucket, wanted, expected)) == self.ledger.post(
            wished
        )

    @rule(hours=st.integers(1, 60))
    def close_the_books(self, hours: int) -> None:
        through = self.ledger.now - timedelta(hours=hours)
        self.ledger.closed = max(through, self.ledger.closed or through)

        self.do(driver.close_books(self.world, self.ledger.closed))

    @rule(key=st.integers(0, 2))
    def receive_once(self, key: int) -> None:
        """Each key stands for one request, and is free again a day after it was used."""
        bucket, quantity = self.buckets[key * 5], Decimal(key + 1)
        is_free = self.keys.get(key, self.ledger.now) <= self.ledger.now

        came = self.do(driver.receive_once(self.world, f"key {key}", bucket, quantity))

        assert came == is_free
        if is_free:
            self.keys[key] = self.ledger.now + timedelta(hours=24)
            self.ledger.post([Change(bucket, quantity)])

    @rule(
        number=bucket_numbers,
        scope=st.sampled_from(("ITEM", "LOT", "BIN", "QUANTITY")),
        quantity=quantities,
        is_whole=st.booleans(),
        hours=st.one_of(st.none(), st.integers(1, 48)),
    )
    def hold(
        self, number: int, scope: str, quantity: Decimal, *, is_whole: bool, hours: int | None
    ) -> None:
        bucket = self.buckets[number]
        id, location = {
            "ITEM": (bucket, bucket.location),
            "LOT": (bucket.lot, bucket.location if is_whole else None),
            "BIN": (bucket.bin, None),
            "QUANTITY": (bucket.product, bucket.location),
        }[scope]
        if id is None:
            return
        has_quantity = scope == "QUANTITY" or (scope == "ITEM" and not is_whole)
        ends = None if hours is None else self.ledger.now + timedelta(hours=hours)
        hold = Hold(scope, id, location, quantity if has_quantity else None, ends)

        placed = self.do(driver.hold(self.world, hold))

        assert (placed is not None) == self.ledger.hold(hold)
        if placed is not None:
            self.hold_ids.append(placed)

    @rule(number=st.integers(0, 5), quantity=st.one_of(st.none(), quantities))
    def release(self, number: int, quantity: Decimal | None) -> None:
        if number >= len(self.hold_ids):
            return
        hold = self.ledger.holds[number]
        part = None if hold.quantity is None else quantity

        done = self.do(driver.release(self.world, self.hold_ids[number], part))

        assert done == self.ledger.release(hold, part)

    @rule(number=st.integers(0, 3), type=st.sampled_from(BIN_TYPES))
    def change_bin(self, number: int, type: str) -> None:
        bin = list(self.ledger.bin_types)[number]
        self.ledger.bin_types[bin] = type

        self.do(driver.change_bin(self.world, bin, type))

    @rule(number=st.integers(0, 1), expiry=days)
    def change_lot(self, number: int, expiry: date | None) -> None:
        lot = list(self.ledger.expiries)[number]
        self.ledger.expiries[lot] = expiry

        self.do(driver.change_lot(self.world, lot, expiry))

    @rule(hours=st.sampled_from((1, 6, 12, 24, 60)))
    def turn_the_clock(self, hours: int) -> None:
        self.ledger.now += timedelta(hours=hours)
        self.database.now = self.ledger.now

    @rule(zone=st.sampled_from(ZONES))
    def move_to_another_zone(self, zone: str) -> None:
        self.ledger.zone = zone

        self.do(self.world.settings(time_zone=zone))

    @rule()
    def sweep(self) -> None:
        self.do(driver.sweep(self.world))

        seen = self.do(Seen.of(self.world))
        assert seen.kept == seen.levels

    @invariant()
    def the_database_says_what_the_model_says(self) -> None:
        if not hasattr(self, "ledger"):
            return
        ledger, seen = self.ledger, self.do(Seen.of(self.world))
        assert {b: row.on_hand for b, row in seen.buckets.items()} == ledger.on_hand
        assert {b: row.posted for b, row in seen.buckets.items()} == ledger.on_hand
        reserved = {b: row.reserved for b, row in seen.buckets.items() if row.reserved}
        assert reserved == ledger.reserved
        assert reserved == {b: row.promised for b, row in seen.buckets.items() if row.promised}
        assert seen.entries == ledger.entries
        assert seen.broken == []
        assert seen.levels == {place: ledger.level(place) for place in ledger.places()}
        assert seen.occurred == {
            bucket: [when for when, _ in past.entries] for bucket, past in ledger.past.items()
        }


def test_invariants_01_03_04_05_06_09_hold_after_every_step(
    urls: tuple[str, str], run_seed: int, pytestconfig: pytest.Config, *, is_long: bool
) -> None:
    is_whole = pytestconfig.option.broken is None
    LedgerMachine.app_url = urls[1]
    machine = seed(run_seed)(LedgerMachine)

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=150 if is_long else 12,
            stateful_step_count=60 if is_long else 30,
            deadline=None,
            database=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink) if is_whole else (Phase.generate,),
        ),
    )
