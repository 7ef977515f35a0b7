"""The ABC classes of a catalogue, in one statement: by database CPU on one connection."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from sqlalchemy import text

from bench.data import Data
from bench.measure import Act, Result, backend_cpu, milliseconds, ratios, rounds
from domain.pages import PageWish
from models.session import Database
from services import abc
from services.abc import Choice, Inputs

LOCATION = "loc_01"
PAGE = PageWish(limit=50)
CALLS = 4
# What any classification by stock value has to read: the buckets of the place, and their products.
SUMS = f"""
select count(*), sum(s.value) from (
  select i.product_id, sum(i.on_hand * p.unit_cost) as value
  from inventory_items i
  join products p on p.tenant_id = i.tenant_id and p.id = i.product_id
  where i.tenant_id = stock_tenant() and i.location_id = '{LOCATION}'
  group by i.product_id
) s
"""


async def run(data: Data) -> list[Result]:
    """Classes of the products of a location, against the sums that they are made of."""
    database = Database(data.app_url, pool_size=1)
    try:
        async with database.read(data.tenant_id) as session:
            pid = int(await session.scalar(text("select pg_backend_pid()")))
            products = int(await session.scalar(text(SUMS)))
            wish = abc.Wish(location_id=LOCATION, metric="ONHAND_VALUE")
            inputs = await abc.inputs_of(session, wish)
        year = replace(inputs, metric="VALUE", from_date=date(inputs.to_date.year, 1, 1))
        page = _page(database, data)
        acts = {
            "ABC by stock value": page(inputs),
            "ABC by use": page(year),
            "sums": _sums(database, data),
        }
        spent = await rounds(acts, backend_cpu(pid), calls=CALLS)
    finally:
        await database.close()
    return [
        Result(
            name=f"{name} of {products:,} products : sums of their buckets",
            ratios=ratios(spent, name, "sums"),
            cost="database CPU",
            notes=[milliseconds({one: spent[one] for one in (name, "sums")})],
        )
        for name in ("ABC by stock value", "ABC by use")
    ]


def _page(database: Database, data: Data) -> Callable[[Inputs], Act]:
    """The first page of a classification: all products are ranked for it."""

    def page(inputs: Inputs) -> Act:
        async def act() -> None:
            async with database.read(data.tenant_id) as session:
                found = await abc.classify(session, inputs, Choice(), "rank", PAGE)
            assert len(found.rows) == PAGE.limit, "the page is full"

        return act

    return page


def _sums(database: Database, data: Data) -> Act:
    async def act() -> None:
        async with database.read(data.tenant_id) as session:
            await session.all(text(SUMS))

    return act
