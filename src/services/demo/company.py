"""The company itself: its places, channels, policies and reason codes."""

from collections.abc import Iterator
from typing import Any

from services.demo.products import Product, dice, products

NAME = "Harbor & Pine Outfitters"
TIME_ZONE = "America/New_York"

# Id, code, name, type and parent of each location.
LOCATIONS = (
    ("loc_main", "MAIN", "Main Warehouse", "DC_STORAGE", ""),
    ("loc_cold", "COLD", "Cold Room", "VACCINE_COLD_ROOM", "MAIN"),
    ("loc_returns", "RETURNS", "Returns Desk", "RETURNS_DESK", "MAIN"),
    ("loc_portland", "PORTLAND", "Portland Store", "STORE_FRONT", ""),
    ("loc_clinic", "CLINIC", "Bangor Clinic Depot", "CENTRAL_STORE", ""),
)

# Shelves of a zone at a location: prefix of their codes, how many, zone, categories they hold.
SHELVES = {
    "MAIN": (
        ("A", 8, "Food", ("MEALS", "SNACKS", "PANTRY", "DRINKS")),
        ("B", 8, "Medical", ("WOUND", "KITS", "DIAG", "PPE", "PHARMA")),
        ("C", 8, "Outdoor", ("TENTS", "SLEEP", "COOK", "PACKS")),
        ("D", 6, "Gear", ("CLIMB", "LIGHT", "TOOLS", "WEAR")),
    ),
    "COLD": (("K", 4, "2-8 C", ("CHILLED", "COLDCHAIN")),),
    "RETURNS": (("R", 2, "Resale", ()),),
    "PORTLAND": (
        ("F", 6, "Shop floor", ("TENTS", "SLEEP", "COOK", "PACKS", "CLIMB", "LIGHT", "TOOLS")),
        ("G", 4, "Shop floor", ("WEAR",)),
        ("H", 4, "Counter", ("MEALS", "SNACKS", "PANTRY", "DRINKS", "WOUND", "KITS", "PHARMA")),
    ),
    "CLINIC": (("W", 8, "Store room", ("WOUND", "KITS", "DIAG", "PPE", "PHARMA", "COLDCHAIN")),),
}
# Bins beside the shelves: code, name, type.
OTHER_BINS = {
    "MAIN": (
        ("RECV-1", "Inbound dock", "RECEIVING"),
        ("BULK-1", "Pallet rack", "REPLENISHMENT"),
        ("PICK-1", "Fast movers", "PICKING"),
        ("STAGE-1", "Outbound dock", "STAGING"),
        ("HOLD-1", "Held for a decision", "HOLD"),
        ("QUAR-1", "Waiting for quality control", "QUARANTINE"),
        ("DMG-1", "Damaged goods", "DAMAGE"),
    ),
    "COLD": (("QUAR-1", "Temperature excursions", "QUARANTINE"),),
    "RETURNS": (("INBOX-1", "Parcels not opened", "RECEIVING"), ("DMG-1", "Broken", "DAMAGE")),
    "PORTLAND": (("HOLD-1", "Behind the counter", "HOLD"),),
    "CLINIC": (("QUAR-1", "Recalled", "QUARANTINE"),),
}

CHANNELS = (
    ("DTC", "Online Store", "E_COMMERCE"),
    ("RETAIL", "Portland Shop", "RETAIL"),
    ("MARKET", "Marketplace", "MARKETPLACE"),
    ("WHOLESALE", "Wholesale", "WHOLESALE"),
    ("DROPSHIP", "Drop-Ship Partners", "DROPSHIP"),
    ("CLINIC", "Clinics & Rescue", "B2B"),
)

REASON_CODES = (
    ("COUNT", "Cycle count", "BOTH", "COUNT"),
    ("DAMAGED", "Damaged in the warehouse", "DECREASE", "DAMAGE"),
    ("EXPIRED", "Past its date", "DECREASE", "EXPIRY"),
    ("LOST", "Cannot be found", "DECREASE", "LOSS"),
    ("FOUND", "Found again", "INCREASE", "FOUND"),
    ("SAMPLE", "Given away as a sample", "DECREASE", "CONSUMPTION"),
    ("RETURNED", "Customer return", "INCREASE", "RETURN"),
    ("MISTAKE", "Booked by mistake", "BOTH", "CORRECTION"),
)

