"""The files that a folder may hold and their columns; docs/import.md tells the same."""

from models.catalog import categories, products
from models.channels import MODES, TIERS, channel_policies, channel_quotas, channels
from models.imports.format import Column, File, Kind, Target
from models.locations import bins, locations
from models.lots import lots
from models.stock import METHODS, inventory_levels, reason_codes
from models.supply import ORDER_STATES, purchase_order_lines, vendor_products, vendors


def _column(name: str, kind: Kind, stored: str | None = None, **more: object) -> Column:
    return Column(name=name, kind=kind, stored=stored or _snake(name), **more)  # type: ignore[arg-type] # by the names of Column's own fields


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name)


_ID = Column(name="id", kind=Kind.ID)
_SKU = Column(name="sku", kind=Kind.CODE, stored="product_id", required=True, names=Target.PRODUCT)
_LOCATION = Column(
    name="locationCode",
    kind=Kind.CODE,
    stored="location_id",
    required=True,
    names=Target.LOCATION,
)
_ANY_LOCATION = Column(
    name="locationCode", kind=Kind.CODE, stored="location_id", names=Target.LOCATION
)
_BIN = Column(name="binCode", kind=Kind.CODE, stored="bin_id", names=Target.BIN)
_LOT = Column(name="lotNumber", kind=Kind.CODE, stored="lot_id", names=Target.LOT)
_CHANNEL = Column(
    name="channelCode",
    kind=Kind.CODE,
    stored="channel_id",
    required=True,
    names=Target.CHANNEL,
)

CATEGORIES = File(
    name="categories",
    table=categories,
    prefix="cat_",
    key=("code",),
    columns=(
        _ID,
        _column("code", Kind.CODE, required=True),
        _column("name", Kind.NAME, required=True),
        _column("parentCode", Kind.CODE, "parent_id", names=Target.CATEGORY),
    ),
)

PRODUCTS = File(
    name="products",
    table=products,
    prefix="prod_",
    key=("sku",),
    keeps_others=True,
    columns=(
        _ID,
        _column("sku", Kind.CODE, required=True),
        _column("name", Kind.NAME, required=True),
        _column("categoryCode", Kind.CODE, "category_id", names=Target.CATEGORY),
        _column("unitOfMeasure", Kind.UNIT),
        _column("quantityStep", Kind.POSITIVE),
        _column("barcode", Kind.CODE),
        _column("unitCost", Kind.QUANTITY),
        _column("listPrice", Kind.QUANTITY),
        _column("lotTracked", Kind.FLAG),
        _column("expiryTracked", Kind.FLAG),
        _column("serialTracked", Kind.FLAG),
        _column("allowPastExpiry", Kind.FLAG),
        _column("expiryWarningDays", Kind.WHOLE),
        _column("regulated", Kind.FLAG),
        _column("safetyStock", Kind.QUANTITY),
        _column("reorderPoint", Kind.QUANTITY),
        _column("leadTimeDays", Kind.WHOLE),
        _column("active", Kind.FLAG),
        Column(name="packs", kind=Kind.PACKS),
        _column("storageClass", Kind.CODE),
        _column("unitWeightKg", Kind.QUANTITY),
        _column("unitVolumeLitres", Kind.QUANTITY),
    ),
)

LOCATIONS = File(
    name="locations",
    table=locations,
    prefix="loc_",
    key=("code",),
    columns=(
        _ID,
        _column("code", Kind.CODE, required=True),
        _column("name", Kind.NAME, required=True),
        _column("type", Kind.TYPE, required=True),
        _column("parentCode", Kind.CODE, "parent_id", names=Target.LOCATION),
        _column("active", Kind.FLAG),
    ),
)

BINS = File(
    name="bins",
    table=bins,
    prefix="bin_",
    key=("locationCode", "code"),
    columns=(
        _ID,
        _LOCATION,
        _column("code", Kind.CODE, required=True),
        _column("name", Kind.NAME),
        _column("type", Kind.TYPE),
        _column("zone", Kind.NAME),
        _column("pickOrder", Kind.WHOLE),
        _column("active", Kind.FLAG),
        _column("storageClass", Kind.CODE),
        _column("mixing", Kind.CHOICE, choices=("ANY", "SAME_PRODUCT", "SAME_LOT", "EMPTY_ONLY")),
        _column("capacityUnits", Kind.QUANTITY),
        _column("capacityWeightKg", Kind.QUANTITY),
        _column("capacityVolumeLitres", Kind.QUANTITY),
    ),
)

LOTS = File(
    name="lots",
    table=lots,
    prefix="lot_",
    key=("sku", "lotNumber"),
    columns=(
        _ID,
        _column("lotNumber", Kind.CODE, "number", required=True),
        _column("expiryDate", Kind.DATE),
        Column(name="sku", kind=Kind.CODE, stored="product_id", names=Target.PRODUCT),
        _column("note", Kind.TEXT),
    ),
)

