"""The kinds of things that the graph links: their type, what reads them, and the right to see them.

A kind knows its type by name, so that types may refer to each other both ways.
"""

from typing import TYPE_CHECKING, Annotated

import strawberry

from domain.permissions import Permission
from resolvers.kind import Kind
from services import keys, ledger, severity
from services.abc import reading as abc
from services.catalog import reading as catalog
from services.channels import reading as channels
from services.cycle_counts import reading as cycle_counts
from services.holds import reading as holds
from services.locations import reading as locations
from services.lots import reading as lots
from services.put_away import reading as put_away
from services.replenishment import reading as replenishment
from services.requests import reading as requests
from services.reservations import reading as reservations
from services.stock import reading as stock
from services.stock import reasons, recording
from services.stocklists import reading as stocklists
from services.supply import reading as supply
from services.transfers import reading as transfers

if TYPE_CHECKING:
    from resolvers.abc_runs import AbcRun
    from resolvers.catalog import Category, Product
    from resolvers.channels import Channel, ChannelPolicy, ChannelQuota
    from resolvers.cycle_counts import CycleCount
    from resolvers.holds import Hold
    from resolvers.ledger import LedgerEntry, Posting
    from resolvers.levels import InventoryLevel, StockLevel
    from resolvers.locations import Bin, Location
    from resolvers.lots import Lot
    from resolvers.put_away import PutAwayRule, PutAwayTask
    from resolvers.replenishment import Replenishment
    from resolvers.requests import StockRequest
    from resolvers.reservations import Reservation
    from resolvers.stock import InventoryItem
    from resolvers.stocklists import Stocklist
    from resolvers.supply import PurchaseOrderLine, Vendor
    from resolvers.transfers import Transfer

# What a resolver gives: each type, wherever it is declared.
AbcRunRef = Annotated["AbcRun", strawberry.lazy("resolvers.abc_runs")]
BinRef = Annotated["Bin", strawberry.lazy("resolvers.locations")]
CategoryRef = Annotated["Category", strawberry.lazy("resolvers.catalog")]
ChannelPolicyRef = Annotated["ChannelPolicy", strawberry.lazy("resolvers.channels")]
ChannelQuotaRef = Annotated["ChannelQuota", strawberry.lazy("resolvers.channels")]
ChannelRef = Annotated["Channel", strawberry.lazy("resolvers.channels")]
CycleCountRef = Annotated["CycleCount", strawberry.lazy("resolvers.cycle_counts")]
HoldRef = Annotated["Hold", strawberry.lazy("resolvers.holds")]
InventoryItemRef = Annotated["InventoryItem", strawberry.lazy("resolvers.stock")]
InventoryLevelRef = Annotated["InventoryLevel", strawberry.lazy("resolvers.levels")]
LedgerEntryRef = Annotated["LedgerEntry", strawberry.lazy("resolvers.ledger")]
LocationRef = Annotated["Location", strawberry.lazy("resolvers.locations")]
LotRef = Annotated["Lot", strawberry.lazy("resolvers.lots")]
PostingRef = Annotated["Posting", strawberry.lazy("resolvers.ledger")]
StockRequestRef = Annotated["StockRequest", strawberry.lazy("resolvers.requests")]
ReservationRef = Annotated["Reservation", strawberry.lazy("resolvers.reservations")]
ProductRef = Annotated["Product", strawberry.lazy("resolvers.catalog")]
StocklistRef = Annotated["Stocklist", strawberry.lazy("resolvers.stocklists")]
PutAwayRuleRef = Annotated["PutAwayRule", strawberry.lazy("resolvers.put_away")]
PutAwayTaskRef = Annotated["PutAwayTask", strawberry.lazy("resolvers.put_away")]
ReplenishmentRef = Annotated["Replenishment", strawberry.lazy("resolvers.replenishment")]
StockLevelRef = Annotated["StockLevel", strawberry.lazy("resolvers.levels")]
PurchaseOrderLineRef = Annotated["PurchaseOrderLine", strawberry.lazy("resolvers.supply")]
TransferRef = Annotated["Transfer", strawberry.lazy("resolvers.transfers")]
VendorRef = Annotated["Vendor", strawberry.lazy("resolvers.supply")]


