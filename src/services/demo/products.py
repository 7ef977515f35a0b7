"""What the company sells: families of products from `families.csv`, each in a few variants."""

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

SEED = "harbor-and-pine-1"
CENT = Decimal("0.01")

# Code, name and parent of each category, in the order of the tree.
CATEGORIES = (
    ("FOOD", "Food & Drink", ""),
    ("MEALS", "Trail Meals", "FOOD"),
    ("SNACKS", "Snacks & Bars", "FOOD"),
    ("PANTRY", "Camp Pantry", "FOOD"),
    ("DRINKS", "Drinks", "FOOD"),
    ("CHILLED", "Chilled Provisions", "FOOD"),
    ("MEDICAL", "Medical", ""),
    ("WOUND", "Wound Care", "MEDICAL"),
    ("KITS", "First-Aid Kits", "MEDICAL"),
    ("DIAG", "Diagnostics", "MEDICAL"),
    ("PPE", "Protective Equipment", "MEDICAL"),
    ("PHARMA", "Pharmacy", "MEDICAL"),
    ("COLDCHAIN", "Cold-Chain Medicine", "PHARMA"),
    ("OUTDOOR", "Outdoor", ""),
    ("TENTS", "Tents & Shelter", "OUTDOOR"),
    ("SLEEP", "Sleeping", "OUTDOOR"),
    ("COOK", "Cooking & Water", "OUTDOOR"),
    ("PACKS", "Packs & Bags", "OUTDOOR"),
    ("GEAR", "Gear", "OUTDOOR"),
    ("CLIMB", "Climbing", "GEAR"),
    ("LIGHT", "Light & Power", "GEAR"),
    ("TOOLS", "Tools & Navigation", "GEAR"),
    ("WEAR", "Clothing", "OUTDOOR"),
)
MEDICAL = frozenset({"WOUND", "KITS", "DIAG", "PPE", "PHARMA", "COLDCHAIN"})
# The smallest quantity of a unit that is not sold by the piece.
STEPS = {"EA": Decimal(1), "KG": Decimal("0.25"), "M": Decimal("0.5")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One variant of a family. Quantities of its stock and history are counted in its steps."""

    sku: str
    name: str
    category: str
    unit: str
    barcode: str
    cost: Decimal
    price: Decimal
    case: int
    life_days: int | None
    demand: str  # A sells nearly every day, B about weekly, C now and then
    season: str
    is_lot_tracked: bool
    is_regulated: bool
    is_cold: bool

    @property
    def id(self) -> str:
        """Its readable id: `prod_fd_chili_s`."""
        return "prod_" + self.sku.lower().replace("-", "_")

    @property
    def step(self) -> Decimal:
        """The least quantity in which it is stocked and sold, in its unit of measure."""
        return STEPS[self.unit]

    @property
    def is_medical(self) -> bool:
        """Whether clinics may ask for it."""
        return self.category in MEDICAL


def dice(*about: object) -> random.Random:
    """The random numbers about something: the same ones in every company that is made."""
    return random.Random(":".join(map(str, (SEED, *about))))  # noqa: S311 - sample data


@cache
def products() -> tuple[Product, ...]:
    """All products, in the order of `families.csv`."""
    with Path(__file__).with_name("families.csv").open(newline="", encoding="utf-8") as file:
        families = list(csv.DictReader(file))
    numbered = enumerate(variant for family in families for variant in _variants(family))
    return tuple(_product(number, *variant) for number, variant in numbered)


def check_digit(digits: str) -> str:
    """The last digit of a GTIN: weights 3 and 1 from the right (GS1 General Specifications)."""
    total = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits)))
    return str(-total % 10)


def category_rows() -> Iterator[dict[str, Any]]:
    """The rows of categories.csv."""
    for code, name, parent in CATEGORIES:
        yield {"id": f"cat_{code.lower()}", "code": code, "name": name, "parentCode": parent}


def product_rows() -> Iterator[dict[str, Any]]:
    """The rows of products.csv."""
    for product in products():
        yield {
            "id": product.id,
            "sku": product.sku,
            "name": product.name,
            "categoryCode": product.category,
            "unitOfMeasure": product.unit,
            "quantityStep": product.step,
            "barcode": product.barcode,
            "unitCost": product.cost,
            "listPrice": product.price,
            "lotTracked": _flag(is_set=product.is_lot_tracked),
            "expiryTracked": _flag(is_set=product.life_days is not None),
            "expiryWarningDays": _warning_days(product),
            "regulated": _flag(is_set=product.is_regulated),
            "leadTimeDays": dice("lead", product.sku).choice((3, 5, 7, 10, 14, 21)),
            "packs": _packs(product),
        }


def _variants(family: dict[str, str]) -> Iterator[tuple[dict[str, str], str, str, Decimal]]:
    for variant in family["variants"].split(";"):
        code, name, factor = variant.split(":")
        yield family, code, name, Decimal(factor)


def _product(
    number: int, family: dict[str, str], code: str, variant: str, factor: Decimal
) -> Product:
    control = family["control"].split()
    cost = (Decimal(family["cost"]) * factor).quantize(CENT, ROUND_HALF_UP)
    body = f"20{4100 + number // 100}{number * 7919 % 1_000_000:06d}"  # 20: numbers of one's own
    return Product(
        sku=f"{family['sku']}-{code}",
        name=f"{family['name']}, {variant}",
        category=family["category"],
        unit=family["unit"],
        barcode=body + check_digit(body),
        cost=cost,
        price=_price(cost * Decimal(family["margin"])),
        case=int(family["case"] or 0),
        life_days=int(family["lifeDays"]) if family["lifeDays"] else None,
        demand=family["demand"],
        season=family["season"],
        is_lot_tracked="LOT" in control,
        is_regulated="REGULATED" in control,
        is_cold="COLD" in control,
    )


def _price(exact: Decimal) -> Decimal:
    """A price as shops write it: 6.95, 119.00."""
    if exact >= 50:  # noqa: PLR2004 - from here on without cents
        return exact.to_integral_value(ROUND_HALF_UP).quantize(CENT)
    return exact.to_integral_value(ROUND_HALF_UP) - Decimal("0.05")


def _packs(product: Product) -> str:
    if not product.case:
        return ""
    body = "1" + product.barcode[:12]
    return f"CASE={product.case}:{body}{check_digit(body)}"


def _warning_days(product: Product) -> int | str:
    if product.life_days is None:
        return ""
    return 7 if product.life_days <= 90 else 30 if product.life_days <= 730 else 60  # noqa: PLR2004 - sample data


def _flag(*, is_set: bool) -> str:
    return "true" if is_set else "false"
