"""The lists of vendors, of what they sell, and of what was ordered from them."""

from sqlalchemy import and_, func, select

from models.base import this_tenant
from models.lists.listing import Listing, between, is_, one_of, words
from models.supply import purchase_order_lines, vendor_products, vendors

_vendor, _sold, _line = vendors.c, vendor_products.c, purchase_order_lines.c
_open = and_(_line.status.in_(("PENDING", "APPROVED")), _line.quantity > _line.received)

VENDORS = Listing(
    rows=select(vendors).where(_vendor.tenant_id == this_tenant()),
    id=[_vendor.id],
    orders={"id": [], "code": [_vendor.code], "name": [func.lower(_vendor.name)]},
    filters={
        "id_in": one_of(_vendor.id),
        "code_in": one_of(_vendor.code),
        "search": words(_vendor.code, _vendor.name),
        "active": is_(_vendor.active),
    },
)

VENDOR_PRODUCTS = Listing(
    rows=select(vendor_products).where(_sold.tenant_id == this_tenant()),
    id=[_sold.id],
    orders={"id": [], "lead_time_days": [_sold.lead_time_days], "price": [_sold.standard_price]},
    filters={"vendor_id_in": one_of(_sold.vendor_id), "product_id_in": one_of(_sold.product_id)},
    parents={"vendor_id": _sold.vendor_id, "product_id": _sold.product_id},
)

PURCHASE_ORDER_LINES = Listing(
    rows=select(
        purchase_order_lines,
        _open.label("is_open"),
        func.greatest(_line.quantity - _line.received, 0).label("outstanding"),
    ).where(_line.tenant_id == this_tenant()),
    id=[_line.id],
    orders={
        "id": [],
        "order_number": [_line.order_number, _line.line_number],
        "due_on": [_line.due_on],
    },
    filters={
        "id_in": one_of(_line.id),
        "order_number_in": one_of(_line.order_number),
        "vendor_id_in": one_of(_line.vendor_id),
        "product_id_in": one_of(_line.product_id),
        "location_id_in": one_of(_line.location_id),
        "status_in": one_of(_line.status),
        "is_open": lambda wanted: _open == wanted,
        "due_on": between(_line.due_on),
    },
    parents={name: _line[name] for name in ("vendor_id", "product_id", "location_id")},
)