_P = Permission

PRODUCT = Kind(
    name="Product",
    module="resolvers.catalog",
    reader=catalog.products,
    needs=_P.PRODUCTS_READ,
    order="sku",
    prefix="prod_",
)
CATEGORY = Kind(
    name="Category",
    module="resolvers.catalog",
    reader=catalog.categories,
    needs=_P.PRODUCTS_READ,
    order="code",
    prefix="cat_",
)
LOCATION = Kind(
    name="Location",
    module="resolvers.locations",
    reader=locations.locations,
    needs=_P.INVENTORY_READ,
    order="code",
    prefix="loc_",
)
BIN = Kind(
    name="Bin",
    module="resolvers.locations",
    reader=locations.bins,
    needs=_P.INVENTORY_READ,
    order="code",
    prefix="bin_",
)
LOT = Kind(
    name="Lot",
    module="resolvers.lots",
    reader=lots.lots,
    needs=_P.INVENTORY_READ,
    order="expiry_date",
    prefix="lot_",
)
CHANNEL = Kind(
    name="Channel",
    module="resolvers.channels",
    reader=channels.channels,
    needs=_P.INVENTORY_READ,
    order="position",
)
CHANNEL_POLICY = Kind(
    name="ChannelPolicy",
    module="resolvers.channels",
    reader=channels.policies,
    needs=_P.INVENTORY_READ,
    order="created_at",
    prefix="policy_",
)
CHANNEL_QUOTA = Kind(
    name="ChannelQuota",
    module="resolvers.channels",
    reader=channels.quotas,
    needs=_P.INVENTORY_READ,
    order="id",
    prefix="quota_",
)
INVENTORY_ITEM = Kind(
    name="InventoryItem",
    module="resolvers.stock",
    reader=stock.items,
    needs=_P.INVENTORY_READ,
    order="id",
    prefix="item_",
)
HOLD = Kind(
    name="Hold",
    module="resolvers.holds",
    reader=holds.holds,
    needs=_P.INVENTORY_READ,
    order="created_at",
    prefix="hold_",
)
INVENTORY_LEVEL = Kind(
    name="InventoryLevel",
    module="resolvers.levels",
    reader=stock.settings,
    needs=_P.INVENTORY_READ,
    order="id",
    prefix="level_",
)
STOCK_LEVEL = Kind(
    name="StockLevel",
    module="resolvers.levels",
    reader=stock.levels,
    needs=_P.INVENTORY_READ,
    order="sku",
)
PUT_AWAY_TASK = Kind(
    name="PutAwayTask",
    module="resolvers.put_away",
    reader=put_away.tasks,
    needs=_P.INVENTORY_READ,
    order="created_at",
    descending=True,
    prefix="put_",
)
PUT_AWAY_RULE = Kind(
    name="PutAwayRule",
    module="resolvers.put_away",
    reader=put_away.rules,
    needs=_P.INVENTORY_READ,
    order="priority",
    descending=True,
    prefix="rule_",
)
REPLENISHMENT = Kind(
    name="Replenishment",
    module="resolvers.replenishment",
    reader=replenishment.records,
    needs=_P.REPLENISHMENT_READ,
    order="created_at",
    descending=True,
    prefix="repl_",
)
REPLENISHMENT_CONFIG = Kind(
    name="ReplenishmentConfig",
    module="resolvers.replenishment",
    reader=replenishment.configs,
    needs=_P.REPLENISHMENT_READ,
    order="sku",
)
POSTING = Kind(
    name="Posting",
    module="resolvers.ledger",
    reader=ledger.postings,
    needs=_P.INVENTORY_READ,
    order="id",
    descending=True,
    prefix="txn_",
)
LEDGER_ENTRY = Kind(
    name="LedgerEntry",
    module="resolvers.ledger",
    reader=ledger.entries,
    needs=_P.INVENTORY_READ,
    order="id",
    descending=True,
)

