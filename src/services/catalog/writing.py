"""Makes, changes and removes categories and products."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from domain.errors import AlreadyExists, Invalid
from models import catalog, channels, lots, search, stock
from models import records as statements
from models.session import Session
from services import checks, records, removal, trees

PACKS_MAX = 20


async def create_category(session: Session, values: Mapping[str, Any]) -> Any:
    """Make a category; the shape of the tree stays locked until the transaction ends.

    Raises:
        Invalid: a value breaks a rule.
        NotFound: there is no such parent.
        AlreadyExists: the code or the id is taken.
    """
    _check_category(values)
    return await trees.add(session, catalog.categories, "Category", "cat_", values)


async def update_category(
    session: Session, id: str, values: Mapping[str, Any], expected_version: int | None
) -> Any:
    """Change a category; with another parent it moves with all that is below it.

    Raises:
        Invalid, NotFound, AlreadyExists: as when it is made.
        StaleVersion: it is not at the expected version.
    """
    _check_category(values)
    return await trees.change(session, catalog.categories, "Category", id, values, expected_version)


async def delete_category(session: Session, id: str, expected_version: int | None) -> None:
    """Delete a category on which nothing stands.

    Raises:
        NotFound: there is none.
        StaleVersion: it is not at the expected version.
        InUse: products, categories below it or policies are left.
    """
    row = await records.get_locked(session, catalog.categories, "Category", id, expected_version)
    pointers = {
        "products": (catalog.products, "category_id"),
        "categories": (catalog.categories, "parent_id"),
        "policies": (channels.channel_policies, "category_id"),
    }
    await removal.refuse_use(session, "The category", id, pointers, "Move or delete these first.")
    await records.remove(session, catalog.categories, row)


async def create_product(
    session: Session, values: Mapping[str, Any], packs: Sequence[Mapping[str, Any]] = ()
) -> Any:
    """Make a product with its packs, and let it be found by search.

    Raises:
        Invalid: a value breaks a rule.
        NotFound: there is no such category.
        AlreadyExists: the SKU, a barcode or the id is taken.
    """
    await _check_product(session, values)
    row = await records.add(session, catalog.products, "Product", "prod_", values)
    return await _finish(session, row, packs)


async def update_product(
    session: Session,
    id: str,
    values: Mapping[str, Any],
    packs: Sequence[Mapping[str, Any]] | None,
    expected_version: int | None,
) -> Any:
    """Change a product and keep the former one as history; `packs` stand in place of all it had.

    Raises:
        Invalid, NotFound, AlreadyExists: as when it is made.
        StaleVersion: it is not at the expected version.
    """
    await _check_product(session, values)
    row = await records.get_locked(session, catalog.products, "Product", id, expected_version)
    touched = packs is not None and await _packs_differ(session, id, packs)
    changed = await records.change(session, catalog.products, row, values, touched=touched)
    return await _finish(session, changed, packs)


async def delete_product(session: Session, id: str, expected_version: int | None) -> None:
    """Delete a product that was never stocked and on which nothing stands.

    Raises:
        NotFound: there is none.
        StaleVersion: it is not at the expected version.
        InUse: units, buckets, lots, policies, quotas, levels or past sales are left.
    """
    row = await records.get_locked(session, catalog.products, "Product", id, expected_version)
    await removal.refuse_stocked(session, "The product", product_id=id)
    pointers = {
        "inventoryItems": (stock.inventory_items, "product_id"),
        "movements": (stock.movement_history, "product_id"),
        "reservations": (stock.reservations, "product_id"),
        "lots": (lots.lots, "product_id"),
        "policies": (channels.channel_policies, "product_id"),
        "quotas": (channels.channel_quotas, "product_id"),
        "inventoryLevels": (stock.inventory_levels, "product_id"),
    }
    await removal.refuse_use(session, "The product", id, pointers, removal.RETIRE)
    await session.run(catalog.remove_packs(id))
    await session.one(search.drop([id]))
    await records.remove(session, catalog.products, row)


def _check_category(values: Mapping[str, Any]) -> None:
    checks.codes(values, "code")
    checks.texts(values, "name")


async def _check_product(session: Session, values: Mapping[str, Any]) -> None:
    checks.codes(values, "sku", "barcode", "unit_of_measure")
    checks.texts(values, "name")
    checks.amounts(values, "unit_cost", "list_price", "safety_stock", "reorder_point")
    checks.codes(values, "storage_class")
    checks.amounts(values, "unit_weight_kg", "unit_volume_litres")
    checks.amounts(values, "quantity_step", above=Decimal(0))
    checks.wholes(values, "expiry_warning_days", "lead_time_days")
    checks.attributes(values)
    category_id = values.get("category_id")
    await records.require(session, catalog.categories, "Category", category_id, "categoryId")


async def _finish(session: Session, row: Any, packs: Sequence[Mapping[str, Any]] | None) -> Any:
    """Set the packs, refuse barcodes that two things carry, and let the product be found.

    One transaction at a time gives barcodes out: a unit and a pack are in different tables.
    """
    if packs is not None:
        _check_packs(packs)
        await session.run(catalog.remove_packs(row.id))
        for pack in packs:
            await session.run(catalog.add_pack(row.id, pack))
    barcodes = list(await session.all(catalog.barcodes_of(row.id)))
    own = [one.barcode for one in barcodes]
    if own:
        await session.one(statements.lock_whole(catalog.product_packs))
    clash = await session.one_or_none(catalog.barcode_of_another(row.id, own))
    if clash is not None or len(set(own)) != len(own):
        raise AlreadyExists("product", "barcode")
    document = search.document(row.sku, row.name, *own)
    await session.one(search.put([row.id], [document]))
    return row


async def _packs_differ(session: Session, id: str, packs: Sequence[Mapping[str, Any]]) -> bool:
    rows = await session.all(catalog.packs_of([id]))
    former = {(row.code, row.quantity, row.barcode) for row in rows}
    return former != {(pack["code"], pack["quantity"], pack.get("barcode")) for pack in packs}


def _check_packs(packs: Sequence[Mapping[str, Any]]) -> None:
    if len(packs) > PACKS_MAX:
        raise Invalid("packs", f"A product has at most {PACKS_MAX} packs.")
    if len({pack["code"] for pack in packs}) != len(packs):
        raise Invalid("packs", "Each pack of a product has a code of its own.")
    for pack in packs:
        checks.codes(pack, "code", "barcode")
        checks.amounts(pack, "quantity", above=Decimal(0))
