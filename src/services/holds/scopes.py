"""What a hold lies on: found, locked, and the buckets and sums that it reaches."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.errors import Invalid
from models import catalog, locations, lots, postings, stock
from models.lists import stock as lists
from models.session import Session
from services import records as life

Pair = tuple[str, str]  # location id, product id


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What a hold lies on, as its row keeps it, and what it reaches.

    `where` names its buckets by column; `pairs` are the locations and products of their sums.
    """

    values: Mapping[str, Any]
    where: Mapping[str, str]
    pairs: list[Pair]


async def of_item(session: Session, item_id: str) -> Reach:
    """One bucket.

    Raises:
        NotFound: there is none.
    """
    items = stock.inventory_items
    item = await life.require(session, items, "Inventory item", item_id, "inventoryItemId")
    values = {
        "scope": "ITEM",
        "scope_id": item.id,
        "inventory_item_id": item.id,
        **{name: getattr(item, name) for name in ("product_id", "location_id", "lot_id", "bin_id")},
    }
    return Reach(values=values, where={"id": item.id}, pairs=[(item.location_id, item.product_id)])


async def of_lot(session: Session, lot_id: str, location_id: str | None) -> Reach:
    """A lot, at all locations or at one; its row is locked, so that new buckets of it wait.

    Raises:
        NotFound: there is no such lot or location.
    """
    await life.require(session, lots.lots, "Lot", lot_id, "lotId")
    lot = await life.get_locked(session, lots.lots, "Lot", lot_id)
    await life.require(session, locations.locations, "Location", location_id, "locationId")
    place = {} if location_id is None else {"location_id": location_id}
    values = {"scope": "LOT", "scope_id": lot.id, "lot_id": lot.id, "product_id": lot.product_id}
    return await _reached(session, values | place, {"lot_id": lot.id, **place})


async def of_bin(session: Session, bin_id: str) -> Reach:
    """A bin; its row is locked, so that new buckets in it wait.

    Raises:
        NotFound: there is none.
    """
    await life.require(session, locations.bins, "Bin", bin_id, "binId")
    bin = await life.get_locked(session, locations.bins, "Bin", bin_id)
    values = {
        "scope": "BIN",
        "scope_id": bin.id,
        "bin_id": bin.id,
        "location_id": bin.location_id,
    }
    return await _reached(session, values, {"bin_id": bin.id})


async def of_quantity(session: Session, product_id: str, location_id: str | None) -> Reach:
    """Units of a product at a location, in whichever buckets.

    Raises:
        NotFound: there is no such product or location.
    """
    if location_id is None:
        raise Invalid("locationId", "A hold on a quantity of a product needs a location.")
    await life.require(session, catalog.products, "Product", product_id, "productId")
    await life.require(session, locations.locations, "Location", location_id, "locationId")
    values = {
        "scope": "QUANTITY",
        "scope_id": product_id,
        "product_id": product_id,
        "location_id": location_id,
    }
    where = {"product_id": product_id, "location_id": location_id}
    return Reach(values=values, where=where, pairs=[(location_id, product_id)])


async def of_hold(session: Session, hold: Any) -> Reach:
    """What a hold that is there lies on, locked as when it was placed."""
    if hold.scope == "LOT":
        return await of_lot(session, hold.lot_id, hold.location_id)
    if hold.scope == "BIN":
        return await of_bin(session, hold.bin_id)
    is_item = hold.scope == "ITEM"
    where = {"id": hold.inventory_item_id} if is_item else {"product_id": hold.product_id}
    return Reach(values={}, where=where, pairs=[(hold.location_id, hold.product_id)])


async def lock(session: Session, pairs: list[Pair]) -> None:
    """Lock the sums of these pairs, in the global order, until the transaction ends."""
    await session.one(postings.lock_levels(*_columns(pairs)))


async def refresh(session: Session, pairs: list[Pair]) -> None:
    """Bring the locked sums of these pairs up to date."""
    await session.one(postings.refresh_levels(*_columns(pairs)))


async def _reached(session: Session, values: dict[str, Any], where: dict[str, str]) -> Reach:
    found = await session.all(lists.pairs_of(**where))
    pairs = sorted((pair.location_id, pair.product_id) for pair in found)
    return Reach(values=values, where=where, pairs=pairs)


def _columns(pairs: list[Pair]) -> tuple[list[str], list[str]]:
    return [location for location, _ in pairs], [product for _, product in pairs]
