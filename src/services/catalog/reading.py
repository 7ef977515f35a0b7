"""Reads categories, products and their packs."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from models import catalog
from models.lists.catalog import CATEGORIES, PRODUCTS
from models.session import Session
from services.lists import Reader

products = Reader(PRODUCTS)
categories = Reader(CATEGORIES)


async def product_ids_by_barcode(session: Session, barcodes: Sequence[str]) -> Mapping[str, str]:
    """The ids of the products that carry these barcodes, on the unit or on one of their packs."""
    rows = await session.all(catalog.product_ids_by_barcode(barcodes))
    return {row.barcode: row.id for row in rows}


async def packs_by_product(session: Session, product_ids: Sequence[str]) -> Mapping[str, list[Any]]:
    """The packs of these products, the smallest first."""
    found: dict[str, list[Any]] = defaultdict(list)
    for row in await session.all(catalog.packs_of(product_ids)):
        found[row.product_id].append(row)
    return found
