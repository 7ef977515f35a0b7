"""The company as a folder of CSV files, in the format of docs/import.md."""

import csv
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from services.demo import company, history, products, stocking
from services.demo.history import Movement
from services.demo.products import Product
from services.demo.stocking import Bucket, Place

Rows = Iterable[Mapping[str, Any]]

ZONE = ZoneInfo(company.TIME_ZONE)


def write(folder: Path, today: date) -> None:
    """Write every file; the last movements are of yesterday, and no quantity depends on `today`."""
    places = list(stocking.places())
    years = [history.of(place, today) for place in places]
    movements = history.newest_last(m for year in years for m in year.movements)
    gone = [(p.product, lot) for p, year in zip(places, years, strict=True) for lot in year.lots]
    here = [(p.product, bucket) for p in places for bucket in buckets(p) if bucket.lot]
    _write(folder, "categories", products.category_rows())
    _write(folder, "products", products.product_rows())
    _write(folder, "locations", company.location_rows())
    _write(folder, "bins", company.bin_rows())
    _write(folder, "channels", company.channel_rows())
    _write(folder, "reason_codes", company.reason_rows())
    _write(folder, "lots", _lot_rows([*gone, *here], today))
    _write(folder, "policies", _with_all_columns(company.POLICIES))
    _write(folder, "quotas", company.quota_rows())
    _write(folder, "levels", _level_rows(places))
    _write(folder, "stock", _stock_rows(places))
    _write(folder, "movements", _movement_rows(movements, today))


def buckets(place: Place) -> list[Bucket]:
    """Everything that lies at the place today."""
    return [*place.sold, *place.aside]


def _write(folder: Path, name: str, rows: Rows) -> None:
    rows = iter(rows)
    first = next(rows)
    with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(first)
        writer.writerow(first.values())
        writer.writerows(row.values() for row in rows)


def _with_all_columns(rows: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    names = list(dict.fromkeys(name for row in rows for name in row))
    for row in rows:
        yield {name: row.get(name, "") for name in names}


def _lot_rows(lots: Iterable[tuple[Product, Bucket]], today: date) -> Iterator[dict[str, Any]]:
    for product, bucket in lots:
        expiry = ""
        if bucket.expires_in is not None:
            expiry = (today + timedelta(days=bucket.expires_in)).isoformat()
        yield {"sku": product.sku, "lotNumber": bucket.lot, "expiryDate": expiry}


def _level_rows(places: Iterable[Place]) -> Iterator[dict[str, Any]]:
    for place in places:
        if not place.sold:
            continue
        product = place.product
        yield {
            "sku": product.sku,
            "locationCode": place.location,
            "minQuantity": _whole(place.rate * 5) * product.step,
            "reorderQuantity": _whole(place.rate * 12) * product.step,
            "maxQuantity": _whole(place.rate * 45) * product.step,
            "abcClass": product.demand,
            "preferredBinCode": place.sold[0].bin,
            "replenishmentLocationCode": "MAIN" if place.location == "PORTLAND" else "",
        }


def _whole(number: float) -> int:
    return math.ceil(number)


def _stock_rows(places: Iterable[Place]) -> Iterator[dict[str, Any]]:
    for place in places:
        for bucket in buckets(place):
            yield {
                "sku": place.product.sku,
                "locationCode": place.location,
                "binCode": bucket.bin,
                "lotNumber": bucket.lot,
                "quantity": bucket.quantity * place.product.step,
            }


def _movement_rows(movements: Iterable[Movement], today: date) -> Iterator[dict[str, Any]]:
    midnights: dict[int, datetime] = {}
    for one in movements:
        product = one.product
        if one.day not in midnights:
            day = today + timedelta(days=one.day)
            midnights[one.day] = datetime.combine(day, time(), ZONE).astimezone(UTC)
        moment = midnights[one.day] + timedelta(minutes=one.minute)
        yield {
            "occurredAt": f"{moment:%Y-%m-%dT%H:%M:%SZ}",
            "sku": product.sku,
            "type": one.type,
            "quantity": one.quantity * product.step,
            "unitCost": product.cost if one.type == "PURCHASE" else "",
            "unitPrice": _price(one) if one.type == "SALE" else "",
            "channelCode": one.channel,
            "reference": one.reference,
            "locationCode": one.location,
            "binCode": one.bin,
            "lotNumber": one.lot,
        }


def _price(sale: Movement) -> Decimal:
    per_cent = history.DISCOUNTS.get(sale.channel, 100)
    return (sale.product.price * per_cent / 100).quantize(products.CENT)