# All four modes: channel, then what the policy is about, then what it says.
POLICIES: tuple[dict[str, Any], ...] = (
    {
        "id": "policy_dtc",
        "channelCode": "DTC",
        "name": "Online: all but the last two",
        "mode": "SHARED",
        "tier": "HIGH",
        "safetyStock": 2,
    },
    {
        "id": "policy_retail",
        "channelCode": "RETAIL",
        "name": "Shop: what is there",
        "mode": "SHARED",
        "lowAtpThreshold": 5,
    },
    {
        "id": "policy_market",
        "channelCode": "MARKET",
        "name": "Marketplace: at most 40 at a time, never the last three",
        "mode": "CAP",
        "tier": "LOW",
        "cap": 40,
        "buffer": 3,
    },
    {
        "id": "policy_wholesale",
        "channelCode": "WHOLESALE",
        "name": "Wholesale: half of what is free",
        "mode": "SHARE",
        "share": "0.5",
        "lowAtpThreshold": 24,
    },
    {
        "id": "policy_dropship",
        "channelCode": "DROPSHIP",
        "name": "Drop-ship: a fifth of what is free",
        "mode": "SHARE",
        "tier": "LOW",
        "share": "0.2",
    },
    {
        "id": "policy_clinic",
        "channelCode": "CLINIC",
        "name": "Clinics: shared, five kept for emergencies",
        "mode": "SHARED",
        "tier": "HIGH",
        "priority": 900,
        "reserveStock": 5,
    },
    {
        "id": "policy_clinic_medical",
        "channelCode": "CLINIC",
        "categoryCode": "MEDICAL",
        "name": "Clinics: medical goods are set aside, and more when there is more",
        "mode": "FENCED",
        "spillOver": "true",
        "reserveStock": 0,
    },
    {
        "id": "policy_market_chilled",
        "channelCode": "MARKET",
        "categoryCode": "CHILLED",
        "name": "Marketplace: no short-dated food",
        "cap": 0,
    },
    {
        "id": "policy_market_portland",
        "channelCode": "MARKET",
        "locationCode": "PORTLAND",
        "name": "Marketplace: not from the shop",
        "cap": 0,
    },
    {
        "id": "policy_dtc_tent_4p",
        "channelCode": "DTC",
        "sku": "TN-TENT-4P",
        "name": "Online: the big tent may be ordered ahead",
        "backorderLimit": 12,
    },
    {
        "id": "policy_retail_beacon",
        "channelCode": "RETAIL",
        "sku": "NV-BEACON-1",
        "locationCode": "PORTLAND",
        "name": "Shop: one transceiver stays on display",
        "minimumStock": 1,
    },
)
QUOTA_COUNT = 24  # how many medical products are set aside for clinics in the main warehouse


def location_rows() -> Iterator[dict[str, Any]]:
    """The rows of locations.csv."""
    for id, code, name, type, parent in LOCATIONS:
        yield {"id": id, "code": code, "name": name, "type": type, "parentCode": parent}


def bin_rows() -> Iterator[dict[str, Any]]:
    """The rows of bins.csv, in walking order."""
    for location, shelves in SHELVES.items():
        coded = [
            (f"{prefix}-{number}", f"{zone} {prefix}{number}", "STANDARD", zone)
            for prefix, count, zone, _ in shelves
            for number in range(1, count + 1)
        ]
        coded += [(*other, "") for other in OTHER_BINS[location]]
        for order, (code, name, type, zone) in enumerate(coded, 1):
            yield {
                "id": f"bin_{location}_{code}".lower().replace("-", ""),
                "locationCode": location,
                "code": code,
                "name": name,
                "type": type,
                "zone": zone,
                "pickOrder": order * 10,
            }


def shelf(location: str, product: Product) -> str:
    """The code of the shelf where the product lies; the first zone takes what none asks for."""
    for prefix, count, _, categories in SHELVES[location]:
        if product.category in categories:
            return f"{prefix}-{dice('shelf', location, product.sku).randint(1, count)}"
    prefix, count, _, _ = SHELVES[location][0]
    return f"{prefix}-{dice('shelf', location, product.sku).randint(1, count)}"


def channel_rows() -> Iterator[dict[str, Any]]:
    """The rows of channels.csv."""
    for position, (code, name, type) in enumerate(CHANNELS):
        yield {"code": code, "name": name, "type": type, "position": position}


def reason_rows() -> Iterator[dict[str, Any]]:
    """The rows of reason_codes.csv."""
    for code, name, direction, category in REASON_CODES:
        yield {
            "id": f"reason_{code.lower()}",
            "code": code,
            "name": name,
            "direction": direction,
            "category": category,
        }


def fenced_products() -> list[Product]:
    """The medical products of which some are set aside for clinics in the main warehouse."""
    medical = [p for p in products() if p.is_medical and not p.is_cold and p.demand != "C"]
    return sorted(dice("quotas").sample(medical, QUOTA_COUNT), key=lambda p: p.sku)


def quota_rows() -> Iterator[dict[str, Any]]:
    """The rows of quotas.csv."""
    for product in fenced_products():
        yield {
            "id": f"quota_clinic_{product.id.removeprefix('prod_')}",
            "channelCode": "CLINIC",
            "sku": product.sku,
            "locationCode": "MAIN",
            "allocated": dice("quota", product.sku).choice((20, 25, 30, 40, 50)),
            "reason": "Framework contract of the county",
        }


def sku_of(product_id: str) -> str:
    """The SKU of the product with this id."""
    return product_id.removeprefix("prod_").replace("_", "-").upper()
