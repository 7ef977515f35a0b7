"""The files that a folder may hold and their columns; docs/import.md tells the same."""

from models.catalog import categories, products
from models.channels import MODES, TIERS, channel_policies, channel_quotas, channels
from models.imports.columns import ANY_LOCATION, BIN, ID, LOCATION, LOT, SKU, column
from models.imports.format import Column, File, Kind, Target
from models.locations import bins, locations
from models.lots import lots
from models.stock import METHODS, inventory_levels, reason_codes
from models.supply import ORDER_STATES, purchase_order_lines, vendor_products, vendors

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
        ID,
        column("code", Kind.CODE, required=True),
        column("name", Kind.NAME, required=True),
        column("parentCode", Kind.CODE, "parent_id", names=Target.CATEGORY),
    ),
)

PRODUCTS = File(
    name="products",
    table=products,
    prefix="prod_",
    key=("sku",),
    keeps_others=True,
    columns=(
        ID,
        column("sku", Kind.CODE, required=True),
        column("name", Kind.NAME, required=True),
        column("categoryCode", Kind.CODE, "category_id", names=Target.CATEGORY),
        column("unitOfMeasure", Kind.UNIT),
        column("quantityStep", Kind.POSITIVE),
        column("barcode", Kind.CODE),
        column("unitCost", Kind.QUANTITY),
        column("listPrice", Kind.QUANTITY),
        column("lotTracked", Kind.FLAG),
        column("expiryTracked", Kind.FLAG),
        column("serialTracked", Kind.FLAG),
        column("allowPastExpiry", Kind.FLAG),
        column("expiryWarningDays", Kind.WHOLE),
        column("regulated", Kind.FLAG),
        column("safetyStock", Kind.QUANTITY),
        column("reorderPoint", Kind.QUANTITY),
        column("leadTimeDays", Kind.WHOLE),
        column("active", Kind.FLAG),
        Column(name="packs", kind=Kind.PACKS),
        column("storageClass", Kind.CODE),
        column("unitWeightKg", Kind.QUANTITY),
        column("unitVolumeLitres", Kind.QUANTITY),
    ),
)

LOCATIONS = File(
    name="locations",
    table=locations,
    prefix="loc_",
    key=("code",),
    columns=(
        ID,
        column("code", Kind.CODE, required=True),
        column("name", Kind.NAME, required=True),
        column("type", Kind.TYPE, required=True),
        column("parentCode", Kind.CODE, "parent_id", names=Target.LOCATION),
        column("active", Kind.FLAG),
    ),
)

BINS = File(
    name="bins",
    table=bins,
    prefix="bin_",
    key=("locationCode", "code"),
    columns=(
        ID,
        LOCATION,
        column("code", Kind.CODE, required=True),
        column("name", Kind.NAME),
        column("type", Kind.TYPE),
        column("zone", Kind.NAME),
        column("pickOrder", Kind.WHOLE),
        column("active", Kind.FLAG),
        column("storageClass", Kind.CODE),
        column("mixing", Kind.CHOICE, choices=("ANY", "SAME_PRODUCT", "SAME_LOT", "EMPTY_ONLY")),
        column("capacityUnits", Kind.QUANTITY),
        column("capacityWeightKg", Kind.QUANTITY),
        column("capacityVolumeLitres", Kind.QUANTITY),
    ),
)

LOTS = File(
    name="lots",
    table=lots,
    prefix="lot_",
    key=("sku", "lotNumber"),
    columns=(
        ID,
        column("lotNumber", Kind.CODE, "number", required=True),
        column("expiryDate", Kind.DATE),
        Column(name="sku", kind=Kind.CODE, stored="product_id", names=Target.PRODUCT),
        column("note", Kind.TEXT),
    ),
)

CHANNELS = File(
    name="channels",
    table=channels,
    key=("code",),
    columns=(
        Column(name="code", kind=Kind.ID, required=True),
        column("name", Kind.NAME, required=True),
        column("type", Kind.TYPE, required=True),
        column("position", Kind.WHOLE),
        column("active", Kind.FLAG),
    ),
)

POLICIES = File(
    name="policies",
    table=channel_policies,
    prefix="policy_",
    key=("channelCode", "locationCode", "sku", "categoryCode"),
    columns=(
        ID,
        _CHANNEL,
        ANY_LOCATION,
        Column(name="sku", kind=Kind.CODE, stored="product_id", names=Target.PRODUCT),
        column("categoryCode", Kind.CODE, "category_id", names=Target.CATEGORY),
        column("name", Kind.NAME),
        column("description", Kind.TEXT),
        column("mode", Kind.CHOICE, choices=MODES),
        column("tier", Kind.CHOICE, choices=TIERS),
        column("priority", Kind.PRIORITY),
        column("share", Kind.SHARE),
        column("cap", Kind.QUANTITY),
        column("spillOver", Kind.FLAG),
        column("minimumStock", Kind.QUANTITY),
        column("safetyStock", Kind.QUANTITY),
        column("reserveStock", Kind.QUANTITY),
        column("buffer", Kind.QUANTITY),
        column("backorderLimit", Kind.QUANTITY),
        column("lowAtpThreshold", Kind.QUANTITY),
    ),
)

