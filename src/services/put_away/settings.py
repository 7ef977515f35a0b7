"""Makes, changes and removes the rules that choose bins."""

from collections.abc import Mapping
from typing import Any

from domain.errors import BinRefused, Invalid
from models import catalog, locations
from models.put_away import STRATEGIES, put_away_rules
from models.session import Session
from services import checks, records

PRIORITY_MAX = 1_000


async def create_rule(session: Session, values: Mapping[str, Any]) -> Any:
    """Make a rule.

    Raises:
        Invalid: a value breaks a rule, or what it is about is named twice.
        BinRefused: the bin is at another location.
        NotFound: there is no such location, product, category or bin.
    """
    _check(values)
    _check_whole(values)
    await _check_pointers(session, values)
    return await records.add(session, put_away_rules, "Put-away rule", "rule_", values)


async def update_rule(
    session: Session, id: str, values: Mapping[str, Any], expected_version: int | None
) -> Any:
    """Change a rule; tasks that it made suggestions for stay as they are.

    Raises:
        Invalid, BinRefused, NotFound: as when it is made.
        StaleVersion: it is not at the expected version.
    """
    _check(values)
    row = await records.get_locked(session, put_away_rules, "Put-away rule", id, expected_version)
    _check_whole({**row._mapping, **values})  # noqa: SLF001 - public in spite of its name
    await _check_pointers(session, {"location_id": row.location_id, "bin_id": row.bin_id, **values})
    return await records.change(session, put_away_rules, row, values)


async def delete_rule(session: Session, id: str, expected_version: int | None) -> None:
    """Delete a rule.

    Raises:
        NotFound: there is none.
        StaleVersion: it is not at the expected version.
    """
    row = await records.get_locked(session, put_away_rules, "Put-away rule", id, expected_version)
    await records.remove(session, put_away_rules, row)


def _check(values: Mapping[str, Any]) -> None:
    checks.texts(values, "name")
    checks.codes(values, "zone", "storage_class")
    checks.one_of(values, "strategy", STRATEGIES)
    priority = values.get("priority")
    if priority is not None and not 0 <= priority <= PRIORITY_MAX:
        raise Invalid("priority", f"priority must be from 0 to {PRIORITY_MAX}.")


async def _check_pointers(session: Session, values: Mapping[str, Any]) -> None:
    place = values.get("location_id")
    await records.require(session, locations.locations, "Location", place, "locationId")
    for table, thing, name, field in (
        (catalog.products, "Product", "product_id", "productId"),
        (catalog.categories, "Category", "category_id", "categoryId"),
    ):
        await records.require(session, table, thing, values.get(name), field)
    bin = await records.require(session, locations.bins, "Bin", values.get("bin_id"), "binId")
    if bin is not None and bin.location_id != place:
        raise BinRefused("binId", "binId is a bin of another location than locationId.")


def _check_whole(rule: Mapping[str, Any]) -> None:
    if rule.get("product_id") is not None and rule.get("category_id") is not None:
        raise Invalid("categoryId", "A rule is for a product or for a category, not for both.")
    if rule.get("bin_id") is not None and rule["strategy"] != "FIXED":
        raise Invalid("binId", "A bin goes with the strategy FIXED only.")
