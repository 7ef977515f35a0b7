"""What all acts on a house share: the house is made, an act is done, and all of it is compared."""

import asyncio
from collections import Counter
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize
from typing_extensions import override

from graph import ask
from house_driver import Found, Hands
from house_model import House, Place
from ledger_model import Bucket
from models.session import Database
from world import World

T = TypeVar("T")
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
Moved = Mapping[Any, int]  # by bucket, by place, or by place and lot

numbers = st.integers(0, 11)  # of a bucket, document or posting: the rest of a division
units = st.integers(1, 12)


def pick(found: Any, number: int) -> Any:
    """One of these by its number, or None when there is none."""
    there = list(found)
    return there[number % len(there)] if there else None


class HouseMachine(RuleBasedStateMachine):
    """A store with two shelves and a ward with one; a product with two lots, one without."""

    app_url: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.database = Database(self.app_url, pool_size=1)

    def run_(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run(work)

    @override
    def teardown(self) -> None:
        try:
            if hasattr(self, "house"):
                self.run_(self._check_health())
        finally:
            self.run_(self.database.close())
            self.loop.close()

    @initialize()
    def make(self) -> None:
        self.run_(self._make())
        self.begin()

    def begin(self) -> None:
        """What is under way from the first act on."""

    async def _make(self) -> None:
        self.database.now = START
        self.world = world = await World.make(self.database)
        await world.settings(request_self_approval=True)
        await world.channel("CH")
        self.hands = Hands(world)
        lots = {f"lot_{n}": START.date() + timedelta(days=n) for n in range(2)}
        self.house = House(START, lots)
        self.buckets: list[Bucket] = []
        for place, shelves in (("store", 2), ("ward", 1)):
            location = await world.location(id=f"loc_{place}", code=place)
            bins = [await world.bin(location, id=f"bin_{place}{n}") for n in range(shelves)]
            places = [None, *(bin.id for bin in bins)]
            for bin in places:
                self.buckets.append(Bucket(location.id, "prod_plain", bin, None))
                self.buckets += [Bucket(location.id, "prod_lots", bin, lot) for lot in lots]
        await world.product(id="prod_plain", unit_cost=2)
        product = await world.product(id="prod_lots", unit_cost=3, allow_past_expiry=True)
        for id, expiry in lots.items():
            await world.lot(product, id=id, expiry=expiry)
        for bucket in self.buckets[:6]:
            await self.hands.do("receiveStock", **receipt(bucket, 9))
        self.found = await Found.of(world)
        self.house.move(self.found.entries)

    def snapshot(self) -> tuple[Any, Any, Any]:
        """What an act changes of what it is to be compared with."""
        return Counter(self.house.on_hand), Counter(self.house.held), dict(self.house.aside)

    @contextmanager
    def as_before(self, former: Any) -> Iterator[None]:
        """The house as it was when the snapshot was taken, while the block runs."""
        house = self.house
        now = self.snapshot()
        house.on_hand, house.held, house.aside = Counter(former[0]), former[1], former[2]
        yield
        house.on_hand, house.held, house.aside = now

    def turn(self, hours: int) -> None:
        self.house.now += timedelta(hours=hours)
        self.database.now = self.house.now

    def bucket(self, number: int) -> Bucket:
        return self.buckets[number % len(self.buckets)]

    def filled(self, number: int) -> Bucket:
        """A bucket that the book knows."""
        known: Bucket = pick(sorted(self.found.items, key=str), number)
        return known

    def item(self, bucket: Bucket) -> str:
        return str(self.found.items[bucket].id)

    def do(
        self,
        act: str,
        *,
        may: bool | None,
        moved: Moved | None = None,
        id: str | None = None,
        **input: Any,
    ) -> bool:
        """Do it, and compare what was moved; whether it was taken, which must be as said.

        `may` is None where the model does not say. The changes of what is moved are exact where a
        bucket is named; by place or by place and lot their sum is.
        """
        self.house.now += timedelta(seconds=1)
        self.database.now = self.house.now
        done = self.run_(self.hands.do(act, id, **input))
        is_done = not isinstance(done, str)
        assert may in (None, is_done), (act, input, done)
        before, self.found = self.found, self.run_(Found.of(self.world))
        known = self.house.entries
        assert self.found.entries[: len(known)] == known, "an entry was changed"
        new = self.found.entries[len(known) :]
        if not is_done:
            assert new == []
        elif moved is not None:
            _compare(moved, new)
        self.house.move(new)
        self._look(before)
        self.payload = done  # for what an act tells of its lines
        return is_done

    def _look(self, before: Found) -> None:
        """Take over what holds come to and which buckets were chosen for promises."""
        house, found = self.house, self.found
        house.held = Counter({b: int(row.held) for b, row in found.items.items()})
        for bucket in found.items:
            house.on_hand.setdefault(bucket, 0)
        house.aside = {name: Counter(own) for name, own in found.aside.items()}
        self._check_promises(before)

    def _check_promises(self, before: Found) -> None:
        """Invariant 7: what was newly promised is there, and nobody else has it."""
        for name, own in self.found.aside.items():
            former = before.aside.get(name, Counter())
            for bucket, number in own.items():
                if number > former[bucket]:
                    self.promised_anew(bucket)

    def promised_anew(self, bucket: Bucket) -> None:
        house = self.house
        assert house.promised(bucket) <= house.usable(bucket), bucket
        assert self.found.levels[bucket.place].available >= 0, bucket

    async def _check_health(self) -> None:
        text = "{ ledgerHealth(fresh: true) { checks { invariant drift } } }"
        checks = (await ask(self.world, text))["ledgerHealth"]["checks"]
        assert [one for one in checks if one["drift"]] == []


def receipt(bucket: Bucket, units: int) -> dict[str, Any]:
    """Units for a bucket, as a receipt or a return."""
    line = {"productId": bucket.product, "binId": bucket.bin, "lotId": bucket.lot}
    return {"locationId": bucket.location, "lines": [{**line, "quantity": units}]}


def named(bucket: Bucket) -> dict[str, Any]:
    """The bucket by its parts."""
    parts = {"productId": bucket.product, "locationId": bucket.location}
    return parts | {"binId": bucket.bin, "lotId": bucket.lot}


def total(place: Place, units: int) -> Moved:
    """So many units at a place, of whichever bucket."""
    return {place: units} if units else {}


def _compare(moved: Moved, new: list[tuple[Bucket, int]]) -> None:
    rest: Counter[Bucket] = Counter()
    for bucket, delta in new:
        rest[bucket] += delta
    for key, delta in moved.items():
        if isinstance(key, Bucket):
            assert rest.pop(key, 0) == delta, (key, moved, new)
            continue
        location, product, *lot = key
        own = [
            b
            for b in rest
            if b.place == (location, product) and (not lot or lot[0] in (None, b.lot))
        ]
        assert sum(rest.pop(b) for b in own) == delta, (key, moved, new)
    assert not any(rest.values()), (moved, new)
