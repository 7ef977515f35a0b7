"""Pages of the matrix: by database CPU on one connection."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

from sqlalchemy import text

from bench.data import Data
from bench.measure import Act, Result, backend_cpu, milliseconds, ratios, rounds
from domain.pages import PageWish
from models.session import Database
from services import atp

LIMIT = 50
DEPTH = 400  # pages
CALLS = 12
USUAL, DEEP = "loc_01", "loc_40"  # DEEP has ten times the buckets of every other location
WHY = (
    "what a page reads that somebody has asked for before: its order, names and terms are kept; "
    "both ways read as many rows, the live one from the buckets"
)


async def run(data: Data) -> list[Result]:
    """Every comparison of pages."""
    async with _connection(data) as database, _connection(data, "live, public") as live:
        place = (await _place(database, data),)
        page = _pages(database, data)
        pid = await _pid(database, data)
        shared = {
            "page": page(USUAL),
            f"page {DEPTH}": page(USUAL, part=PageWish(limit=LIMIT, after=place)),
            "rare search": page(USUAL, atp.MatrixWish(search="zephyr")),
            "broad search": page(USUAL, atp.MatrixWish(search="granite")),
            "page with total": page(USUAL, total=True),
            "rare search with total": page(USUAL, atp.MatrixWish(search="zephyr"), total=True),
            "broad search with total": page(USUAL, atp.MatrixWish(search="granite"), total=True),
            "page where buckets are few": page(USUAL),
            "page where buckets are many": page(DEEP),
        }
        spent = await rounds(shared, backend_cpu(pid), calls=CALLS)
        against = await _against_live(database, live, data)
    few, many = "page where buckets are few", "page where buckets are many"
    return [
        *against,
        _result(f"Keyset page {DEPTH} : page 1", spent, (f"page {DEPTH}", "page"), 1.5),
        _result("Rare search : plain page", spent, ("rare search", "page"), 4),
        _result("Broad search : plain page", spent, ("broad search", "page"), 4),
        _result(
            "Rare search : plain page, each with its total",
            spent, ("rare search with total", "page with total"), None,
        ),
        _result(
            "Broad search : plain page, each with its total",
            spent, ("broad search with total", "page with total"), None,
        ),
        _result("Ten times the buckets, same page", spent, (many, few), 1.2),
    ]  # fmt: skip


async def _against_live(database: Database, live: Database, data: Data) -> list[Result]:
    """The same statements; once `stock_levels_now` is summed from the buckets each time."""
    clocks = [backend_cpu(await _pid(one, data)) for one in (database, live)]
    found = []
    for name, location, goal in (("1.6", USUAL, 0.35), ("15", DEEP, None)):
        at = f"{name} buckets a product"
        for what, make in (("Page", _numbers), ("Page of which nothing is kept,", _pages)):
            acts = {"levels": make(database, data)(location), "live": make(live, data)(location)}
            spent = await rounds(acts, lambda: sum(clock() for clock in clocks), calls=CALLS)
            wanted = goal if make is _numbers else None
            why = [WHY] if wanted else []
            title = f"{what} of {LIMIT} from levels : live aggregation, {at}"
            result = _result(title, spent, ("levels", "live"), wanted)
            found.append(replace(result, notes=[*result.notes, *why]))
    return found


def _numbers(database: Database, data: Data) -> Callable[[str], Act]:
    """The numbers of a page: what is read of one whose order and terms are kept."""

    def page(location: str) -> Act:
        ids: list[str] = []

        async def act() -> None:
            async with database.read(data.tenant_id) as session:
                if not ids:
                    ids.extend(await session.call(FIRST, LIMIT))
                found = await session.numbers([location] * LIMIT, ids)
            assert len(found) == LIMIT, "the page is full"

        return act

    return page


def _result(
    name: str, spent: dict[str, list[float]], pair: tuple[str, str], goal: float | None
) -> Result:
    return Result(
        name=name,
        ratios=ratios(spent, *pair),
        goal=goal,
        cost="database CPU",
        notes=[milliseconds({name: spent[name] for name in pair})],
    )


def _pages(database: Database, data: Data):  # noqa: ANN202 - a function that makes acts
    def page(
        location: str,
        wish: atp.MatrixWish = atp.MatrixWish(),  # noqa: B008 - frozen
        part: PageWish = PageWish(limit=LIMIT),  # noqa: B008 - frozen
        *,
        total: bool = False,
    ) -> Act:
        async def act() -> None:
            async with database.read(data.tenant_id) as session:
                book = await atp.book(session, [location])
                found = await atp.pages(session, [location], wish, part, book)
                if total:
                    await atp.counts(session, [location], wish, book)
            assert found[location].rows, "the page is not empty"

        return act

    return page


FIRST = """
select array_agg(id order by sku) from (
  select id, sku from products where tenant_id = stock_tenant() order by sku limit $1
) p
"""


@asynccontextmanager
async def _connection(data: Data, search_path: str = "public") -> AsyncIterator[Database]:
    database = Database(data.app_url, pool_size=1)
    async with database.read(data.tenant_id) as session:
        await session.run(text(f"set search_path to {search_path}"))
    yield database
    await database.close()


async def _pid(database: Database, data: Data) -> int:
    async with database.read(data.tenant_id) as session:
        return int(await session.scalar(text("select pg_backend_pid()")))


async def _place(database: Database, data: Data) -> str:
    """The sku before the 400th page."""
    sql = f"select sku from products order by sku offset {LIMIT * (DEPTH - 1) - 1} limit 1"
    async with database.read(data.tenant_id) as session:
        return str(await session.scalar(text(sql)))
