"""Sales channels, the policies that shape their promises, and quotas set aside for them."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Index, Text

from models.base import (
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

MODES = ("SHARED", "FENCED", "CAP", "SHARE")
TIERS = ("HIGH", "MEDIUM", "LOW")

channels = tenant_table(
    "channels",
    required("id", Key),  # the channel's code: DTC
    required("name", Text),
    required("type", Text),
    required("position", BigInteger, "0"),  # of its column in a matrix
    required("active", Boolean, "true"),
    version(),
    created_at(),
    updated_at(),
    reference=True,
)

channel_policies = tenant_table(
    "channel_policies",
    required("id", Key),
    required("channel_id", Key),
    optional("location_id", Key),
    optional("product_id", Key),
    optional("category_id", Key),
    optional("name", Text),
    optional("description", Text),
    # An empty field falls to the next policy that matches, and at last to the default.
    optional("mode", Text),
    optional("tier", Text),
    optional("priority", BigInteger),
    optional("share", Quantity),  # 0 to 1, of what the SHARE channels share
    optional("cap", Quantity),  # the most that may be promised at a time
    optional("spill_over", Boolean),  # FENCED: may sell free stock when the quota is used up
    optional("minimum_stock", Quantity),
    optional("safety_stock", Quantity),
    optional("reserve_stock", Quantity),
    optional("buffer", Quantity),
    optional("backorder_limit", Quantity),
    optional("low_atp_threshold", Quantity),
    version(),
    created_at(),
    updated_at(),
    to("channels", "channel_id"),
    to("locations", "location_id"),
    to("products", "product_id"),
    to("categories", "category_id"),
    CheckConstraint("product_id is null or category_id is null", name="one_scope"),
    CheckConstraint(f"mode in {MODES}", name="mode_known"),
    CheckConstraint(f"tier in {TIERS}", name="tier_known"),
    CheckConstraint("share between 0 and 1", name="share_fraction"),
    CheckConstraint("priority between 0 and 1000", name="priority_range"),
    *(
        at_least_zero(name)
        for name in (
            "cap",
            "minimum_stock",
            "safety_stock",
            "reserve_stock",
            "buffer",
            "backorder_limit",
            "low_atp_threshold",
        )
    ),
    Index("ix_channel_policies_channel", "tenant_id", "channel_id"),
    Index("ix_channel_policies_product", "tenant_id", "product_id"),
    Index("ix_channel_policies_location", "tenant_id", "location_id"),
    reference=True,
    history=True,
)

channel_quotas = tenant_table(
    "channel_quotas",
    required("id", Key),
    required("channel_id", Key),
    required("product_id", Key),
    required("location_id", Key),
    required("allocated", Quantity),
    required("consumed", Quantity, "0"),  # by promises that were kept; live ones come on top
    optional("reason", Text),
    version(),
    created_at(),
    updated_at(),
    to("channels", "channel_id"),
    to("products", "product_id"),
    to("locations", "location_id"),
    at_least_zero("allocated"),
    CheckConstraint("consumed between 0 and allocated", name="consumed_within_allocated"),
    unique("uq_channel_quotas_scope", "product_id", "location_id", "channel_id"),
    reference=True,
    history=True,
)
