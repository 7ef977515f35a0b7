"""Suggests bins for goods: reads what lies where in a fixed number of statements, then chooses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain.errors import (
    BinRefused,
    DuplicateLine,
    InsufficientStock,
    Invalid,
    LimitExceeded,
    NotFound,
)
from domain.quantities import ZERO, plain
from domain.warehouse_errors import BinUnfit
from models import locations, putting_away
from models.put_away import STRATEGIES
from models.session import Session
from services import checks, records
from services.put_away import rules
from services.put_away.rules import Chosen, Goods, Place, Rule
from services.stock import acting

ITEMS_MAX = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemWish:
    """Units of a bucket that are to be put away, into a bin if one is named."""

    inventory_item_id: str
    quantity: Decimal
    destination_bin_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Goods of a location that are to be put away; with a strategy, by it and no rules."""

    location_id: str
    items: Sequence[ItemWish]
    strategy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """A bucket's units and the bin that is suggested for them."""

    source: Any
    chosen: Chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelves:
    """The bins of a location with what lies and will lie in them, and its rules."""

    location_id: str
    places: dict[str, Place]
    rules: Sequence[Any]
    last_bins: Mapping[str, str]

    def goods(self, source: Any) -> Goods:
        """What is to be known of a bucket's units to put them away."""
        return Goods(
            product_id=source.product_id,
            lot_id=source.lot_id,
            source_bin_id=source.bin_id,
            storage_class=source.storage_class,
            step=source.quantity_step,
            unit_weight=source.unit_weight_kg or ZERO,
            unit_volume=source.unit_volume_litres or ZERO,
            category_path=source.category_path or (),
            preferred_bin_id=source.preferred_bin_id,
            last_bin_id=self.last_bins.get(source.product_id),
        )


async def suggest(session: Session, wish: Wish) -> list[Suggested]:
    """Bins for goods, in the order of the items; one that no bin takes whole is divided.

    Nothing is locked: whoever keeps room for them locks the location first.

    Raises:
        Invalid and its kinds: a value breaks a rule, or a bin is of another location.
        NotFound: there is no such location, item or bin.
        InsufficientStock: less is there and free than is to be put away.
        BinUnfit: a bin that was named is not right for the goods.
    """
    _check(wish)
    await records.require(session, locations.locations, "Location", wish.location_id, "locationId")
    sources = await _sources(session, wish)
    shelves = await look(session, wish.location_id, [row.product_id for row in sources])
    found = []
    for index, (item, source) in enumerate(zip(wish.items, sources, strict=True)):
        goods = shelves.goods(source)
        if item.destination_bin_id is not None:
            field = f"items[{index}].destinationBinId"
            bin_id = item.destination_bin_id
            chosen = [into(shelves, goods, item.quantity, bin_id, field)]
        else:
            chosen = rules.choose(
                goods, item.quantity, _rules(wish, shelves, goods), shelves.places
            )
        found += [Suggested(source=source, chosen=one) for one in chosen]
    return found


async def look(session: Session, location_id: str, product_ids: Sequence[str]) -> Shelves:
    """The bins of a location as they stand for goods of these products; five statements."""
    ids = sorted(set(product_ids))
    found = await session.all(putting_away.bins_of(location_id))
    places = {bin.id: Place(bin=bin) for bin in found}
    for row in await session.all(putting_away.contents(location_id)):
        place = places[row.bin_id]
        place.units, place.weight, place.volume = row.units, row.weight, row.volume
        place.products, place.lots = row.products, row.lots
    for row in await session.all(putting_away.holdings(location_id, ids)):
        places[row.bin_id].own[(row.product_id, row.lot_id)] = row.units
    last = await session.all(putting_away.last_bins(location_id, ids))
    return Shelves(
        location_id=location_id,
        places=places,
        rules=await session.all(putting_away.rules_of(location_id)),
        last_bins={row.product_id: row.bin_id for row in last},
    )


def into(shelves: Shelves, goods: Goods, quantity: Decimal, bin_id: str, field: str) -> Chosen:
    """The units in the bin that was named, counted in from now on.

    Raises:
        BinRefused: it is at another location.
        BinUnfit: it is not right for the goods, or has no room for so many.
    """
    place = shelves.places.get(bin_id)
    if place is None:
        raise BinRefused(field, f"{field} is no bin of the location.")
    why, room = rules.judge(goods, quantity, None, place)
    if why is not None:
        raise BinUnfit(
            f"The bin {place.bin.code} does not take these goods: {why}.",
            field=field,
            details={"binId": bin_id, "why": str(why), "room": plain(room)},
        )
    place.add(goods, quantity)
    return Chosen(quantity=quantity, bin_id=bin_id, rule=None, rejected=())


def _check(wish: Wish) -> None:
    checks.one_of({"strategy": wish.strategy}, "strategy", STRATEGIES)
    if not wish.items:
        raise Invalid("items", "At least one item is needed.")
    if len(wish.items) > ITEMS_MAX:
        message = f"There are at most {ITEMS_MAX} items."
        raise LimitExceeded("items", message, max=ITEMS_MAX)


async def _sources(session: Session, wish: Wish) -> list[Any]:
    """The bucket of each item, with enough in it that is neither promised nor in a task."""
    ids = sorted({item.inventory_item_id for item in wish.items})
    rows = {row.id: row for row in await session.all(putting_away.sources(ids))}
    left = {id: row.on_hand - row.reserved - row.taken for id, row in rows.items()}
    seen: dict[tuple[str, str | None], int] = {}
    for index, item in enumerate(wish.items):
        field = f"items[{index}]."
        row = rows.get(item.inventory_item_id)
        if row is None or row.location_id != wish.location_id:
            raise NotFound("Inventory item", f"{field}inventoryItemId")
        first = seen.setdefault((item.inventory_item_id, item.destination_bin_id), index)
        if first != index:
            text = f"items[{index}] is the same as items[{first}]: add their quantities."
            raise DuplicateLine(f"items[{index}]", text, line=first)
        acting.quantity(row, item.quantity, f"{field}quantity")
        left[row.id] -= item.quantity
        if left[row.id] < 0:
            free = plain(max(left[row.id] + item.quantity, ZERO))
            raise InsufficientStock(
                f"{plain(item.quantity)} are to be put away and {free} are free to be moved.",
                field=f"{field}quantity",
                details={"asked": plain(item.quantity), "free": free},
            )
    return [rows[item.inventory_item_id] for item in wish.items]


def _rules(wish: Wish, shelves: Shelves, goods: Goods) -> list[Rule]:
    """The rules for the goods in their order, and after them what is usual."""
    if wish.strategy is not None:
        return [Rule(strategy=wish.strategy)]
    usual = [Rule(strategy=strategy) for strategy in rules.USUAL]
    return [*rules.matching(shelves.rules, goods, shelves.location_id), *usual]
