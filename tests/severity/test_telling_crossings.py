"""Crossings of severity are told once each, in turn, and not for every wobble."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from graph import ask
from services import feed, severity
from services.atp import Severity
from world import World

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
CROSSINGS = """query ($since: DateTime) {
  severityCrossings(filter: {since: $since}, orderBy: {field: CROSSED_AT, direction: ASC}) {
    nodes { before after atp threshold crossedAt channel { id } product { id } location { id }
      policy { id } } } }"""
ATPS = st.lists(st.integers(-5, 40).map(Decimal), max_size=12)


@given(ATPS, st.integers(0, 30).map(Decimal))
def test_invariant_22_crossings_alternate_and_agree_with_the_cell(
    atps: list[Decimal], threshold: Decimal
) -> None:
    state = Severity.OK
    for atp in atps:
        before, state = state, severity.told(state, atp, threshold)
        if atp <= 0:
            assert state is Severity.CRITICAL
        elif atp <= threshold:
            assert state is Severity.LOW
        elif atp > threshold + max(Decimal(1), threshold / 10):
            assert state is Severity.OK
        else:
            assert state is (Severity.OK if before is Severity.OK else Severity.LOW)


class Watched:
    """One product at one place, and the channel that promises it from a threshold of 10."""

    def __init__(self, world: World, product: Any, location: Any, channel: Any) -> None:
        self.world, self.product, self.location = world, product, location
        self.channel = channel

    @classmethod
    async def of(cls, world: World, units: int) -> "Watched":
        world.database.now = START
        product, location = await world.product(), await world.location()
        channel = await world.channel("A")
        await world.stock(product, location, units)
        watched = cls(world, product, location, channel)
        await watched.turn()
        return watched

    async def turn(self) -> int:
        """Number what was written down, and let the watch look."""
        await feed.relay(self.world.database)
        async with self.world.write() as session:
            return await severity.watch(session)

    async def told(self, since: datetime | None = None) -> list[tuple[str, str, int]]:
        asked = {} if since is None else {"since": since.isoformat()}
        found = (await ask(self.world, CROSSINGS, **asked))["severityCrossings"]["nodes"]
        return [(one["before"], one["after"], one["atp"]) for one in found]


async def test_what_is_scarce_when_the_watch_begins_is_not_told(world: World) -> None:
    watched = await Watched.of(world, 3)

    assert await watched.told() == []
    await world.issue(watched.product, watched.location, 3)
    assert await watched.turn() == 1
    assert await watched.told() == [("LOW", "CRITICAL", 0)]


async def test_each_crossing_is_told_once_and_back_only_well_above(world: World) -> None:
    watched = await Watched.of(world, 30)
    for change in (-18, -2, +1, +1, -3, -9, +5, +8):  # 12 10 11 12 9 0 5 13
        if change < 0:
            await world.issue(watched.product, watched.location, -change)
        else:
            await world.stock(watched.product, watched.location, change)
        world.database.now = (world.database.now or START) + timedelta(minutes=1)
        await watched.turn()
        assert await watched.turn() == 0

    every = await watched.told()

    assert every == [
        ("OK", "LOW", 10),
        ("LOW", "OK", 12),
        ("OK", "LOW", 9),
        ("LOW", "CRITICAL", 0),
        ("CRITICAL", "LOW", 5),
        ("LOW", "OK", 13),
    ]
    assert await watched.told(START + timedelta(minutes=6)) == every[3:]
    await feed.relay(world.database)
    text = """{ changes(first: 50, filter: {topics: ["severity.crossed"]}) { nodes { topic } } }"""
    assert len((await ask(world, text))["changes"]["nodes"]) == 6


async def test_policies_settings_and_the_clock_cross_too(world: World) -> None:
    watched = await Watched.of(world, 30)
    other = await world.product()
    lot = await world.lot(other, expiry=date(2026, 3, 5))
    await world.stock(other, watched.location, 8, lot=lot)
    await watched.turn()
    assert await watched.told() == [("OK", "LOW", 8)]

    await world.policy(watched.channel, product_id=watched.product.id, low_atp_threshold=40)
    await world.settings(low_atp_threshold=5)
    await watched.turn()
    assert sorted((await watched.told())[1:]) == [("LOW", "OK", 8), ("OK", "LOW", 30)]

    world.database.now = datetime(2026, 3, 6, 1, tzinfo=UTC)
    await watched.turn()
    assert (await watched.told())[3:] == [("OK", "CRITICAL", 0)]


async def test_what_was_told_last_is_what_the_summary_counts(world: World) -> None:
    watched = await Watched.of(world, 30)
    for units in (0, 4, 10, 11, 30):
        product = await world.product()
        if units:
            await world.stock(product, watched.location, units)
        else:
            await world.level(product, watched.location)
    await watched.turn()

    text = "{ channelSummary { channels { okCount lowCount criticalCount } } }"
    (counts,) = (await ask(world, text))["channelSummary"]["channels"]
    last = [after for _, after, _ in await watched.told()]

    assert counts == {"okCount": 3, "lowCount": 2, "criticalCount": 1}
    assert (last.count("LOW"), last.count("CRITICAL")) == (2, 1)
