"""Every kind of thing that has an id of its own."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CompoundSelect, func, literal, select, union_all

from models.base import texts, this_tenant
from models.catalog import categories, products
from models.channels import channel_policies, channel_quotas, channels
from models.holds import holds
from models.locations import bins, locations
from models.lots import lots
from models.replenishment import replenishment_records
from models.requests import stock_requests
from models.stock import inventory_items, inventory_levels, postings, reason_codes
from models.stocklists import stocklists
from models.supply import purchase_order_lines, vendors
from models.transfers import transfers

# In the order in which an id that several kinds have is resolved.
KINDS = {
    "Product": products,
    "Location": locations,
    "Channel": channels,
    "Category": categories,
    "Bin": bins,
    "Lot": lots,
    "InventoryItem": inventory_items,
    "ChannelPolicy": channel_policies,
    "ChannelQuota": channel_quotas,
    "InventoryLevel": inventory_levels,
    "Hold": holds,
    "ReasonCode": reason_codes,
    "Posting": postings,
    "Transfer": transfers,
    "Vendor": vendors,
    "PurchaseOrderLine": purchase_order_lines,
    "StockRequest": stock_requests,
    "Stocklist": stocklists,
    "Replenishment": replenishment_records,
}


def kinds_of(ids: Sequence[str]) -> CompoundSelect[Any]:
    """Id and kind wherever one of these ids is used."""
    return union_all(
        *(
            select(table.c.id, literal(name).label("kind")).where(
                table.c.tenant_id == this_tenant(), table.c.id == func.any(texts(ids))
            )
            for name, table in KINDS.items()
        )
    )
