"""Finds the buckets that the lines of a request name, and makes the lots that are new."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.errors import AlreadyExists, BinRefused, Invalid, LotRefused, NotFound
from models import catalog, locations, lots, records
from models.session import Session
from services import checks
from services.lots import writing as lot_writing
from services.stock import reading

LINES_MAX = 500
Values = Mapping[str, Any]  # of one line, by the service's names
Key = tuple[str, str, str | None, str | None]  # location, product, bin, lot


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """A bucket as a line names it; `field` begins the names of the line's fields."""

    field: str
    product: Any
    location_id: str
    bin_id: str | None
    lot_id: str | None

    @property
    def pair(self) -> tuple[str, str]:
        """The location and the product."""
        return self.location_id, str(self.product.id)

    @property
    def key(self) -> Key:
        """What tells buckets apart."""
        return self.location_id, str(self.product.id), self.bin_id, self.lot_id


@dataclass(frozen=True, slots=True)
class Known:
    """The rows that the lines point at, by id; `numbered` are lots by product and number.

    Of an item that a line names, its product and lot are there as well.
    """

    items: Mapping[str, Any]
    products: Mapping[str, Any]
    locations: Mapping[str, Any]
    bins: Mapping[str, Any]
    lots: Mapping[str, Any]
    numbered: dict[tuple[str, str], Any]


async def find(
    session: Session,
    lines: Sequence[Values],
    *,
    name: str | None = "lines",
    makes_lots: bool,
    known: Known | None = None,
) -> list[Bucket]:
    """The bucket of each line, in a fixed number of statements; `name` is the list's, if it is one.

    With `makes_lots` a lot number that is new to its product makes a lot. What is `known` of all
    lines is not read again.

    Raises:
        Invalid: a line names no bucket, or two; LotRefused, BinRefused: they are of others.
        NotFound: it names something that is not there.
    """
    check_count(lines, name)
    fields = [f"{name}[{index}]." if name else "" for index in range(len(lines))]
    for line in lines:
        checks.codes(line, "lot_number")
    known = known or await _known(session, lines)
    return [
        await _bucket(session, line, field, known, makes_lots=makes_lots)
        for line, field in zip(lines, fields, strict=True)
    ]


def check_count(lines: Sequence[Values], name: str | None = "lines") -> None:
    """Refuse lines that are none, or too many.

    Raises:
        Invalid: they are.
    """
    if not lines:
        raise Invalid(name or "lines", "At least one line is needed.")
    if len(lines) > LINES_MAX:
        raise Invalid(name or "lines", f"There are at most {LINES_MAX} lines.", max=LINES_MAX)


async def _known(session: Session, lines: Sequence[Values]) -> Known:
    item_ids = _ids(lines, "inventory_item_id")
    items = await reading.items.by_ids(session, item_ids) if item_ids else {}

    async def rows(table: Any, name: str, *, of_items: bool = False) -> dict[str, Any]:
        own = {getattr(row, name) for row in items.values()} - {None} if of_items else set()
        return await _rows(session, table, sorted({*_ids(lines, name), *own}))

    return Known(
        items,
        await rows(catalog.products, "product_id", of_items=True),
        await rows(locations.locations, "location_id"),
        await rows(locations.bins, "bin_id"),
        await rows(lots.lots, "lot_id", of_items=True),
        await _numbered(session, lines, items),
    )


async def _rows(session: Session, table: Any, ids: Sequence[str]) -> dict[str, Any]:
    rows = await session.all(records.by_ids(table, ids)) if ids else []
    return {row.id: row for row in rows}


async def _numbered(
    session: Session, lines: Sequence[Values], items: Mapping[str, Any]
) -> dict[tuple[str, str], Any]:
    """The lots that lines name by number."""
    pairs = set()
    for line in lines:
        item = items.get(line.get("inventory_item_id") or "")
        product_id = line.get("product_id") or (item.product_id if item else None)
        if line.get("lot_number") and product_id:
            pairs.add((product_id, line["lot_number"]))
    if not pairs:
        return {}
    products, numbers = zip(*sorted(pairs), strict=True)
    rows = await session.all(lots.named([], products, numbers))
    return {(row.product_id, row.number): row for row in rows}


def _ids(lines: Iterable[Values], name: str) -> list[str]:
    return sorted({line[name] for line in lines if line.get(name)})