CHANNELS = File(
    name="channels",
    table=channels,
    key=("code",),
    columns=(
        Column(name="code", kind=Kind.ID, required=True),
        _column("name", Kind.NAME, required=True),
        _column("type", Kind.TYPE, required=True),
        _column("position", Kind.WHOLE),
        _column("active", Kind.FLAG),
    ),
)

POLICIES = File(
    name="policies",
    table=channel_policies,
    prefix="policy_",
    key=("channelCode", "locationCode", "sku", "categoryCode"),
    columns=(
        _ID,
        _CHANNEL,
        _ANY_LOCATION,
        Column(name="sku", kind=Kind.CODE, stored="product_id", names=Target.PRODUCT),
        _column("categoryCode", Kind.CODE, "category_id", names=Target.CATEGORY),
        _column("name", Kind.NAME),
        _column("description", Kind.TEXT),
        _column("mode", Kind.CHOICE, choices=MODES),
        _column("tier", Kind.CHOICE, choices=TIERS),
        _column("priority", Kind.PRIORITY),
        _column("share", Kind.SHARE),
        _column("cap", Kind.QUANTITY),
        _column("spillOver", Kind.FLAG),
        _column("minimumStock", Kind.QUANTITY),
        _column("safetyStock", Kind.QUANTITY),
        _column("reserveStock", Kind.QUANTITY),
        _column("buffer", Kind.QUANTITY),
        _column("backorderLimit", Kind.QUANTITY),
        _column("lowAtpThreshold", Kind.QUANTITY),
    ),
)

QUOTAS = File(
    name="quotas",
    table=channel_quotas,
    prefix="quota_",
    key=("channelCode", "sku", "locationCode"),
    columns=(
        _ID,
        _CHANNEL,
        _SKU,
        _LOCATION,
        _column("allocated", Kind.QUANTITY, required=True),
        _column("consumed", Kind.QUANTITY),
        _column("reason", Kind.TEXT),
    ),
)

LEVELS = File(
    name="levels",
    table=inventory_levels,
    prefix="level_",
    key=("sku", "locationCode"),
    columns=(
        _ID,
        _SKU,
        _LOCATION,
        _column("minQuantity", Kind.QUANTITY),
        _column("reorderQuantity", Kind.QUANTITY),
        _column("maxQuantity", Kind.QUANTITY),
        _column("status", Kind.NAME),
        _column("abcClass", Kind.CHOICE, choices=("A", "B", "C")),
        _column("expectedLeadTimeDays", Kind.WHOLE),
        _column("replenishmentPeriodDays", Kind.WHOLE),
        _column("forecastPeriodDays", Kind.WHOLE),
        _column("forecastQuantity", Kind.QUANTITY),
        _column("preferredBinCode", Kind.CODE, "preferred_bin_id", names=Target.BIN),
        _column(
            "replenishmentLocationCode",
            Kind.CODE,
            "replenishment_location_id",
            names=Target.LOCATION,
        ),
        _column("comments", Kind.TEXT),
    ),
)

# The same rows as those of levels: what is shared stands there, and only there.
REPLENISHMENT = File(
    name="replenishment",
    table=inventory_levels,
    prefix="level_",
    key=("sku", "locationCode"),
    columns=(
        _ID,
        _SKU,
        _LOCATION,
        _column("method", Kind.CHOICE, "replenishment_method", required=True, choices=METHODS),
        _column("orderQuantity", Kind.POSITIVE),
        _column("packSize", Kind.POSITIVE),
        _column("minimumOrderQuantity", Kind.QUANTITY),
        _column("safetyStock", Kind.QUANTITY),
        _column("serviceLevel", Kind.SHARE),
        _column("leadTimeDeviationDays", Kind.QUANTITY),
        _column("coverDays", Kind.WHOLE),
        _column("orderCost", Kind.QUANTITY),
        _column("holdingCost", Kind.POSITIVE),
        _column("shelfLifeDays", Kind.WHOLE),
        _column("demandWindowDays", Kind.WHOLE),
        _column("demandShare", Kind.SHARE),
    ),
)

REASON_CODES = File(
    name="reason_codes",
    table=reason_codes,
    prefix="reason_",
    key=("code",),
    columns=(
        _ID,
        _column("code", Kind.CODE, required=True),
        _column("name", Kind.NAME, required=True),
        _column("direction", Kind.CHOICE, choices=("INCREASE", "DECREASE", "BOTH")),
        _column("category", Kind.NAME),
        _column("requiresComment", Kind.FLAG),
        _column("contexts", Kind.CONTEXTS),
        _column("active", Kind.FLAG),
    ),
)

_VENDOR = Column(
    name="vendorCode", kind=Kind.CODE, stored="vendor_id", required=True, names=Target.VENDOR
)

