"""What was once closed is shown alike for ever, and the present is the past of this moment."""

import asyncio
import random

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from graph import ask
from models.session import Database
from trade import Trade
from world import World

CLOSE = "mutation ($at: DateTime!) { closePeriod(input: {through: $at}) { message } }"


async def example(database: Database, choose: random.Random, hours: list[float]) -> None:
    """Do as many acts, close the books, and as many again, backdated ones among them."""
    database.now = None
    world = await World.make(database)
    trade = await Trade.begin(world, 0)
    trade.choose = choose
    for one in hours:
        await trade.go_on(one, backdated=True)
    live = await trade.look()
    closed = trade.now.isoformat()
    assert await trade.look(asOf=closed) == live, trade.done
    await ask(world, CLOSE, at=closed)
    position = await trade.position()

    for one in hours:
        await trade.go_on(one, backdated=True)
        assert await trade.look(asOf=closed) == live, trade.done
        assert await trade.look(asOf=closed, knownAt=position) == live, trade.done
        now = await trade.look()
        assert await trade.look(asOf=trade.now.isoformat()) == now, trade.done


def test_invariant_13_the_past_of_now_is_now_and_a_closed_moment_never_changes(
    urls: tuple[str, str], run_seed: int, *, is_long: bool
) -> None:
    with asyncio.Runner() as runner:
        database = Database(urls[1], pool_size=2)

        @seed(run_seed)
        @settings(
            max_examples=20 if is_long else 3,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(
            choose=st.randoms(use_true_random=False),
            hours=st.lists(st.sampled_from([0.5, 2, 7, 26]), min_size=4, max_size=8),
        )
        def check(choose: random.Random, hours: list[float]) -> None:
            runner.run(example(database, choose, hours))

        try:
            check()
        finally:
            runner.run(database.close())