async def _bucket(
    session: Session, line: Values, field: str, known: Known, *, makes_lots: bool
) -> Bucket:
    if item_id := line.get("inventory_item_id"):
        return _bucket_of_item(line, field, known, item_id)
    product_id, location_id = line.get("product_id"), line.get("location_id")
    if not product_id or not location_id:
        missing = "locationId" if product_id else "productId"
        raise Invalid(field + missing, f"{field}{missing} is required without an inventoryItemId.")
    product = known.products.get(product_id)
    if product is None:
        raise NotFound("Product", f"{field}productId")
    if location_id not in known.locations:
        raise NotFound("Location", f"{field}locationId")
    return Bucket(
        field=field,
        product=product,
        location_id=location_id,
        bin_id=bin_of(line.get("bin_id"), location_id, known.bins, f"{field}binId"),
        lot_id=await _lot(session, line, field, product, known, makes_lots=makes_lots),
    )


_PARTS = {
    "product_id": "productId",
    "location_id": "locationId",
    "bin_id": "binId",
    "lot_id": "lotId",
}


def _bucket_of_item(line: Values, field: str, known: Known, item_id: str) -> Bucket:
    item = known.items.get(item_id)
    if item is None:
        raise NotFound("Inventory item", f"{field}inventoryItemId")
    for name, shown in _PARTS.items():
        if line.get(name) is not None and line[name] != getattr(item, name):
            raise Invalid(f"{field}{shown}", f"{field}{shown} is not that of the inventory item.")
    lot = known.lots.get(item.lot_id or "")
    if line.get("lot_number") and line["lot_number"] != (lot.number if lot else None):
        raise Invalid(f"{field}lotNumber", f"{field}lotNumber is not that of the inventory item.")
    return Bucket(
        field=field,
        product=known.products[item.product_id],
        location_id=item.location_id,
        bin_id=item.bin_id,
        lot_id=item.lot_id,
    )


def bin_of(bin_id: str | None, location_id: str, bins: Mapping[str, Any], field: str) -> str | None:
    """The bin's id, if it is at the location.

    Raises:
        NotFound: there is no such bin.
        BinRefused: it is at another location.
    """
    if not bin_id:
        return None
    if bin_id not in bins:
        raise NotFound("Bin", field)
    if bins[bin_id].location_id != location_id:
        raise BinRefused(field, f"{field} is a bin of another location.")
    return bin_id


async def _lot(
    session: Session, line: Values, field: str, product: Any, known: Known, *, makes_lots: bool
) -> str | None:
    lot_id, number, expiry = line.get("lot_id"), line.get("lot_number"), line.get("expiry_date")
    if not lot_id and not number:
        if expiry is not None:
            raise LotRefused(
                f"{field}expiryDate",
                f"{field}expiryDate needs a lot number.",
                code="LOT_REQUIRED",
            )
        return None
    if lot_id and lot_id not in known.lots:
        raise NotFound("Lot", f"{field}lotId")
    key = (product.id, number or "")
    lot = known.lots[lot_id] if lot_id else known.numbered.get(key)
    if lot is None:
        if not makes_lots:
            raise NotFound("Lot", f"{field}lotNumber")
        if product.expiry_tracked and expiry is None:
            text = "A lot of this product needs an expiry date."
            raise LotRefused(f"{field}expiryDate", text, code="EXPIRY_REQUIRED")
        lot = known.numbered[key] = await lot_of(session, product, key[1], expiry)
    _check_lot(lot, line, field, product)
    return str(lot.id)


def _check_lot(lot: Any, line: Values, field: str, product: Any) -> None:
    if lot.product_id != product.id:
        raise LotRefused(
            f"{field}lotId", "The lot is of another product.", code="LOT_OF_OTHER_PRODUCT"
        )
    if line.get("lot_number") and line["lot_number"] != lot.number:
        raise Invalid(f"{field}lotNumber", f"{field}lotNumber is not that of the lot.")
    expiry = line.get("expiry_date")
    if expiry is not None and expiry != lot.expiry_date:
        raise LotRefused(
            f"{field}expiryDate",
            f"The lot is there and expires on {lot.expiry_date or 'no day'}: correct it first.",
            code="EXPIRY_MISMATCH",
        )


async def lot_of(session: Session, product: Any, number: str, expiry: Any) -> Any:
    """Make a lot of the product, or give the one that somebody else has made meanwhile."""
    values = {"product_id": product.id, "number": number, "expiry_date": expiry}
    try:
        async with session.attempt():
            return await lot_writing.create_lot(session, values)
    except AlreadyExists:
        return await session.one(lots.named([], [product.id], [number]))
