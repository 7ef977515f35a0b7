"""Makes, changes and removes locations and their bins."""

from collections.abc import Mapping
from typing import Any

from models import channels, locations, postings, stock
from models.lists import stock as lists
from models.session import Session
from services import checks, records, removal, trees
from services.locations.reading import is_held

MIXINGS = ("ANY", "SAME_PRODUCT", "SAME_LOT", "EMPTY_ONLY")


async def create_location(session: Session, values: Mapping[str, Any]) -> Any:
    """Make a location; the shape of the tree stays locked until the transaction ends.

    Raises:
        Invalid: a value breaks a rule.
        NotFound: there is no such parent.
        AlreadyExists: the code or the id is taken.
    """
    _check_location(values)
    return await trees.add(session, locations.locations, "Location", "loc_", values)


async def update_location(
    session: Session, id: str, values: Mapping[str, Any], expected_version: int | None
) -> Any:
    """Change a location; with another parent it moves with all that is below it.

    Raises:
        Invalid, NotFound, AlreadyExists: as when it is made.
        StaleVersion: it is not at the expected version.
    """
    _check_location(values)
    return await trees.change(
        session, locations.locations, "Location", id, values, expected_version
    )


async def delete_location(session: Session, id: str, expected_version: int | None) -> None:
    """Delete a location that never had stock, with its bins.

    Raises:
        NotFound: there is none.
        StaleVersion: it is not at the expected version.
        InUse: units, buckets, locations below it, policies, quotas or levels are left.
    """
    table = locations.locations
    row = await records.get_locked(session, table, "Location", id, expected_version)
    await removal.refuse_stocked(session, "The location", location_id=id)
    pointers = {
        "inventoryItems": (stock.inventory_items, "location_id"),
        "locations": (locations.locations, "parent_id"),
        "policies": (channels.channel_policies, "location_id"),
        "quotas": (channels.channel_quotas, "location_id"),
        "inventoryLevels": (stock.inventory_levels, "location_id"),
        "reservations": (stock.reservations, "location_id"),
        "replenishedLevels": (stock.inventory_levels, "replenishment_location_id"),
    }
    await removal.refuse_use(session, "The location", id, pointers, removal.RETIRE)
    await session.run(locations.remove_bins(id))
    await records.remove(session, table, row)


async def create_bin(session: Session, values: Mapping[str, Any]) -> Any:
    """Make a bin in a location.

    Raises:
        Invalid: a value breaks a rule.
        NotFound: there is no such location.
        AlreadyExists: the location has a bin with this code, or the id is taken.
    """
    _check_bin(values)
    location_id = values["location_id"]
    await records.require(session, locations.locations, "Location", location_id, "locationId")
    return await records.add(session, locations.bins, "Bin", "bin_", values)


async def update_bin(
    session: Session, id: str, values: Mapping[str, Any], expected_version: int | None
) -> Any:
    """Change a bin; a type that keeps stock from being promised does so at once.

    The level rows of all products in it stay locked until the transaction ends.

    Raises:
        Invalid, AlreadyExists: as when it is made.
        NotFound: there is none.
        StaleVersion: it is not at the expected version.
    """
    _check_bin(values)
    row = await records.get_locked(session, locations.bins, "Bin", id, expected_version)
    if is_held(values.get("type") or row.type) == is_held(row.type):
        return await records.change(session, locations.bins, row, values)
    pairs = await session.all(lists.pairs_of(bin_id=id))
    places = [pair.location_id for pair in pairs], [pair.product_id for pair in pairs]
    await session.one(postings.lock_levels(*places))
    changed = await records.change(session, locations.bins, row, values)
    await session.one(postings.refresh_levels(*places))
    return changed


async def delete_bin(session: Session, id: str, expected_version: int | None) -> None:
    """Delete a bin that never had stock.

    Raises:
        NotFound: there is none.
        StaleVersion: it is not at the expected version.
        InUse: units, buckets or levels that prefer it are left.
    """
    row = await records.get_locked(session, locations.bins, "Bin", id, expected_version)
    await removal.refuse_stocked(session, "The bin", bin_id=id)
    pointers = {
        "inventoryItems": (stock.inventory_items, "bin_id"),
        "inventoryLevels": (stock.inventory_levels, "preferred_bin_id"),
    }
    await removal.refuse_use(session, "The bin", id, pointers, removal.RETIRE)
    await records.remove(session, locations.bins, row)


def _check_location(values: Mapping[str, Any]) -> None:
    checks.codes(values, "code")
    checks.words(values, "type")
    checks.texts(values, "name")
    checks.attributes(values)


def _check_bin(values: Mapping[str, Any]) -> None:
    checks.codes(values, "code", "zone", "storage_class")
    checks.one_of(values, "mixing", MIXINGS)
    checks.amounts(values, "capacity_units", "capacity_weight_kg", "capacity_volume_litres")
    checks.words(values, "type")
    checks.texts(values, "name")
    checks.wholes(values, "pick_order")
