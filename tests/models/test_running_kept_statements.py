"""A statement that is built once runs on the driver itself, and gives what it gives otherwise."""

import pytest
from sqlalchemy import bindparam, delete, func, insert, select

from domain.errors import InUse
from models import catalog, stock_lines
from models.base import Key, texts_named, this_tenant
from models.bound import Bound, Row
from models.lists import listing
from models.lists.ledger import LEDGER_ENTRIES, POSTINGS, entries_of
from models.lists.stock import INVENTORY_ITEMS
from models.session import Session
from world import World

REFERENCE = "select reference from tenant_versions where tenant_id = stock_tenant()"


async def both_ways(session: Session, bound: Bound) -> tuple[list[object], list[object]]:
    """The rows by the driver, and by the library that dresses them."""
    plain = bound.statement.params(**bound.values)  # type: ignore[attr-defined] # a Select
    kept, dressed = await session.all(bound), await session.all(plain)
    assert all(isinstance(row, Row) for row in kept)
    return [row._asdict() for row in kept], [row._asdict() for row in dressed]


async def test_gives_the_rows_that_the_library_gives(world: World) -> None:
    product, location = await world.product(), await world.location()
    item = await world.stock(product, location, "5.25")

    async with world.read() as session:
        (entry,) = await session.all(listing.by_key(LEDGER_ENTRIES, "inventory_item_id", [item]))
        for bound in (
            listing.by_ids(INVENTORY_ITEMS, [item]),
            listing.by_ids(POSTINGS, [entry.posting_id]),
            entries_of(entry.posting_id),
            stock_lines.lines_of([(location.id, product.id)]),
        ):
            kept, dressed = await both_ways(session, bound)
            assert len(kept) == 1
            assert kept == dressed


async def test_a_row_has_its_columns_and_no_others(world: World) -> None:
    async with world.read() as session:
        row = await session.one(Bound(select(bindparam("a", type_=Key).label("it")), {"a": "x"}))

    assert (row.it, row[0], tuple(row)) == ("x", "x", ("x",))
    with pytest.raises(AttributeError, match="other"):
        _ = row.other


async def test_a_write_to_reference_data_raises_its_version(world: World) -> None:
    statement = insert(catalog.categories).values(
        id="cat_1", code=bindparam("new_code"), name="Fruit", path=["cat_1"]
    )

    async with world.write() as session:
        before = await session.call(REFERENCE)
        assert await session.run(Bound(statement, {"new_code": "F"})) == 1

    async with world.read() as session:
        assert await session.call(REFERENCE) == before + 1


async def test_what_something_points_at_is_in_use(world: World) -> None:
    product = await world.product()
    await world.stock(product, await world.location(), 1)
    column = catalog.products.c
    statement = delete(catalog.products).where(
        column.tenant_id == this_tenant(), column.id == func.any(texts_named("ids"))
    )

    async with world.write() as session:
        with pytest.raises(InUse):
            async with session.attempt():
                await session.run(Bound(statement, {"ids": [product.id]}))
