"""A former moment is shown as it was shown then, whatever has happened since."""

from datetime import timedelta

import pytest

from trade import Trade
from world import World

STEPS = 28


@pytest.mark.parametrize("offset", [0, 1])
async def test_everything_is_as_it_was_shown_then(world: World, run_seed: int, offset: int) -> None:
    trade = await Trade.begin(world, run_seed + offset)
    shown = []
    for _ in range(STEPS):
        await trade.go_on(hours=2, backdated=True)
        shown.append((trade.now, await trade.position(), await trade.look()))
    trade.world.database.now = trade.now + timedelta(days=9)

    for moment, position, then in shown:
        now = await trade.look(asOf=moment.isoformat(), knownAt=position)
        assert now == then, "\n".join(trade.done)
