"""Transfers: stock that moves between locations, or between bins of one."""

from sqlalchemy import CheckConstraint, Date, Index, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB

from models.base import (
    Instant,
    Key,
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

transfers = tenant_table(
    "transfers",
    required("id", Key),
    required("number", Key),
    required("status", Text, "'DRAFT'"),
    required("source_location_id", Key),
    required("dest_location_id", Key),
    optional("expected_on", Date),
    optional("reference", Text),
    optional("comment", Text),
    optional("origin_type", Key),  # the kind of document that asked for it, where one did
    optional("origin_id", Key),
    required("line_count", Integer, "0"),
    required("total_quantity", Quantity, "0"),
    required("created_by", JSONB),  # {"id": ..., "name": ...}
    optional("submitted_at", Instant),
    optional("approved_at", Instant),
    optional("shipped_at", Instant),  # first
    optional("received_at", Instant),  # last
    optional("closed_at", Instant),
    version(),
    created_at(),
    updated_at(),
    to("locations", "source_location_id"),
    to("locations", "dest_location_id"),
    unique("uq_transfers_number", "number"),
    Index("ix_transfers_created", "tenant_id", "created_at", "id"),
    Index("ix_transfers_status", "tenant_id", "status", "created_at"),
    Index("ix_transfers_source", "tenant_id", "source_location_id", "created_at"),
    Index("ix_transfers_dest", "tenant_id", "dest_location_id", "created_at"),
    Index(
        "ix_transfers_origin",
        "tenant_id",
        "origin_type",
        "origin_id",
        postgresql_where="origin_type is not null",
    ),
)

# What of a line has happened, in base units. In transit is what was shipped and has neither come
# in nor back nor been given up; `transit_entries` tell the same by bucket.
transfer_lines = tenant_table(
    "transfer_lines",
    required("id", Key),
    required("transfer_id", Key),
    required("ordinal", Integer),
    required("product_id", Key),
    required("quantity", Quantity),
    optional("lot_id", Key),
    optional("source_bin_id", Key),
    optional("inventory_item_id", Key),  # the one bucket that it is to come from
    optional("dest_bin_id", Key),
    required("picked", Quantity, "0"),
    required("shipped", Quantity, "0"),
    required("received", Quantity, "0"),
    required("damaged", Quantity, "0"),
    required("short", Quantity, "0"),
    required("returned", Quantity, "0"),
    to("transfers", "transfer_id"),
    to("products", "product_id"),
    to("lots", "product_id", "lot_id", target=("product_id", "id")),
    to("bins", "source_bin_id"),
    to("inventory_items", "inventory_item_id"),
    to("bins", "dest_bin_id"),
    CheckConstraint("quantity > 0", name="quantity_positive"),
    *(
        at_least_zero(name)
        for name in ("picked", "shipped", "received", "damaged", "short", "returned")
    ),
    CheckConstraint(
        "shipped <= quantity and received + damaged + short + returned <= shipped",
        name="nothing_from_nowhere",
    ),
    unique("uq_transfer_lines_ordinal", "transfer_id", "ordinal"),
    Index("ix_transfer_lines_product", "tenant_id", "product_id", "transfer_id"),
)

# From which bucket a line is met. What of it is not shipped is set aside there.
transfer_allocations = tenant_table(
    "transfer_allocations",
    required("id", Key),
    required("transfer_id", Key),
    required("line_id", Key),
    required("inventory_item_id", Key),
    required("reservation_id", Key),
    required("quantity", Quantity),
    required("picked", Quantity, "0"),
    required("shipped", Quantity, "0"),
    optional("passed_over_id", Key),  # the bucket that expires earlier and was not taken
    optional("override_reason", Text),  # why
    to("transfers", "transfer_id"),
    to("transfer_lines", "line_id"),
    to("inventory_items", "inventory_item_id"),
    to("reservations", "reservation_id"),
    CheckConstraint(
        "picked between 0 and quantity and shipped between 0 and quantity", name="quantities"
    ),
    Index("ix_transfer_allocations_transfer", "tenant_id", "transfer_id"),
    Index("ix_transfer_allocations_item", "tenant_id", "inventory_item_id"),
)

# The transit account of each line, by the bucket from which units were shipped. Appended to only,
# before the posting itself, which sums both (`stock_check_sum`). What is missing has no posting: it
# was on hand nowhere when that was found out.
transit_entries = tenant_table(
    "transit_entries",
    required("id", Key),
    required("transfer_id", Key),
    required("line_id", Key),
    required("inventory_item_id", Key),
    required("kind", Text),
    required("delta", Quantity),
    optional("posting_id", Key),
    created_at(),
    to("transfers", "transfer_id"),
    to("transfer_lines", "line_id"),
    to("inventory_items", "inventory_item_id"),
    CheckConstraint(
        "kind = 'SHIPPED' and delta > 0"
        " or kind in ('RECEIVED', 'DAMAGED', 'SHORT', 'RETURNED') and delta < 0",
        name="kind_has_sign",
    ),
    CheckConstraint("(kind = 'SHORT') = (posting_id is null)", name="moves_have_posting"),
    Index("ix_transit_entries_transfer", "tenant_id", "transfer_id"),
    Index(
        "ix_transit_entries_posting",
        "tenant_id",
        "posting_id",
        postgresql_where="posting_id is not null",
    ),
)
