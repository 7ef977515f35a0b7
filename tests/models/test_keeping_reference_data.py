"""What a process keeps of reference data is never older than the snapshot that asks for it."""

import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Table, update

from models import catalog
from models.base import this_tenant
from models.past import Past
from models.reference import Epoch, References, Shelf
from models.session import Database
from resolvers import kinds
from services import records
from services.catalog import reading
from world import World

LISTINGS = [kind.reader.listing for kind in kinds.NODES if kind.reader.listing.reference]


@pytest.fixture
async def keeper(urls: tuple[str, str]) -> AsyncIterator[Database]:
    """The door of a process that keeps reference data; the test's own keeps none."""
    database = Database(urls[1], pool_size=2, reference_bytes=2**20)
    yield database
    await database.close()


async def name_of(database: Database, world: World, id: str) -> str | None:
    async with database.read(world.tenant_id) as session:
        row = (await reading.products.by_ids(session, [id])).get(id)
    return None if row is None else str(row.name)


async def rename(world: World, id: str, name: str) -> None:
    async with world.write() as session:
        await session.run(
            update(catalog.products)
            .where(catalog.products.c.tenant_id == this_tenant(), catalog.products.c.id == id)
            .values(name=name)
        )


async def test_what_is_kept_costs_no_statement_but_that_for_the_version(
    keeper: Database, world: World
) -> None:
    product = await world.product(name="Gauze")
    await name_of(keeper, world, product.id)
    said: list[str] = []
    keeper.listener = said.append

    assert await name_of(keeper, world, product.id) == "Gauze"
    (version,) = said
    assert version.startswith("select reference, stock_now() from tenant_versions")


async def test_a_change_by_another_process_is_seen_by_the_next_read(
    keeper: Database, world: World
) -> None:
    product = await world.product(name="Gauze")
    assert await name_of(keeper, world, product.id) == "Gauze"

    await rename(world, product.id, "Bandage")
    assert await name_of(keeper, world, product.id) == "Bandage"


async def test_what_was_deleted_is_gone_and_what_was_missing_is_found(
    keeper: Database, world: World
) -> None:
    assert await name_of(keeper, world, "prod_new") is None
    product = await world.product(id="prod_new", name="Gauze")
    assert await name_of(keeper, world, "prod_new") == "Gauze"

    async with world.write() as session:
        await records.remove(session, catalog.products, product)
    assert await name_of(keeper, world, "prod_new") is None


async def test_a_snapshot_that_is_older_than_what_is_kept_sees_what_was(
    keeper: Database, world: World
) -> None:
    product = await world.product(name="Gauze")
    async with keeper.read(world.tenant_id) as old:
        await old.shelf()  # its snapshot is taken
        await rename(world, product.id, "Bandage")
        assert await name_of(keeper, world, product.id) == "Bandage"

        rows = await reading.products.by_ids(old, [product.id])
        assert rows[product.id].name == "Gauze"
    assert await name_of(keeper, world, product.id) == "Bandage"


async def test_sessions_that_write_or_look_back_keep_nothing(
    keeper: Database, world: World
) -> None:
    async with keeper.write(world.tenant_id) as session:
        assert await session.shelf() is None
    past = Past(as_of=datetime(2026, 1, 1, tzinfo=UTC))
    async with keeper.read(world.tenant_id, past=past) as session:
        assert await session.shelf() is None


async def test_invariant_20_tenants_with_the_same_ids_keep_their_own(
    keeper: Database, world: World, other_world: World
) -> None:
    await world.product(id="prod_same", name="Ours")
    await other_world.product(id="prod_same", name="Theirs")

    for _ in range(2):
        assert await name_of(keeper, world, "prod_same") == "Ours"
        assert await name_of(keeper, other_world, "prod_same") == "Theirs"


async def test_two_processes_and_random_writes_never_show_an_older_name(
    keeper: Database, world: World, urls: tuple[str, str], run_seed: int
) -> None:
    second = Database(urls[1], pool_size=2, reference_bytes=2**20)
    chance = random.Random(run_seed)
    names = {(await world.product(name="0")).id: "0" for _ in range(5)}
    try:
        for number in range(120):
            id = chance.choice(list(names))
            if chance.random() < 0.4:
                await rename(world, id, str(number))
                names[id] = str(number)
            reader = chance.choice([keeper, second])
            assert await name_of(reader, world, id) == names[id]
    finally:
        await second.close()


NOW = datetime(2026, 6, 1, tzinfo=UTC)


def shelf_of(kept: References, tenant: UUID, version: int) -> Shelf:
    return kept.of(tenant, version, NOW) or kept.begin(tenant, Epoch(version))


def test_what_was_used_longest_ago_is_dropped_first() -> None:
    first, second, third = uuid4(), uuid4(), uuid4()
    kept = References(max_bytes=1_500)
    for tenant in (first, second):
        shelf_of(kept, tenant, 1).put("products", "a", ("x" * 300,))
    shelf_of(kept, first, 1)

    shelf_of(kept, third, 1).put("products", "a", ("x" * 300,))

    assert shelf_of(kept, first, 1).get("products", "a") is not None
    assert shelf_of(kept, second, 1).get("products", "a") is None
    assert kept.bytes <= 1_500


def test_a_shelf_of_an_older_version_is_not_kept() -> None:
    kept, tenant = References(max_bytes=10_000), uuid4()
    shelf_of(kept, tenant, 2).put("products", "a", ("new",))

    older = shelf_of(kept, tenant, 1)
    older.put("products", "a", ("old",))

    assert shelf_of(kept, tenant, 2).get("products", "a") == ("new",)


def test_a_shelf_counts_between_two_moments_of_the_clock() -> None:
    kept, tenant, hour = References(max_bytes=10_000), uuid4(), timedelta(hours=1)
    kept.begin(tenant, Epoch(1, since=NOW, until=NOW + hour))

    assert kept.of(tenant, 1, NOW) is not None
    assert kept.of(tenant, 1, NOW - hour) is None
    assert kept.of(tenant, 1, NOW + hour) is None


@pytest.mark.parametrize("listing", LISTINGS, ids=lambda one: str(one.id[0]))
def test_kept_lists_are_rows_of_one_table_of_reference_data(listing: object) -> None:
    (source,) = listing.rows.get_final_froms()  # type: ignore[attr-defined] # a Listing

    assert isinstance(source, Table)
    assert source.info["reference"]
    assert set(listing.rows.selected_columns) == set(source.c)  # type: ignore[attr-defined] # a Listing
