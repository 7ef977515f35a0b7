"""Lot control: which lots and expiry dates stock may come in with, by product and tenant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from domain.errors import LotRefused, NotFound
from models import catalog, lots, records, tenants
from models.session import Session

LINES_MAX = 500  # of one question


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundLine:
    """Stock that is to come in; a lot is named by its id, or by its number, or not at all."""

    product_id: str
    lot_id: str | None = None
    lot_number: str | None = None
    expiry_date: date | None = None
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements:
    """What a product asks for when stock of it comes in; `industry_pack` is the tenant's."""

    product_id: str
    lot_required: bool
    expiry_required: bool
    serial_required: bool
    is_regulated: bool
    allow_past_expiry: bool
    expiry_warning_days: int
    industry_pack: str

    @property
    def message(self) -> str:
        """The same as a sentence."""
        if self.expiry_required:
            return "Stock of this product comes in with a lot number and an expiry date."
        if self.lot_required:
            return "Stock of this product comes in with a lot number."
        return "Stock of this product needs no lot; it may have one."


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something about a line: the field, or `general`, and a code."""

    field: str
    code: str
    message: str


@dataclass(slots=True, kw_only=True)
class Verdict:
    """What speaks against a line, and what only deserves a look."""

    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)

    @property
    def valid(self) -> bool:
        """Whether the line may come in."""
        return not self.errors


@dataclass(frozen=True, slots=True)
class _Rules:
    """What the lines are held against, read once for all of them."""

    settings: Any
    today: date
    products: dict[str, Any]
    by_id: dict[str, Any]
    by_number: dict[tuple[str, str], Any]


def requirements(product: Any, settings: Any) -> Requirements:
    """What stock of the product needs; the tenant's switches go before the product's.

    An expiry date is kept on a lot: who needs the one needs the other.
    """
    expiry = product.expiry_tracked and settings.expiry_tracking
    days = product.expiry_warning_days
    return Requirements(
        product_id=product.id,
        lot_required=(product.lot_tracked and settings.lot_tracking) or expiry,
        expiry_required=expiry,
        serial_required=False,
        is_regulated=product.regulated,
        allow_past_expiry=product.allow_past_expiry,
        expiry_warning_days=settings.expiry_warning_days if days is None else days,
        industry_pack=settings.industry_pack,
    )


async def requirements_by_product(
    session: Session, ids: Sequence[str]
) -> Mapping[str, Requirements]:
    """What stock of each of these products needs; those that are missing are left out."""
    settings = await session.one(tenants.settings())
    rows = await session.all(records.by_ids(catalog.products, ids))
    return {row.id: requirements(row, settings) for row in rows}


async def verdicts(
    session: Session, lines: Sequence[InboundLine]
) -> Mapping[InboundLine, "Verdict"]:
    """A verdict for each of these lines."""
    return dict(zip(lines, await validate(session, lines), strict=True))


async def validate(session: Session, lines: Sequence[InboundLine]) -> list[Verdict]:
    """A verdict for each line, in their order; nothing is locked or written."""
    rules = await _rules(session, lines)
    return [_judged(line, rules) for line in lines]


async def require(
    session: Session, lines: Sequence[InboundLine], *, field: str | None = "lines"
) -> None:
    """Refuse lines that may not come in; their place is told as `field[0].lotNumber`.

    Raises:
        LotRefused: for the first fault; `details.code` says which.
        NotFound: there is no such product, or no lot with that id.
    """
    rules = await _rules(session, lines)
    for index, line in enumerate(lines):
        place = "" if field is None else f"{field}[{index}]."
        if line.product_id not in rules.products:
            raise NotFound("Product", f"{place}productId")
        if line.lot_id is not None and line.lot_id not in rules.by_id:
            raise NotFound("Lot", f"{place}lotId")
        for fault in _judged(line, rules).errors:
            name = "lotId" if line.lot_id and fault.field == "lotNumber" else fault.field
            raise LotRefused(f"{place}{name}", fault.message, code=fault.code)


async def _rules(session: Session, lines: Sequence[InboundLine]) -> _Rules:
    product_ids = sorted({line.product_id for line in lines})
    pairs = sorted({(line.product_id, line.lot_number) for line in lines if line.lot_number})
    ids = sorted({line.lot_id for line in lines if line.lot_id})
    found = await session.all(
        lots.named(ids, [product for product, _ in pairs], [number for _, number in pairs])
    )
    products = await session.all(records.by_ids(catalog.products, product_ids))
    return _Rules(
        settings=await session.one(tenants.settings()),
        today=await session.scalar(tenants.today()),
        products={row.id: row for row in products},
        by_id={row.id: row for row in found},
        by_number={(row.product_id, row.number): row for row in found},
    )


def _judged(line: InboundLine, rules: _Rules) -> Verdict:
    product = rules.products.get(line.product_id)
    if product is None:
        return Verdict(
            errors=[_finding("general", "PRODUCT_NOT_FOUND", "There is no such product.")]
        )
    needed = requirements(product, rules.settings)
    if line.lot_id is not None:
        lot = rules.by_id.get(line.lot_id)
    else:
        lot = rules.by_number.get((line.product_id, line.lot_number or ""))
    verdict = Verdict(errors=[*_switched_off(line, rules.settings), *_of_lot(line, lot, needed)])
    expiry = line.expiry_date or (lot.expiry_date if lot else None)
    if expiry is None:
        if needed.expiry_required:
            text = "Stock of this product needs an expiry date."
            verdict.errors.append(_finding("expiryDate", "EXPIRY_REQUIRED", text))
    else:
        _judge_expiry(verdict, expiry, needed, rules.today)
    if line.quantity is not None and line.quantity <= 0:
        text = "The quantity must be above 0."
        verdict.errors.append(_finding("quantity", "QUANTITY_NOT_POSITIVE", text))
    if lot is not None and lot.marked_expired_at is not None:
        text = "The lot was marked as expired: nothing of it is promised."
        verdict.warnings.append(_finding("lotNumber", "LOT_MARKED_EXPIRED", text))
    return verdict


def _switched_off(line: InboundLine, settings: Any) -> list[Finding]:
    """What is given by text although the tenant has switched it off; known lots stay usable."""
    found = []
    if line.lot_number and not settings.lot_tracking:
        text = "Lot tracking is switched off."
        found.append(_finding("lotNumber", "FEATURE_NOT_ENABLED", text))
    if line.expiry_date is not None and not settings.expiry_tracking:
        text = "Expiry tracking is switched off."
        found.append(_finding("expiryDate", "FEATURE_NOT_ENABLED", text))
    return found


def _of_lot(line: InboundLine, lot: Any, needed: Requirements) -> list[Finding]:
    is_named = bool(line.lot_id or line.lot_number)
    if not is_named and (needed.lot_required or line.expiry_date is not None):
        text = "Stock of this product needs a lot number."
        if not needed.lot_required:
            text = "An expiry date is kept on a lot: a lot number is needed."
        return [_finding("lotNumber", "LOT_REQUIRED", text)]
    if lot is None:
        return []
    if lot.product_id != line.product_id:
        return [_finding("lotNumber", "LOT_OF_OTHER_PRODUCT", "The lot is of another product.")]
    if line.expiry_date is not None and lot.expiry_date != line.expiry_date:
        known = "none" if lot.expiry_date is None else lot.expiry_date.isoformat()
        text = f"The lot is there already, with another expiry date: {known}."
        return [_finding("expiryDate", "EXPIRY_MISMATCH", text)]
    return []


def _judge_expiry(verdict: Verdict, expiry: date, needed: Requirements, today: date) -> None:
    left = (expiry - today).days
    if left < 0 and not needed.allow_past_expiry:
        text = f"{expiry.isoformat()} is past: stock of this product must not have expired."
        verdict.errors.append(_finding("expiryDate", "EXPIRED_NOT_ALLOWED", text))
    elif left < 0:
        text = f"{expiry.isoformat()} is past: nothing of it is promised."
        verdict.warnings.append(_finding("expiryDate", "PAST_EXPIRY", text))
    elif left <= needed.expiry_warning_days:
        text = f"It expires in {left} days."
        verdict.warnings.append(_finding("expiryDate", "EXPIRES_SOON", text))


def _finding(field: str, code: str, message: str) -> Finding:
    return Finding(field=field, code=code, message=message)
