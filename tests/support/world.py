"""Makes what a test starts from; a call names only what matters to the test."""

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from domain.actor import SYSTEM
from models import catalog, channels, locations, lots, search, severity, supply
from models import stock as stock_tables
from models.session import Database, Session
from services import records, stock, tenants


@dataclass
class World:
    """One tenant of the test database."""

    database: Database
    tenant_id: UUID
    code: str
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    @classmethod
    async def make(cls, database: Database, **settings: Any) -> "World":
        """A new tenant without anything in it."""
        code = f"t{uuid4().hex[:16]}"
        return cls(database, await tenants.create(database, code, settings), code)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Session]:
        async with self.database.write(self.tenant_id) as session:
            yield session

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Session]:
        async with self.database.read(self.tenant_id) as session:
            yield session

    async def product(self, **values: Any) -> Any:
        n = next(self._numbers)
        values = {"sku": f"SKU-{n}", "name": f"Product {n}"} | values
        async with self.write() as session:
            row = await records.add(session, catalog.products, "Product", "prod_", values)
            document = search.document(row.sku, row.name, row.barcode)
            await session.one(search.put([row.id], [document]))
        return row

    async def category(self, **values: Any) -> Any:
        n = next(self._numbers)
        id = values.pop("id", None) or f"cat_{uuid4().hex}"
        parent = values.pop("parent", None)
        values = {
            "id": id,
            "code": f"CAT-{n}",
            "name": f"Category {n}",
            "parent_id": parent.id if parent else None,
            "path": [*(parent.path if parent else []), id],
        } | values
        return await self._add(catalog.categories, "Category", "cat_", values)

    async def location(self, **values: Any) -> Any:
        n = next(self._numbers)
        id = values.pop("id", None) or f"loc_{uuid4().hex}"
        values = {
            "id": id,
            "code": f"LOC-{n}",
            "name": f"Location {n}",
            "type": "DC_STORAGE",
            "path": [id],
        } | values
        return await self._add(locations.locations, "Location", "loc_", values)

    async def bin(self, location: Any, **values: Any) -> Any:
        values = {"location_id": location.id, "code": f"B-{next(self._numbers)}"} | values
        return await self._add(locations.bins, "Bin", "bin_", values)

    async def lot(self, product: Any, *, expiry: date | None = None, **values: Any) -> Any:
        n = next(self._numbers)
        values = {"product_id": product.id, "number": f"LOT-{n}", "expiry_date": expiry} | values
        return await self._add(lots.lots, "Lot", "lot_", values)

    async def channel(self, id: str = "DTC", **values: Any) -> Any:
        values = {"id": id, "name": f"Channel {id}", "type": "E_COMMERCE"} | values
        return await self._add(channels.channels, "Channel", "", values)

    async def policy(self, channel: Any, **values: Any) -> Any:
        values = {"channel_id": channel.id} | values
        return await self._add(channels.channel_policies, "Policy", "policy_", values)

    async def quota(
        self, channel: Any, product: Any, location: Any, allocated: int, **values: Any
    ) -> Any:
        values = {
            "channel_id": channel.id,
            "product_id": product.id,
            "location_id": location.id,
            "allocated": Decimal(allocated),
        } | values
        return await self._add(channels.channel_quotas, "Quota", "quota_", values)

    async def stock(
        self,
        product: Any,
        location: Any,
        quantity: int | str | Decimal,
        *,
        bin: Any = None,
        lot: Any = None,
    ) -> str:
        """Receive units into a bucket, and give its inventory item's id."""
        line = stock.Line(
            product_id=product.id,
            location_id=location.id,
            bin_id=bin.id if bin else None,
            lot_id=lot.id if lot else None,
            delta=Decimal(quantity),
        )
        async with self.write() as session:
            posted = await stock.post(
                session, stock.Posting(kind="RECEIPT", author=SYSTEM, lines=[line])
            )
        return posted.entries[0].inventory_item_id

    async def issue(self, product: Any, location: Any, quantity: int) -> None:
        """Take units out of the bucket without bin and lot."""
        line = stock.Line(product_id=product.id, location_id=location.id, delta=-Decimal(quantity))
        async with self.write() as session:
            await stock.post(session, stock.Posting(kind="ISSUE", author=SYSTEM, lines=[line]))

    async def level(self, product: Any, location: Any, **values: Any) -> Any:
        values = {"product_id": product.id, "location_id": location.id} | values
        return await self._add(stock_tables.inventory_levels, "Level", "level_", values)

    async def crossing(self, channel: Any, product: Any, location: Any, **values: Any) -> Any:
        """A crossing of severity that was told."""
        values = {
            "channel_id": channel.id,
            "product_id": product.id,
            "location_id": location.id,
            "before": "OK",
            "after": "LOW",
            "atp": Decimal(1),
            "threshold": Decimal(10),
        } | values
        return await self._add(severity.severity_crossings, "Crossing", "cross_", values)

    async def vendor(self, **values: Any) -> Any:
        n = next(self._numbers)
        values = {"code": f"V-{n}", "name": f"Vendor {n}"} | values
        return await self._add(supply.vendors, "Vendor", "vend_", values)

    async def order(self, vendor: Any, product: Any, quantity: int, **values: Any) -> Any:
        """A line of an order with a vendor, the only one of its order."""
        values = {
            "order_number": f"PO-{next(self._numbers)}",
            "line_number": 1,
            "vendor_id": vendor.id,
            "product_id": product.id,
            "quantity": Decimal(quantity),
        } | values
        table = supply.purchase_order_lines
        return await self._add(table, "Purchase order line", "poln_", values)

    async def settings(self, **values: Any) -> Any:
        async with self.write() as session:
            return await tenants.change_settings(session, SYSTEM, values, None)

    async def reserve(self, item_id: str, quantity: int, **values: Any) -> str:
        """Set units of a bucket aside, as a document would."""
        wish = stock.Promise(inventory_item_id=item_id, quantity=Decimal(quantity), **values)
        async with self.write() as session:
            return await stock.reserve(session, wish)

    async def _add(self, table: Any, thing: str, prefix: str, values: dict[str, Any]) -> Any:
        async with self.write() as session:
            return await records.add(session, table, thing, prefix, values)
