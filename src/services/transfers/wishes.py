"""What a transfer is asked to move, compared with what there is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from domain import ids
from domain.errors import Invalid, LotRefused, NotFound
from domain.quantities import ZERO, exact
from models import catalog, locations, lots, records, stock
from models.session import Session
from services import checks
from services.stock import acting, buckets

LINES_MAX = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class LineWish:
    """Base units of a product that are to be moved, of the lot, bin or bucket that it names.

    `line_id` is that of the line that it stands for, where there is one already.
    """

    product_id: str
    quantity: Decimal
    lot_id: str | None = None
    source_bin_id: str | None = None
    inventory_item_id: str | None = None
    dest_bin_id: str | None = None
    line_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A wish for a transfer; between bins of one location when the two locations are one.

    `origin_type` and `origin_id` name the document that asks for it, where one does; `number` is
    given where it has one from elsewhere.
    """

    source_location_id: str
    dest_location_id: str
    lines: Sequence[LineWish]
    expected_on: date | None = None
    reference: str | None = None
    comment: str | None = None
    origin_type: str | None = None
    origin_id: str | None = None
    number: str | None = None
    submit: bool = False


@dataclass(frozen=True, slots=True)
class _Known:
    """The things that the lines of some wishes name."""

    products: Mapping[str, Any]
    lots: Mapping[str, Any]
    items: Mapping[str, Any]
    bins: Mapping[str, Any]
    locations: Mapping[str, Any]


async def check(session: Session, wishes: Sequence[Wish]) -> None:
    """Compare wishes with what there is; a fixed number of statements for all of them.

    Raises:
        Invalid and its kinds: a value breaks a rule.
        NotFound: something that is named is not there.
    """
    for wish in wishes:
        checks.texts({"reference": wish.reference}, "reference")
        checks.notes({"comment": wish.comment}, "comment")
        if not wish.lines:
            raise Invalid("lines", "A transfer needs at least one line.")
        if len(wish.lines) > LINES_MAX:
            message = f"There are at most {LINES_MAX} lines."
            raise Invalid("lines", message, max=LINES_MAX)
    known = await _known(session, wishes)
    for wish in wishes:
        _check_places(wish, known)
        for index, line in enumerate(wish.lines):
            _check_line(wish, line, f"lines[{index}].", known)
        exact(sum((line.quantity for line in wish.lines), ZERO), "lines")


def line_rows(transfer_id: str, wish: Wish) -> list[dict[str, Any]]:
    """The lines of a wish as rows."""
    return [
        {
            "id": line.line_id or ids.new("xfln_"),
            "transfer_id": transfer_id,
            "ordinal": ordinal,
            "product_id": line.product_id,
            "quantity": line.quantity,
            "lot_id": line.lot_id,
            "source_bin_id": line.source_bin_id,
            "inventory_item_id": line.inventory_item_id,
            "dest_bin_id": line.dest_bin_id,
        }
        for ordinal, line in enumerate(wish.lines, 1)
    ]


async def _known(session: Session, wishes: Sequence[Wish]) -> _Known:
    lines = [line for wish in wishes for line in wish.lines]

    async def rows(table: Any, *names: Iterable[str | None]) -> Mapping[str, Any]:
        wanted = sorted({id for found in names for id in found if id is not None})
        rows = await session.all(records.by_ids(table, wanted)) if wanted else []
        return {row.id: row for row in rows}

    return _Known(
        products=await rows(catalog.products, (line.product_id for line in lines)),
        lots=await rows(lots.lots, (line.lot_id for line in lines)),
        items=await rows(stock.inventory_items, (line.inventory_item_id for line in lines)),
        bins=await rows(
            locations.bins,
            (line.source_bin_id for line in lines),
            (line.dest_bin_id for line in lines),
        ),
        locations=await rows(
            locations.locations,
            (wish.source_location_id for wish in wishes),
            (wish.dest_location_id for wish in wishes),
        ),
    )


def _check_places(wish: Wish, known: _Known) -> None:
    if wish.source_location_id not in known.locations:
        raise NotFound("Location", "sourceLocationId")
    if wish.dest_location_id not in known.locations:
        raise NotFound("Location", "destLocationId")


def _check_line(wish: Wish, line: LineWish, field: str, known: _Known) -> None:
    product = known.products.get(line.product_id)
    if product is None:
        raise NotFound("Product", f"{field}productId")
    acting.quantity(product, line.quantity, f"{field}quantity")
    if line.lot_id is not None:
        lot = known.lots.get(line.lot_id)
        if lot is None:
            raise NotFound("Lot", f"{field}lotId")
        if lot.product_id != product.id:
            text = "The lot is of another product."
            raise LotRefused(f"{field}lotId", text, code="LOT_OF_OTHER_PRODUCT")
    source, dest = wish.source_location_id, wish.dest_location_id
    _check_item(line, source, known, f"{field}inventoryItemId")
    buckets.bin_of(line.source_bin_id, source, known.bins, f"{field}sourceBinId")
    buckets.bin_of(line.dest_bin_id, dest, known.bins, f"{field}destBinId")
    if source != dest:
        return
    if line.dest_bin_id is None:
        raise Invalid(f"{field}destBinId", f"{field}destBinId is required within a location.")
    if line.dest_bin_id == line.source_bin_id:
        raise Invalid(f"{field}destBinId", f"{field}destBinId is where the stock is already.")


def _check_item(line: LineWish, location_id: str, known: _Known, field: str) -> None:
    if line.inventory_item_id is None:
        return
    item = known.items.get(line.inventory_item_id)
    if item is None:
        raise NotFound("Inventory item", field)
    if (item.product_id, item.location_id) != (line.product_id, location_id):
        raise Invalid(field, f"{field} is not of the line's product at the source.")
