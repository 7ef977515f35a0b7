"""Stock requests: what one location asks of another, and how far it has got."""

from sqlalchemy import Boolean, CheckConstraint, Date, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from models.base import (
    Instant,
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

# Where it stands is told by `status` alone; the moments are those of the steps that still hold, so
# that a step which is taken back takes its moment along.
stock_requests = tenant_table(
    "stock_requests",
    required("id", Key),
    required("number", Key),
    required("type", Text),
    required("status", Text, "'DRAFT'"),
    required("priority", Text, "'NORMAL'"),
    required("requesting_location_id", Key),
    required("fulfilling_location_id", Key),
    optional("stocklist_id", Key),
    optional("needed_by", Date),
    optional("description", Text),
    required("created_by", JSONB),  # {"id": ..., "name": ...}
    optional("decided_by", JSONB),
    required("status_at", Instant, "stock_now()"),
    optional("submitted_at", Instant),
    optional("decided_at", Instant),
    optional("issued_at", Instant),
    optional("received_at", Instant),
    optional("closed_at", Instant),
    version(),
    created_at(),
    updated_at(),
    to("locations", "requesting_location_id"),
    to("locations", "fulfilling_location_id"),
    to("stocklists", "stocklist_id"),
    CheckConstraint("type in ('STOCK', 'ADHOC', 'E_REQUEST')", name="type_known"),
    CheckConstraint(
        "status in ('DRAFT', 'SUBMITTED', 'APPROVED', 'ALLOCATED', 'ISSUED', 'RECEIVED', 'CLOSED',"
        " 'REJECTED', 'CANCELLED')",
        name="status_known",
    ),
    CheckConstraint("priority in ('LOW', 'NORMAL', 'HIGH', 'URGENT')", name="priority_known"),
    CheckConstraint("requesting_location_id <> fulfilling_location_id", name="two_locations"),
    CheckConstraint("type <> 'E_REQUEST' or stocklist_id is not null", name="has_stocklist"),
    unique("uq_stock_requests_number", "number"),
    Index("ix_stock_requests_created", "tenant_id", "created_at", "id"),
    Index("ix_stock_requests_status", "tenant_id", "status", "created_at", "id"),
    Index(
        "ix_stock_requests_requesting", "tenant_id", "requesting_location_id", "created_at", "id"
    ),
    Index(
        "ix_stock_requests_fulfilling", "tenant_id", "fulfilling_location_id", "created_at", "id"
    ),
    Index(
        "ix_stock_requests_stocklist",
        "tenant_id",
        "stocklist_id",
        "created_at",
        postgresql_where=text("stocklist_id is not null"),
    ),
)

# `requested` is what was asked for; `approved` is absent until somebody decides. `allocated` is set
# aside now and not issued; `issued`, `received` and `lost` grow, unless an issue is taken back.
stock_request_lines = tenant_table(
    "stock_request_lines",
    required("id", Key),
    required("request_id", Key),
    required("ordinal", Integer),
    required("product_id", Key),
    optional("substitute_product_id", Key),
    optional("substitution_reason", Text),
    required("requested", Quantity),
    optional("approved", Quantity),
    required("allocated", Quantity, "0"),
    required("issued", Quantity, "0"),
    required("received", Quantity, "0"),
    required("lost", Quantity, "0"),  # issued, and never to arrive
    optional("comment", Text),
    optional("decision_comment", Text),
    created_at(),
    updated_at(),
    to("stock_requests", "request_id"),
    to("products", "product_id"),
    to("products", "substitute_product_id"),
    CheckConstraint("requested > 0", name="requested_above_zero"),
    CheckConstraint(
        "allocated >= 0 and issued >= 0 and received >= 0 and lost >= 0"
        " and received + lost <= issued and allocated + issued <= coalesce(approved, 0)",
        name="quantities",
    ),
    unique("uq_stock_request_lines_product", "request_id", "product_id"),
    Index("ix_stock_request_lines_product", "tenant_id", "product_id", "request_id"),
)

# Units of buckets that a line has set aside; with a transfer they were sent, and the reservation is
# over.
stock_request_allocations = tenant_table(
    "stock_request_allocations",
    required("id", Key),
    required("reservation_id", Key),
    required("request_id", Key),
    required("line_id", Key),
    required("inventory_item_id", Key),
    required("quantity", Quantity),
    optional("transfer_id", Key),
    to("stock_request_lines", "line_id"),
    to("stock_requests", "request_id"),
    to("inventory_items", "inventory_item_id"),
    to("transfers", "transfer_id"),
    CheckConstraint("quantity > 0", name="quantity_above_zero"),
    Index("ix_stock_request_allocations_request", "tenant_id", "request_id"),
)

# What a key may decide beyond the permission to approve; one without a row has neither.
request_approvers = tenant_table(
    "request_approvers",
    required("key_id", Key),
    optional("value_limit", Money),  # of what one request may be worth; absent for no limit
    required("may_exceed_request", Boolean, "false"),
    version(),
    updated_at(),
    to("api_keys", "key_id"),
    at_least_zero("value_limit"),
    key=("key_id",),
)
