"""The demo company has every kind of document of the warehouse in every state."""

from typing import Any

from sqlalchemy import text

from domain.machines.cycle_counts import CycleCountStatus
from domain.machines.put_away import PutAwayStatus
from domain.machines.replenishment import ReplenishmentStatus
from domain.machines.transfers import TransferStatus
from models.session import Database
from services import demo, replenishment


async def states(database: Database, made: demo.Made, table: str) -> Any:
    async with database.read(made.tenant_id) as session:
        rows = await session.all(
            text(f"select distinct status from {table} where tenant_id = stock_tenant()")
        )
    return {row.status for row in rows}


async def test_every_state_is_there(database: Database, made: demo.Made) -> None:
    assert await states(database, made, "transfers") == set(TransferStatus)
    assert await states(database, made, "cycle_counts") == set(CycleCountStatus)
    assert await states(database, made, "put_away_tasks") == set(PutAwayStatus)
    assert await states(database, made, "replenishment_records") == set(ReplenishmentStatus)


async def test_every_method_suggests_something_to_look_at(
    database: Database, made: demo.Made
) -> None:
    async with database.read(made.tenant_id) as session:
        wish = replenishment.Wish(only_below=False, limit=1_000)
        found = await replenishment.suggest(session, wish)

    # No demand of the company has a day.
    methods = set(replenishment.METHODS) - {"DEMAND_DATED"}
    assert {one.row.method for one in found.suggestions} == methods
    assert any(one.row.daily_demand > 0 for one in found.suggestions)
    assert any(one.row.source_location_id == "loc_main" for one in found.suggestions)