QUOTAS = File(
    name="quotas",
    table=channel_quotas,
    prefix="quota_",
    key=("channelCode", "sku", "locationCode"),
    columns=(
        ID,
        _CHANNEL,
        SKU,
        LOCATION,
        column("allocated", Kind.QUANTITY, required=True),
        column("consumed", Kind.QUANTITY),
        column("reason", Kind.TEXT),
    ),
)

LEVELS = File(
    name="levels",
    table=inventory_levels,
    prefix="level_",
    key=("sku", "locationCode"),
    columns=(
        ID,
        SKU,
        LOCATION,
        column("minQuantity", Kind.QUANTITY),
        column("reorderQuantity", Kind.QUANTITY),
        column("maxQuantity", Kind.QUANTITY),
        column("status", Kind.NAME),
        column("abcClass", Kind.CHOICE, choices=("A", "B", "C")),
        column("expectedLeadTimeDays", Kind.WHOLE),
        column("replenishmentPeriodDays", Kind.WHOLE),
        column("forecastPeriodDays", Kind.WHOLE),
        column("forecastQuantity", Kind.QUANTITY),
        column("preferredBinCode", Kind.CODE, "preferred_bin_id", names=Target.BIN),
        column(
            "replenishmentLocationCode",
            Kind.CODE,
            "replenishment_location_id",
            names=Target.LOCATION,
        ),
        column("comments", Kind.TEXT),
    ),
)

# The same rows as those of levels: what is shared stands there, and only there.
REPLENISHMENT = File(
    name="replenishment",
    table=inventory_levels,
    prefix="level_",
    key=("sku", "locationCode"),
    columns=(
        ID,
        SKU,
        LOCATION,
        column("method", Kind.CHOICE, "replenishment_method", required=True, choices=METHODS),
        column("orderQuantity", Kind.POSITIVE),
        column("packSize", Kind.POSITIVE),
        column("minimumOrderQuantity", Kind.QUANTITY),
        column("safetyStock", Kind.QUANTITY),
        column("serviceLevel", Kind.SHARE),
        column("leadTimeDeviationDays", Kind.QUANTITY),
        column("coverDays", Kind.WHOLE),
        column("orderCost", Kind.QUANTITY),
        column("holdingCost", Kind.POSITIVE),
        column("shelfLifeDays", Kind.WHOLE),
        column("demandWindowDays", Kind.WHOLE),
        column("demandShare", Kind.SHARE),
    ),
)

REASON_CODES = File(
    name="reason_codes",
    table=reason_codes,
    prefix="reason_",
    key=("code",),
    columns=(
        ID,
        column("code", Kind.CODE, required=True),
        column("name", Kind.NAME, required=True),
        column("direction", Kind.CHOICE, choices=("INCREASE", "DECREASE", "BOTH")),
        column("category", Kind.NAME),
        column("requiresComment", Kind.FLAG),
        column("contexts", Kind.CONTEXTS),
        column("active", Kind.FLAG),
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
        ID,
        column("code", Kind.CODE, required=True),
        column("name", Kind.NAME, required=True),
        column("creditRating", Kind.WHOLE),
        column("preferred", Kind.FLAG),
        column("active", Kind.FLAG),
    ),
)

VENDOR_PRODUCTS = File(
    name="vendor_products",
    table=vendor_products,
    prefix="vprd_",
    key=("vendorCode", "sku"),
    columns=(
        ID,
        _VENDOR,
        SKU,
        column("leadTimeDays", Kind.WHOLE),
        column("minOrderQty", Kind.QUANTITY, "min_order_quantity"),
        column("maxOrderQty", Kind.QUANTITY, "max_order_quantity"),
        column("onOrderQty", Kind.QUANTITY, "on_order_quantity"),
        column("standardPrice", Kind.QUANTITY),
        column("orderUnitOfMeasure", Kind.UNIT, "order_unit"),
    ),
)

PURCHASE_ORDERS = File(
    name="purchase_orders",
    table=purchase_order_lines,
    prefix="poln_",
    key=("poNumber", "lineNumber"),
    columns=(
        ID,
        column("poNumber", Kind.CODE, "order_number", required=True),
        column("lineNumber", Kind.WHOLE, required=True),
        _VENDOR,
        column("orderDate", Kind.DATE, "ordered_on"),
        column("dueDate", Kind.DATE, "due_on"),
        SKU,
        column("orderQty", Kind.POSITIVE, "quantity", required=True),
        column("unitPrice", Kind.QUANTITY),
        column("receivedQty", Kind.QUANTITY, "received"),
        column("rejectedQty", Kind.QUANTITY, "rejected"),
        column("stockedQty", Kind.QUANTITY, "stocked"),
        column("status", Kind.CHOICE, choices=ORDER_STATES),
        ANY_LOCATION,
    ),
)

STOCK = File(
    name="stock",
    key=("sku", "locationCode", "binCode", "lotNumber"),
    columns=(
        SKU,
        LOCATION,
        BIN,
        LOT,
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
        SKU,
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
        ANY_LOCATION,
        BIN,
        LOT,
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
        SKU,
        LOT,
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
