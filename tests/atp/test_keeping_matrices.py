"""Pages from what a process keeps are those that the tables would give, and never old ones."""

import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from clients import Client, client_of
from domain.pages import PageWish
from graph import statements
from models import catalog, channels, packed
from models.base import this_tenant
from models.session import Database
from services import atp, records, stock
from services.atp import MatrixWish
from world import World

PATH = "/api/inventory/channel-location"
PAGE = """query ($at: ID!, $first: Int!, $after: Cursor, $explain: Boolean!) {
  atpMatrix(locationId: $at) {
    rows(first: $first, after: $after) {
      totalCount
      pageInfo { hasNextPage hasPreviousPage endCursor }
      nodes {
        totalOnHand totalReserved minAtp maxAtp hasCritical
        product { id sku name category { name } }
        cells {
          atp onHand reserved available severity threshold fencedForOthers shortLived
          channel { id name } policy { id }
          explain @include(if: $explain) { kind label quantity balance }
        }
      }
    }
  }
}"""


@pytest.fixture(params=[True, False], ids=["one message", "a session"])
async def keeper(
    world: World, urls: tuple[str, str], request: pytest.FixtureRequest
) -> AsyncIterator[World]:
    """The tenant as a process sees it that keeps reference data; the world's own keeps none."""
    database = Database(urls[1], pool_size=2, reference_bytes=2**22)
    database.glances = request.param
    yield replace(world, database=database)
    await database.close()


class Company:
    """Products of all sorts at two locations."""

    def __init__(self, world: World, chance: random.Random) -> None:
        self.world, self.chance = world, chance
        self.places: list[Any] = []
        self.products: list[Any] = []
        self.channels: list[Any] = []

    async def fill(self) -> None:
        world = self.world
        self.places = [await world.location(), await world.location()]
        category = await world.category()
        self.channels = [await world.channel(id) for id in ("DTC", "B2B", "POS")]
        await world.policy(self.channels[1], mode="FENCED", spill_over=True)
        await world.policy(self.channels[2], mode="SHARE", share="0.4", category_id=category.id)
        await world.policy(self.channels[0], minimum_shelf_life_days=10)
        await world.policy(self.channels[2], include_inbound=True)
        for n in range(9):
            values = {"category_id": category.id} if n % 3 else {}
            product = await world.product(name=f"Thing {9 - n}", **values)
            self.products.append(product)
            lot = await world.lot(product, expiry=date(2030, 1, 5)) if n % 2 else None
            item = await world.stock(product, self.places[0], 10 + n, lot=lot)
            if n % 4 == 1:
                await world.reserve(item, 2)
        first = self.products[1]
        await self.expect(first, self.places[0])
        await world.quota(self.channels[1], first, self.places[0], 4)
        await world.policy(self.channels[0], product_id=first.id, safety_stock=3)

    async def change(self) -> None:
        """Something that some page shows, by some other process."""
        world, product = self.world, self.chance.choice(self.products)
        place, channel = self.chance.choice(self.places), self.chance.choice(self.channels)
        match self.chance.randrange(7):
            case 6:
                await self.expect(product, place)
            case 0:
                await world.stock(product, place, self.chance.randint(1, 5))
            case 1:
                await world.reserve(await world.stock(product, place, 3), 1)
            case 2:
                name = f"Thing {self.chance.random()}"
                await self._set(catalog.products, product.id, name=name)
            case 3:
                await world.policy(channel, location_id=place.id, buffer=self.chance.randint(0, 4))
            case 4:
                self.products.append(await world.product())
            case _:
                await self._set(channels.channels, channel.id, name=str(self.chance.random()))

    async def expect(self, product: Any, place: Any) -> None:
        due = date.today() + timedelta(days=3)  # noqa: DTZ011 - some day that is to come
        vendor = await self.world.vendor()
        await self.world.order(vendor, product, 5, location_id=place.id, due_on=due)

    async def _set(self, table: Any, id: str, **values: Any) -> None:
        async with self.world.write() as session:
            await session.run(
                update(table)
                .where(table.c.tenant_id == this_tenant(), table.c.id == id)
                .values(values)
            )


async def rows(world: World, place: Any, wish: MatrixWish, part: PageWish) -> tuple[Any, ...]:
    async with world.read() as session:
        book = (await atp.books(session, [place.id]))[place.id]
        page = (await atp.pages(session, [place.id], wish, part, book))[place.id]
        count = (await atp.counts(session, [place.id], wish, book)).get(place.id, 0)
    shown = [(row.product_id, row.key, row.place, row.cells) for row in page.rows]
    return shown, page.has_next, page.has_previous, count


async def test_kept_pages_are_the_rows_of_the_tables(
    world: World, keeper: World, run_seed: int
) -> None:
    chance = random.Random(run_seed)
    company = Company(world, chance)
    await company.fill()
    for _ in range(60):
        wish = MatrixWish(
            order=chance.choice(["sku", "name"]),
            descending=chance.random() < 0.5,
            channel_ids=chance.choice([None, ("B2B",), ("POS", "DTC")]),
        )
        place = company.places[0]
        every, *_ = await rows(world, place, wish, PageWish(limit=200))
        key = chance.choice(every)[1]
        part = chance.choice(
            [
                PageWish(limit=chance.randint(1, 10), page=chance.randint(1, 4)),
                PageWish(limit=chance.randint(1, 10), after=key),
                PageWish(limit=chance.randint(1, 10), before=key, backward=True),
            ]
        )
        here, *around = await rows(keeper, place, wish, part)
        there, *beside = await rows(world, place, wish, part)
        assert (here, around[-1]) == (there, beside[-1])
        if part.page is not None:
            assert around == beside


