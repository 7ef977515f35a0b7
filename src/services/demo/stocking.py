"""What lies where today: how well each product sells at a place, and its buckets there."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from services.demo import company
from services.demo.products import Product, dice, products

# Units a day that a product of each class sells at a place that is as busy as 1.
RATES = {"A": 4.0, "B": 1.1, "C": 0.3}
BUSYNESS = {"MAIN": 1.0, "COLD": 0.8, "PORTLAND": 0.35, "CLINIC": 0.4}
DEAR = 60  # from this price on goods sell by the piece


@dataclass(slots=True)
class Bucket:
    """One place of a product: bin and lot. `quantity` counts steps of the product.

    `expires_in` days from the day the company is made; below 0 is past.
    """

    bin: str
    quantity: int
    lot: str = ""
    expires_in: int | None = None


@dataclass(slots=True)
class Place:
    """A product at a location. `sold` are the buckets that sales take from, first one first.

    `aside` are the buckets that nobody sells from: held, damaged, expired, in reserve.
    """

    product: Product
    location: str
    rate: float
    sold: list[Bucket]
    aside: list[Bucket] = field(default_factory=list)


def places() -> Iterator[Place]:
    """Every product at every location that stocks it."""
    for product in products():
        for location in BUSYNESS:
            if _is_stocked(product, location):
                yield _place(product, location)
        if dice("returned", product.sku).random() < 0.1:  # noqa: PLR2004 - sample data
            yield _returned(product)


def lot_number(numbers: Random) -> str:
    """A lot number as makers print them: `K24-3187`."""
    letter, line, number = (
        numbers.choice("BDFHKMRT"),
        numbers.randint(1, 28),
        numbers.randint(1, 9999),
    )
    return f"{letter}{line:02d}-{number:04d}"


def _is_stocked(product: Product, location: str) -> bool:
    draw = dice("stocked", location, product.sku).random()
    if location == "COLD":
        return product.is_cold
    if location == "CLINIC":
        return product.is_medical and draw < 0.85  # noqa: PLR2004 - sample data
    if product.is_cold:
        return False
    return location == "MAIN" or (product.category not in {"DIAG", "PPE"} and draw < 0.7)  # noqa: PLR2004 - sample data


def _place(product: Product, location: str) -> Place:
    numbers = dice("place", location, product.sku)
    rate = RATES[product.demand] * BUSYNESS[location] * numbers.uniform(0.6, 1.5)
    if product.price >= DEAR:
        rate *= 0.3
    place = Place(product, location, rate, [])
    total = _on_hand(rate, numbers)
    bin = company.shelf(location, product)
    if not product.is_lot_tracked:
        place.sold.append(Bucket(bin, total))
    else:
        place.sold += _lots(product, bin, total, numbers)
    if location == "MAIN" and product.demand == "A":
        _keep_reserve(place, numbers)
    _set_aside(place, numbers)
    return place


def _on_hand(rate: float, numbers: Random) -> int:
    """Today's units: some products are sold out, some nearly, most last two to six weeks."""
    draw = numbers.random()
    if draw < 0.04:  # noqa: PLR2004 - sample data
        return 0
    if draw < 0.14:  # noqa: PLR2004 - sample data
        return numbers.randint(1, 9)
    return max(6, round(rate * numbers.uniform(14, 45)))


def _lots(product: Product, bin: str, total: int, numbers: Random) -> list[Bucket]:
    """One to three lots in the order in which they expire."""
    count = min(total, numbers.choice((1, 1, 2, 2, 3))) or 1
    parts = [total // count] * count
    parts[-1] += total - sum(parts)
    if count > 1:  # the first one is being used up
        used = numbers.randint(0, parts[0] - 1)
        parts[0] -= used
        parts[-1] += used
    ages = [_expires_in(product, numbers) for _ in parts]
    dates = [age for age in ages if age is not None]
    ordered = sorted(dates) if dates else [None] * count
    return [
        Bucket(bin, part, lot_number(numbers), expiry)
        for part, expiry in zip(parts, ordered, strict=True)
    ]


def _expires_in(product: Product, numbers: Random) -> int | None:
    if product.life_days is None:
        return None
    if numbers.random() < 0.06:  # noqa: PLR2004 - bought late, or found late
        return numbers.randint(2, 25)
    return max(2, round(product.life_days * numbers.uniform(0.25, 0.95)))


def _keep_reserve(place: Place, numbers: Random) -> None:
    """A pallet of a product that sells fast, which the shelf is filled from."""
    if numbers.random() < 0.4 and place.product.case:  # noqa: PLR2004 - sample data
        quantity = place.product.case * numbers.randint(2, 6)
        place.aside.append(_bucket(place.product, "BULK-1", quantity, numbers))


def _set_aside(place: Place, numbers: Random) -> None:
    """Some units are held, damaged or past their date."""
    draw = numbers.random()
    held = [code for code, _, type in company.OTHER_BINS[place.location] if _holds(type)]
    if draw < 0.09:  # noqa: PLR2004 - sample data
        bucket = _bucket(place.product, numbers.choice(held), numbers.randint(1, 12), numbers)
        place.aside.append(bucket)
    elif draw < 0.17 and place.product.life_days is not None:  # noqa: PLR2004 - sample data
        bucket = Bucket(place.sold[0].bin, numbers.randint(2, 15), lot_number(numbers))
        bucket.expires_in = -numbers.randint(1, 40)
        place.aside.append(bucket)


def _holds(type: str) -> bool:
    return type in {"HOLD", "QUARANTINE", "DAMAGE"}


def _bucket(product: Product, bin: str, quantity: int, numbers: Random) -> Bucket:
    lot = lot_number(numbers) if product.is_lot_tracked else ""
    return Bucket(bin, quantity, lot, _expires_in(product, numbers))


def _returned(product: Product) -> Place:
    """A few units that customers sent back and that are still at the desk."""
    numbers = dice("returns", product.sku)
    bin = numbers.choice(("INBOX-1", "R-1", "R-2", "DMG-1"))
    bucket = _bucket(product, bin, numbers.randint(1, 4), numbers)
    return Place(product, "RETURNS", 0, [], [bucket])