RESERVATION = Kind(
    name="Reservation",
    module="resolvers.reservations",
    reader=reservations.reservations,
    needs=_P.INVENTORY_READ,
    order="created_at",
    prefix="resv_",
)
REASON_CODE = Kind(
    name="ReasonCode",
    module="resolvers.reasons",
    reader=reasons.reason_codes,
    needs=_P.INVENTORY_ADJUST,
    order="code",
    prefix="reason_",
)
SEVERITY_EVENT = Kind(
    name="SeverityEvent",
    module="resolvers.severity",
    reader=severity.crossings,
    needs=_P.INVENTORY_READ,
    order="crossed_at",
    descending=True,
)
STOCK_RECORDING = Kind(
    name="StockRecording",
    module="resolvers.recordings",
    reader=recording.recordings,
    needs=_P.INVENTORY_ADJUST,
    order="created_at",
)

TRANSFER = Kind(
    name="Transfer",
    module="resolvers.transfers",
    reader=transfers.transfers,
    needs=_P.TRANSFERS_READ,
    order="created_at",
    prefix="xfer_",
)
STOCK_REQUEST = Kind(
    name="StockRequest",
    module="resolvers.requests",
    reader=requests.stock_requests,
    needs=_P.STOCKREQUESTS_READ,
    order="created_at",
    descending=True,
    prefix="req_",
)
STOCKLIST = Kind(
    name="Stocklist",
    module="resolvers.stocklists",
    reader=stocklists.stocklists,
    needs=_P.STOCKREQUESTS_READ,
    order="name",
    prefix="slist_",
)
ABC_RUN = Kind(
    name="AbcRun",
    module="resolvers.abc_runs",
    reader=abc.runs,
    needs=_P.INVENTORY_READ,
    order="created_at",
    descending=True,
    prefix="abcrun_",
)
ABC_RUN_CLASS = Kind(
    name="AbcRunClass",
    module="resolvers.abc_runs",
    reader=abc.run_classes,
    needs=_P.INVENTORY_READ,
    order="rank",
)
ABC_PIN = Kind(
    name="AbcPin",
    module="resolvers.abc_runs",
    reader=abc.pins,
    needs=_P.INVENTORY_CYCLECOUNT,
    order="created_at",
    prefix="pin_",
)
CYCLE_COUNT = Kind(
    name="CycleCount",
    module="resolvers.cycle_counts",
    reader=cycle_counts.counts,
    needs=_P.INVENTORY_CYCLECOUNT,
    order="created_at",
    prefix="count_",
)
COUNT_LINE = Kind(
    name="CountLine",
    module="resolvers.count_lines",
    reader=cycle_counts.lines,
    needs=_P.INVENTORY_CYCLECOUNT,
    order="walk",
)

VENDOR = Kind(
    name="Vendor",
    module="resolvers.supply",
    reader=supply.vendors,
    needs=_P.INVENTORY_READ,
    order="code",
    prefix="vend_",
)
VENDOR_PRODUCT = Kind(
    name="VendorProduct",
    module="resolvers.supply",
    reader=supply.vendor_products,
    needs=_P.INVENTORY_READ,
    order="id",
)
PURCHASE_ORDER_LINE = Kind(
    name="PurchaseOrderLine",
    module="resolvers.supply",
    reader=supply.order_lines,
    needs=_P.INVENTORY_READ,
    order="order_number",
    prefix="poln_",
)

API_KEY = Kind(
    name="ApiKey",
    module="resolvers.keys",
    reader=keys.api_keys,
    needs=_P.ADMIN_KEYS,
    order="created_at",
    prefix="key_",
)

# In the order in which an id that several kinds have is resolved.
NODES = (
    PRODUCT,
    LOCATION,
    CHANNEL,
    CATEGORY,
    BIN,
    LOT,
    INVENTORY_ITEM,
    CHANNEL_POLICY,
    CHANNEL_QUOTA,
    INVENTORY_LEVEL,
    HOLD,
    RESERVATION,
    REASON_CODE,
    POSTING,
    TRANSFER,
    VENDOR,
    PURCHASE_ORDER_LINE,
    STOCK_REQUEST,
    STOCKLIST,
    REPLENISHMENT,
    PUT_AWAY_TASK,
    PUT_AWAY_RULE,
    ABC_RUN,
    ABC_PIN,
    CYCLE_COUNT,
)