VENDORS = File(
    name="vendors",
    table=vendors,
    prefix="vend_",
    key=("code",),
    columns=(
        _ID,
        _column("code", Kind.CODE, required=True),
        _column("name", Kind.NAME, required=True),
        _column("creditRating", Kind.WHOLE),
        _column("preferred", Kind.FLAG),
        _column("active", Kind.FLAG),
    ),
)

VENDOR_PRODUCTS = File(
    name="vendor_products",
    table=vendor_products,
    prefix="vprd_",
    key=("vendorCode", "sku"),
    columns=(
        _ID,
        _VENDOR,
        _SKU,
        _column("leadTimeDays", Kind.WHOLE),
        _column("minOrderQty", Kind.QUANTITY, "min_order_quantity"),
        _column("maxOrderQty", Kind.QUANTITY, "max_order_quantity"),
        _column("onOrderQty", Kind.QUANTITY, "on_order_quantity"),
        _column("standardPrice", Kind.QUANTITY),
        _column("orderUnitOfMeasure", Kind.UNIT, "order_unit"),
    ),
)

PURCHASE_ORDERS = File(
    name="purchase_orders",
    table=purchase_order_lines,
    prefix="poln_",
    key=("poNumber", "lineNumber"),
    columns=(
        _ID,
        _column("poNumber", Kind.CODE, "order_number", required=True),
        _column("lineNumber", Kind.WHOLE, required=True),
        _VENDOR,
        _column("orderDate", Kind.DATE, "ordered_on"),
        _column("dueDate", Kind.DATE, "due_on"),
        _SKU,
        _column("orderQty", Kind.POSITIVE, "quantity", required=True),
        _column("unitPrice", Kind.QUANTITY),
        _column("receivedQty", Kind.QUANTITY, "received"),
        _column("rejectedQty", Kind.QUANTITY, "rejected"),
        _column("stockedQty", Kind.QUANTITY, "stocked"),
        _column("status", Kind.CHOICE, choices=ORDER_STATES),
        _ANY_LOCATION,
    ),
)

STOCK = File(
    name="stock",
    key=("sku", "locationCode", "binCode", "lotNumber"),
    columns=(
        _SKU,
        _LOCATION,
        _BIN,
        _LOT,
        Column(name="expiryDate", kind=Kind.DATE),
        Column(name="quantity", kind=Kind.QUANTITY, required=True),
    ),
)

INCOMING = ("PURCHASE", "RECEIPT", "WORK_ORDER", "TRANSFER_IN", "RETURN")
OUTGOING = ("SALE", "ISSUE", "CONSUME", "DAMAGE", "EXPIRE", "TRANSFER_OUT")

MOVEMENTS = File(
    name="movements",
    key=(),
    columns=(
        Column(name="occurredAt", kind=Kind.INSTANT, required=True),
        _SKU,
        Column(
            name="type",
            kind=Kind.CHOICE,
            required=True,
            choices=(*INCOMING, *OUTGOING, "ADJUSTMENT", "COUNT"),
        ),
        Column(name="quantity", kind=Kind.SIGNED, required=True),
        Column(name="unitCost", kind=Kind.QUANTITY),
        Column(name="unitPrice", kind=Kind.QUANTITY),
        Column(name="channelCode", kind=Kind.CODE, names=Target.CHANNEL),
        Column(name="reference", kind=Kind.NAME),
        _ANY_LOCATION,
        _BIN,
        _LOT,
    ),
)

# What is on its way or set aside to be sent: a row for each line, and for each lot on its way.
TRANSFERS = File(
    name="transfers",
    key=("transferNumber", "lineNumber"),
    columns=(
        Column(name="transferNumber", kind=Kind.CODE, required=True),
        Column(name="lineNumber", kind=Kind.WHOLE, required=True),
        Column(name="sourceLocationCode", kind=Kind.CODE, required=True, names=Target.LOCATION),
        Column(name="destLocationCode", kind=Kind.CODE, required=True, names=Target.LOCATION),
        _SKU,
        _LOT,
        Column(name="quantity", kind=Kind.POSITIVE, required=True),
        Column(name="inTransit", kind=Kind.FLAG),
        Column(name="expectedDate", kind=Kind.DATE),
        Column(name="reference", kind=Kind.NAME),
    ),
)

# In the order in which they are put in place: nothing refers to a file further down.
FILES = (
    CATEGORIES,
    PRODUCTS,
    LOCATIONS,
    BINS,
    CHANNELS,
    REASON_CODES,
    LOTS,
    POLICIES,
    QUOTAS,
    LEVELS,
    VENDORS,
    VENDOR_PRODUCTS,
    PURCHASE_ORDERS,
    REPLENISHMENT,
    STOCK,
    MOVEMENTS,
    TRANSFERS,
)
RECORDS = FILES[: FILES.index(STOCK)]

# Known by name, and left alone until the features they belong to are there.
LATER = ("scrap",)