async def shown(client: Client, place: Any, *, explain: bool) -> tuple[Any, Any]:
    variables = {"at": place.id, "first": 30, "after": None, "explain": explain}
    graph = await client.graphql(PAGE, **variables)
    return graph, await client.get(PATH, locationId=place.id, explain=str(explain).lower())


async def test_two_processes_and_random_writes_never_show_an_old_page(
    world: World, keeper: World, urls: tuple[str, str], run_seed: int
) -> None:
    chance = random.Random(run_seed)
    company = Company(world, chance)
    await company.fill()
    second = replace(world, database=Database(urls[1], pool_size=2, reference_bytes=2**22))
    try:
        async with client_of(world) as fresh, client_of(keeper) as one, client_of(second) as two:
            for _ in range(25):
                if chance.random() < 0.4:
                    await company.change()
                place, explain = chance.choice(company.places), chance.random() < 0.3
                expected = await shown(fresh, place, explain=explain)
                assert "errors" not in expected[0]
                for client in (one, two):
                    assert await shown(client, place, explain=explain) == expected
    finally:
        await second.database.close()


async def test_what_is_behind_a_kept_row_is_that_of_now(world: World, keeper: World) -> None:
    company = Company(world, random.Random(0))
    await company.fill()
    place = company.places[0]
    item = await world.stock(company.products[0], place, 5)
    old = await world.reserve(item, 2)
    text = PAGE.replace("balance }", "balance count refs }")

    async def reserved(client: Client) -> set[tuple[int, str]]:
        answer = await client.graphql(text, at=place.id, first=30, after=None, explain=True)
        (matrix,) = answer["data"].values()
        return {
            (step["count"], id)
            for row in matrix["rows"]["nodes"]
            if row["product"]["id"] == company.products[0].id
            for cell in row["cells"]
            for step in cell["explain"]
            if step["kind"] == "RESERVED"
            for id in step["refs"]
        }

    async with client_of(keeper) as client:
        for _ in range(6):
            assert await reserved(client) == {(1, old)}
        async with world.write() as session:  # the same numbers by another reservation
            await stock.release_all(session, [stock.Part(reservation_id=old)], to="RELEASED")
        new = await world.reserve(item, 2)
        assert await reserved(client) == {(1, new)}


async def test_a_policy_ends_a_kept_page_by_the_clock(world: World, keeper: World) -> None:
    company = Company(world, random.Random(0))
    await company.fill()
    noon = datetime(2027, 1, 1, 12, tzinfo=UTC)
    await world.policy(
        company.channels[0], buffer=7, starts_at=noon, ends_at=noon + timedelta(hours=1)
    )
    wish, part = MatrixWish(channel_ids=("DTC",)), PageWish(limit=3)
    for minutes in (-1, 0, 59, 60, 59, -1) * 2:
        world.database.now = keeper.database.now = noon + timedelta(minutes=minutes)
        expected = await rows(world, company.places[0], wish, part)
        assert await rows(keeper, company.places[0], wish, part) == expected
        assert any(cell.terms.buffer == 7 for *_, cells in expected[0] for cell in cells) is (
            0 <= minutes < 60
        )


async def test_a_page_that_is_kept_reads_its_version_and_its_numbers(
    world: World, keeper: World
) -> None:
    company = Company(world, random.Random(0))
    await company.fill()
    async with client_of(keeper) as client:
        expected = None
        for _ in range(6):
            expected = await client.get(PATH, locationId=company.places[0].id)
        async with statements(keeper) as ran:
            assert await client.get(PATH, locationId=company.places[0].id) == expected

    if keeper.database.glances:
        assert ran == [packed.GLANCE]
    else:
        assert ran[0].startswith("select reference")
        assert ran[1:] == [packed.NUMBERS]


async def test_what_takes_more_than_a_glance_is_of_one_snapshot(
    world: World, keeper: World
) -> None:
    """The first run of an operation is narrow, the next asks for more: it begins anew."""
    company = Company(world, random.Random(0))
    await company.fill()
    text = """query ($at: ID!, $more: Boolean!) { atpMatrix(locationId: $at) {
      rows { nodes { totalOnHand } } position @include(if: $more) } }"""
    place = company.places[0].id
    async with client_of(keeper) as client:
        for more in (False,) * 6 + (True, True, False, False, True):
            async with statements(keeper) as ran:
                answer = await client.graphql(text, at=place, more=more)
            assert "errors" not in answer
            (matrix,) = answer["data"].values()
            assert bool(matrix.get("position")) is more
            assert len(matrix["rows"]["nodes"]) == 9
            assert len([one for one in ran if one == packed.GLANCE]) <= 1


async def test_a_refusal_by_what_is_kept_is_one_of_the_present(world: World, keeper: World) -> None:
    text = "query ($id: ID!) { product(id: $id) { name } }"
    product = await world.product(name="Gauze")
    async with client_of(keeper) as client:
        for _ in range(3):
            assert (await client.graphql(text, id=product.id))["data"]["product"]["name"] == "Gauze"
        async with world.write() as session:
            await records.remove(session, catalog.products, product)
        assert (await client.graphql(text, id=product.id))["data"] == {"product": None}


async def test_what_a_key_may_not_read_is_not_shown_from_what_is_kept(
    world: World, keeper: World
) -> None:
    company = Company(world, random.Random(0))
    await company.fill()
    text = """query ($at: ID!) { atpMatrix(locationId: $at) { rows { nodes {
      product { sku unitCost } } } } }"""
    async with client_of(keeper) as all, client_of(keeper, "inventory.read") as some:
        for _ in range(6):
            assert "errors" not in await all.graphql(text, at=company.places[0].id)
        answer = await some.graphql(text, at=company.places[0].id)

    assert {error["extensions"]["code"] for error in answer["errors"]} == {"FORBIDDEN"}
