"""Makes, changes and removes lots."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from domain.errors import Invalid
from models import catalog, lots, postings, stock
from models.lists import stock as lists
from models.session import Session
from services import checks, records, removal

YEARS = (1000, 2999)  # of an expiry date


async def create_lot(session: Session, values: Mapping[str, Any]) -> Any:
    """Make a lot of a product.

    Raises:
        Invalid: a value breaks a rule.
        NotFound: there is no such product.
        AlreadyExists: the product has a lot with this number, or the id is taken.
    """
    _check(values)
    product = await records.require(
        session, catalog.products, "Product", values["product_id"], "productId"
    )
    _check_expiry(product, values.get("expiry_date"))
    return await records.add(session, lots.lots, "Lot", "lot_", values)


async def update_lot(
    session: Session, id: str, values: Mapping[str, Any], expected_version: int | None
) -> Any:
    """Change a lot and keep the former one as history; another expiry counts at once everywhere.

    The level rows of its product at all locations that hold it stay locked until the
    transaction ends.

    Raises:
        Invalid, AlreadyExists: as when it is made.
        NotFound: there is none.
        StaleVersion: it is not at the expected version.
    """
    _check(values)
    row = await records.get_locked(session, lots.lots, "Lot", id, expected_version)
    if values.get("expiry_date", row.expiry_date) == row.expiry_date:
        return await records.change(session, lots.lots, row, values)
    product = await records.get(session, catalog.products, "Product", row.product_id)
    _check_expiry(product, values["expiry_date"])
    pairs = await session.all(lists.pairs_of(lot_id=id))
    places = [pair.location_id for pair in pairs], [pair.product_id for pair in pairs]
    await session.one(postings.lock_levels(*places))
    changed = await records.change(session, lots.lots, row, values)
    await session.one(postings.refresh_levels(*places))
    return changed


async def delete_lot(session: Session, id: str, expected_version: int | None) -> None:
    """Delete a lot that was never stocked.

    Raises:
        NotFound: there is none.
        StaleVersion: it is not at the expected version.
        InUse: units or buckets are left.
    """
    row = await records.get_locked(session, lots.lots, "Lot", id, expected_version)
    await removal.refuse_stocked(session, "The lot", lot_id=id)
    pointers = {"inventoryItems": (stock.inventory_items, "lot_id")}
    await removal.refuse_use(
        session, "The lot", id, pointers, "A lot that was stocked stays for its history."
    )
    await records.remove(session, lots.lots, row)


def _check(values: Mapping[str, Any]) -> None:
    checks.codes(values, "number")
    checks.notes(values, "note")
    expiry = values.get("expiry_date")
    if expiry is not None and not YEARS[0] <= expiry.year <= YEARS[1]:
        raise Invalid("expiryDate", f"expiryDate must be from {YEARS[0]} to {YEARS[1]}.")


def _check_expiry(product: Any, expiry: date | None) -> None:
    if product.expiry_tracked and expiry is None:
        raise Invalid("expiryDate", "A lot of this product needs an expiry date.")
