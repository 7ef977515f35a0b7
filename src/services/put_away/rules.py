"""Which bin goods are put into: rules, strategies, what fits. Pure: no session, no clock."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum
from typing import Any

from domain.quantities import ZERO

REJECTED_MAX = 50  # bins that a suggestion tells of
HELD = frozenset({"HOLD", "QUARANTINE", "DAMAGE"})
PASSING = frozenset({"RECEIVING", "STAGING"})  # where goods only pass through
BULK = "REPLENISHMENT"
# Without a rule: the bin that the level prefers, then beside the same, then any bin that is right.
USUAL = ("FIXED", "CONSOLIDATE", "STORAGE_CLASS", "EMPTY_NEAREST", "BULK_OVERFLOW")


class Why(StrEnum):
    """Why goods are not put into a bin."""

    SOURCE = "SOURCE"
    """They lie there now."""

    INACTIVE = "INACTIVE"
    """It is no longer used."""

    NOT_FOR_STORAGE = "NOT_FOR_STORAGE"
    """Goods only pass through it."""

    HELD = "HELD"
    """What lies in it is promised to nobody."""

    STORAGE_CLASS = "STORAGE_CLASS"
    """It is of another storage class than the goods."""

    MIXING = "MIXING"
    """What lies or will lie in it must not lie together with them."""

    NOT_EMPTY = "NOT_EMPTY"
    """An empty bin was looked for."""

    UNITS = "UNITS"
    """Not so many units fit."""

    WEIGHT = "WEIGHT"
    """It does not carry their weight."""

    VOLUME = "VOLUME"
    """It does not hold their volume."""


@dataclass(slots=True, kw_only=True)
class Place:
    """A bin with what lies in it and what open tasks will bring, in base units, kg and litres.

    `own` are the units of the goods that are asked for: by product and lot.
    """

    bin: Any
    units: Decimal = ZERO
    weight: Decimal = ZERO
    volume: Decimal = ZERO
    products: int = 0
    lots: int = 0
    own: dict[tuple[str, str | None], Decimal] = field(default_factory=dict)

    def add(self, goods: "Goods", quantity: Decimal) -> None:
        """Count goods that will come."""
        key = (goods.product_id, goods.lot_id)
        self.products += not any(product == goods.product_id for product, _ in self.own)
        self.lots += key not in self.own
        self.own[key] = self.own.get(key, ZERO) + quantity
        self.units += quantity
        self.weight += quantity * goods.unit_weight
        self.volume += quantity * goods.unit_volume

    def holds(self, goods: "Goods", *, same_lot: bool) -> Decimal:
        """How many units of the product, or of its lot, are in it."""
        return sum(
            (
                units
                for (product, lot), units in self.own.items()
                if product == goods.product_id and (not same_lot or lot == goods.lot_id)
            ),
            ZERO,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """What is to be put away: of which product and lot, and what its units need."""

    product_id: str
    lot_id: str | None
    source_bin_id: str | None
    storage_class: str | None
    step: Decimal
    unit_weight: Decimal = ZERO
    unit_volume: Decimal = ZERO
    category_path: Sequence[str] = ()
    preferred_bin_id: str | None = None
    last_bin_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How bins are chosen: by a strategy, of all bins or those of a zone."""

    strategy: str
    id: str | None = None
    bin_id: str | None = None
    zone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Units and the bin that they go into, or None where none is right."""

    quantity: Decimal
    bin_id: str | None
    rule: Rule | None
    rejected: Sequence[Mapping[str, str]]


def matching(rules: Sequence[Any], goods: Goods, location_id: str) -> list[Rule]:
    """The rules that are for these goods, the most specific first.

    A product goes before a category, the nearest first, that before a storage class, that before
    what names none; then the rule of the location before one of all; then the greatest priority,
    then the id.
    """
    ranked = []
    for rule in rules:
        rank = _rank(rule, goods)
        if rank is not None and rule.location_id in (None, location_id):
            order = (rank, rule.location_id is None, -rule.priority, rule.id)
            ranked.append((order, rule))
    return [
        Rule(strategy=rule.strategy, id=rule.id, bin_id=rule.bin_id, zone=rule.zone)
        for _, rule in sorted(ranked, key=lambda one: one[0])
    ]


def choose(
    goods: Goods, quantity: Decimal, rules: Sequence[Rule], places: Mapping[str, Place]
) -> list[Chosen]:
    """The bins for so many units, which are counted in from now on.

    The first rule with a bin that takes all of them decides. Where none does they are divided, in
    the same order; what no bin takes is left without one.
    """
    seen: dict[str, Why] = {}
    for rule in rules:
        for place in candidates(goods, rule, places):
            why, _room_left = judge(goods, quantity, rule, place)
            if why is None:
                return [_taken(goods, quantity, rule, place, _told(seen, places))]
            seen.setdefault(place.bin.id, why)
    return _divided(goods, quantity, rules, places, seen)


def candidates(goods: Goods, rule: Rule, places: Mapping[str, Place]) -> Iterator[Place]:
    """The bins that a rule looks at, in its order."""
    zoned = [one for one in places.values() if rule.zone in (None, one.bin.zone)]
    walk = sorted(zoned, key=lambda one: (one.bin.pick_order, one.bin.code, one.bin.id))
    match rule.strategy:
        case "FIXED":
            named = rule.bin_id or goods.preferred_bin_id
            yield from (one for one in walk if one.bin.id == named)
        case "LAST_USED":
            yield from (one for one in walk if one.bin.id == goods.last_bin_id)
        case "CONSOLIDATE":
            beside = [one for one in walk if one.holds(goods, same_lot=False)]
            beside.sort(
                key=lambda one: (
                    -one.holds(goods, same_lot=True),
                    -one.holds(goods, same_lot=False),
                )
            )
            yield from beside
        case "BULK_OVERFLOW":
            yield from (one for one in walk if one.bin.type == BULK)
        case _:  # EMPTY_NEAREST and STORAGE_CLASS look at all shelves
            yield from (one for one in walk if one.bin.type != BULK)


def judge(
    goods: Goods, quantity: Decimal, rule: Rule | None, place: Place
) -> tuple[Why | None, Decimal]:
    """Why the bin does not take all of these goods, if so, and how many of them it has room for."""
    bin = place.bin
    wrong = (
        (bin.id == goods.source_bin_id, Why.SOURCE),
        (not bin.active, Why.INACTIVE),
        (bin.type in PASSING, Why.NOT_FOR_STORAGE),
        (bin.type in HELD, Why.HELD),
        (bin.storage_class != goods.storage_class, Why.STORAGE_CLASS),
        (_may_not_mix(goods, place), Why.MIXING),
        (rule is not None and rule.strategy == "EMPTY_NEAREST" and place.units > 0, Why.NOT_EMPTY),
    )
    why = next((why for is_wrong, why in wrong if is_wrong), None)
    if why is not None:
        return why, ZERO
    room, limit = _room(goods, place, quantity)
    return (limit if room < quantity else None), room


def _rank(rule: Any, goods: Goods) -> tuple[int, int] | None:
    """How specific a rule is for these goods, the least first; None of one that is for others."""
    if rule.storage_class is not None and rule.storage_class != goods.storage_class:
        return None
    if rule.product_id is not None:
        return (0, 0) if rule.product_id == goods.product_id else None
    if rule.category_id is not None:
        path = list(goods.category_path)
        return (1, -path.index(rule.category_id)) if rule.category_id in path else None
    return (2, 0) if rule.storage_class is not None else (3, 0)


def _may_not_mix(goods: Goods, place: Place) -> bool:
    if not place.units:
        return False
    match place.bin.mixing:
        case "EMPTY_ONLY":
            return True
        case "SAME_PRODUCT":
            return place.products > 1 or not place.holds(goods, same_lot=False)
        case "SAME_LOT":
            return place.lots > 1 or not place.holds(goods, same_lot=True)
    return False


def _room(goods: Goods, place: Place, quantity: Decimal) -> tuple[Decimal, Why]:
    """How many of so many units still fit, in whole steps, and what limits that."""
    bin, limits = place.bin, [(quantity, Why.UNITS)]
    if bin.capacity_units is not None:
        limits.append((bin.capacity_units - place.units, Why.UNITS))
    if bin.capacity_weight_kg is not None and goods.unit_weight:
        limits.append(((bin.capacity_weight_kg - place.weight) / goods.unit_weight, Why.WEIGHT))
    if bin.capacity_volume_litres is not None and goods.unit_volume:
        free = bin.capacity_volume_litres - place.volume
        limits.append((free / goods.unit_volume, Why.VOLUME))
    room, why = min(limits, key=lambda one: one[0])
    steps = (max(room, ZERO) / goods.step).to_integral_value(ROUND_FLOOR)
    return steps * goods.step, why


def _divided(
    goods: Goods,
    quantity: Decimal,
    rules: Sequence[Rule],
    places: Mapping[str, Place],
    seen: Mapping[str, Why],
) -> list[Chosen]:
    found, left = [], quantity
    rejected = _told(seen, places)
    for rule in rules:
        for place in candidates(goods, rule, places):
            _why, room = judge(goods, left, rule, place)
            if left and room:
                found.append(_taken(goods, room, rule, place, rejected))
                left -= room
    if left:
        found.append(Chosen(quantity=left, bin_id=None, rule=None, rejected=rejected))
    return found


def _taken(
    goods: Goods,
    quantity: Decimal,
    rule: Rule,
    place: Place,
    rejected: Sequence[Mapping[str, str]],
) -> Chosen:
    place.add(goods, quantity)
    others = [one for one in rejected if one["binId"] != place.bin.id]
    return Chosen(quantity=quantity, bin_id=place.bin.id, rule=rule, rejected=others)


def _told(seen: Mapping[str, Why], places: Mapping[str, Place]) -> list[dict[str, str]]:
    told = [{"binId": id, "code": places[id].bin.code, "why": str(why)} for id, why in seen.items()]
    return told[:REJECTED_MAX]
