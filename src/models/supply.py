"""What is to come: vendors, what they sell, and the lines of orders with them."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Date, Index, Integer, Text

from models.base import (
    Key,
    Money,
    Quantity,
    at_least_zero,
    created_at,
    optional,
    required,
    tenant_table,
    to,
    unique,
    updated_at,
    version,
)

vendors = tenant_table(
    "vendors",
    required("id", Key),
    required("code", Key),
    required("name", Text),
    optional("credit_rating", BigInteger),
    required("preferred", Boolean, "false"),
    required("active", Boolean, "true"),
    version(),
    created_at(),
    updated_at(),
    unique("uq_vendors_code", "code"),
)

# What a vendor sells, and on which terms; quantities are of the order unit.
vendor_products = tenant_table(
    "vendor_products",
    required("id", Key),
    required("vendor_id", Key),
    required("product_id", Key),
    optional("lead_time_days", BigInteger),
    optional("min_order_quantity", Quantity),
    optional("max_order_quantity", Quantity),
    optional("on_order_quantity", Quantity),
    optional("standard_price", Money),
    optional("order_unit", Text),
    version(),
    created_at(),
    updated_at(),
    to("vendors", "vendor_id"),
    to("products", "product_id"),
    unique("uq_vendor_products_scope", "vendor_id", "product_id"),
    Index("ix_vendor_products_product", "tenant_id", "product_id"),
)

ORDER_STATES = ("PENDING", "APPROVED", "REJECTED", "COMPLETE")

# One row a line, as orders come from the system that writes them; quantities in base units. What
# of a line that is PENDING or APPROVED has not been received is expected.
purchase_order_lines = tenant_table(
    "purchase_order_lines",
    required("id", Key),
    required("order_number", Key),
    required("line_number", Integer),
    required("vendor_id", Key),
    required("product_id", Key),
    optional("location_id", Key),  # where it is to arrive, where that is known
    optional("ordered_on", Date),
    optional("due_on", Date),
    required("quantity", Quantity),
    optional("unit_price", Money),
    required("received", Quantity, "0"),
    required("rejected", Quantity, "0"),
    required("stocked", Quantity, "0"),
    required("status", Text, "'APPROVED'"),
    version(),
    created_at(),
    updated_at(),
    to("vendors", "vendor_id"),
    to("products", "product_id"),
    to("locations", "location_id"),
    CheckConstraint(
        "status in ('PENDING', 'APPROVED', 'REJECTED', 'COMPLETE')", name="status_known"
    ),
    *(at_least_zero(name) for name in ("quantity", "received", "rejected", "stocked")),
    unique("uq_purchase_order_lines_number", "order_number", "line_number"),
    Index("ix_purchase_order_lines_vendor", "tenant_id", "vendor_id"),
    Index("ix_purchase_order_lines_product", "tenant_id", "product_id", "location_id"),
    Index(
        "ix_purchase_order_lines_open",
        "tenant_id",
        "product_id",
        postgresql_where="status in ('PENDING', 'APPROVED') and quantity > received",
    ),
)
