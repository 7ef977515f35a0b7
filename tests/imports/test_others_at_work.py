"""Others take stock, and take away what an import names, between its plan and its posting."""

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from domain.errors import Conflict, NotFound
from folders import SMALL, ImportFolder, told
from services import imports
from services.imports import posting
from world import World

MOVES = "occurredAt,sku,type,quantity,locationCode\n"
Act = Callable[[], Awaitable[object]]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, Act], None]:
    """Do something before the import posts this batch for the first time."""

    def arrange(number: int, act: Act) -> None:
        acts, post = [act], posting.post_batch

        async def first_act(session: Any, import_id: str, batch: int) -> int:
            if batch == number and acts:
                await acts.pop()()
            return await post(session, import_id, batch)

        monkeypatch.setattr(posting, "post_batch", first_act)

    return arrange


async def one(world: World, sql: str) -> Any:
    async with world.read() as session:
        return await session.scalar(text(sql))


async def tea(world: World) -> tuple[Any, Any]:
    """The product and the location that are sold from."""
    async with world.read() as session:
        product = await session.one(text("select id from products where sku = 'TEA'"))
        location = await session.one(text("select id from locations where code = 'WH'"))
    return product, location


async def entries(world: World) -> list[tuple[str, str]]:
    async with world.read() as session:
        rows = await session.all(
            text(
                "select e.kind, trim_scale(e.delta)::text from ledger_entries e"
                " join postings p on p.tenant_id = e.tenant_id and p.id = e.posting_id"
                " where p.import_id is not null and p.kind = 'IMPORT'"
                " order by e.recorded_at, e.ordinal"
            )
        )
    return [tuple(row) for row in rows]


@pytest.mark.parametrize("batch_size", [10_000, 1])
async def test_history_gives_back_what_it_had_to_cover(
    folder: ImportFolder,
    world: World,
    meanwhile: Callable[[int, Act], None],
    monkeypatch: pytest.MonkeyPatch,
    batch_size: int,
) -> None:
    await folder.write(**SMALL).take()
    (folder.path / "stock.csv").unlink()
    folder.write(movements=MOVES + "2024-01-01,TEA,SALE,-30,WH\n")
    monkeypatch.setattr(posting, "BATCH_SIZE", batch_size)
    product, location = await tea(world)
    meanwhile(1, lambda: world.issue(product, location, 25))

    report = await folder.take()

    assert told(report)["movements"] == (1, 0, 0)
    assert (await entries(world))[:2] == [("COUNT", "15"), ("ISSUE", "-30")]
    on_hand = await one(world, "select sum(on_hand) from stock_levels where on_hand > 3")
    assert on_hand == Decimal(15)  # what was there less what was sold meanwhile
    assert told(await folder.take())["movements"] == (0, 0, 1)


async def test_what_was_sold_of_new_stock_is_not_given_back_twice(
    folder: ImportFolder,
    world: World,
    meanwhile: Callable[[int, Act], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files = {name: SMALL[name] for name in ("products", "locations")}
    await folder.write(**files).take()
    folder.write(movements=MOVES + "2024-01-01,TEA,RECEIPT,10,WH\n2024-01-02,TEA,SALE,-8,WH\n")
    monkeypatch.setattr(posting, "BATCH_SIZE", 1)
    product, location = await tea(world)
    meanwhile(2, lambda: world.issue(product, location, 5))

    await folder.take()

    assert await entries(world) == [("RECEIPT", "10"), ("COUNT", "3"), ("ISSUE", "-8")]
    assert await one(world, "select on_hand from stock_levels") == Decimal(0)


async def test_an_import_that_cannot_go_on_says_so_and_can_be_abandoned(
    folder: ImportFolder, world: World, meanwhile: Callable[[int, Act], None]
) -> None:
    await folder.write(**{name: SMALL[name] for name in ("products", "locations")}).take()

    async def remove() -> None:
        async with world.write() as session:
            await session.run(text("delete from products where sku = 'TEA'"))

    meanwhile(1, remove)
    folder.write(stock=SMALL["stock"])
    with pytest.raises(Conflict, match=r"cannot go on: .* --resume imp_\w+ tries again") as refused:
        await folder.take()
    import_id = refused.value.details["importId"]
    other = ImportFolder(folder.path, world.database, world.tenant_id)
    other.write(products="sku,name\nTEA,New tea\n")
    with pytest.raises(Conflict, match=f"or leave it with --abandon {import_id}"):
        await other.take()

    await imports.abandon(world.database, world.tenant_id, import_id)

    assert told(await other.take())["products"] == (1, 0, 0)
    with pytest.raises(Conflict, match="is ABANDONED: there is nothing to abandon"):
        await imports.abandon(world.database, world.tenant_id, import_id)
    with pytest.raises(NotFound):
        await imports.abandon(world.database, world.tenant_id, "imp_none")
