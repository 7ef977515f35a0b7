"""Sales channels, the policies that shape their promises, and quotas set aside for them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ColumnElement,
    Index,
    Select,
    Text,
    and_,
    bindparam,
    func,
    or_,
    select,
    tuple_,
)
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
    this_tenant,
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
    optional("allocation_weight", Quantity),  # 0 to 1, of what is scarce
    optional("can_preempt", Boolean),  # may promise what is set aside for channels after it
    optional("minimum_atp", Quantity),  # below it nothing is promised
    optional("maximum_fraction", Quantity),  # 0 to 1, of what is usable: the most to be promised
    optional("include_inbound", Boolean),  # counts what is expected
    optional("inbound_horizon_days", BigInteger),  # of what is expected, from today
    optional("minimum_shelf_life_days", BigInteger),  # that a lot must still be good for
    optional("reservation_ttl_seconds", BigInteger),
    optional("reservation_ttl_max_seconds", BigInteger),
    optional("late_consume_seconds", BigInteger),  # after its end a reservation may be consumed
    optional("starts_at", Instant),  # it counts from then on
    optional("ends_at", Instant),  # and until then
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
    CheckConstraint("allocation_weight between 0 and 1", name="weight_fraction"),
    CheckConstraint("maximum_fraction between 0 and 1", name="maximum_fraction"),
    CheckConstraint("starts_at < ends_at", name="validity"),
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
            "minimum_atp",
        )
    ),
    Index("ix_channel_policies_channel", "tenant_id", "channel_id"),
    Index("ix_channel_policies_product", "tenant_id", "product_id"),
    Index("ix_channel_policies_location", "tenant_id", "location_id"),
    Index(  # those for which more than kept sums must be read
        "ix_channel_policies_dated",
        "tenant_id",
        postgresql_where="minimum_shelf_life_days is not null or include_inbound",
    ),
    reference=True,
    history=True,
)


def counts_at(columns: Any, at: datetime | ColumnElement[Any] | None = None) -> ColumnElement[bool]:
    """Whether a policy with these columns counts at this moment, or now."""
    moment: Any = func.stock_now() if at is None else at
    if isinstance(at, datetime):
        moment = bindparam(None, at, type_=Instant)
    return and_(
        or_(columns.starts_at.is_(None), columns.starts_at <= moment),
        or_(columns.ends_at.is_(None), columns.ends_at > moment),
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
    history_by=("product_id", "location_id"),
)

# What a posting sold of a channel's quota, or with a minus gave back: `quantity` units in all,
# `from_quota` of them from the quota, which then was at `quota_version`. Appended to only.
quota_uses = tenant_table(
    "quota_uses",
    required("posting_id", Key),
    required("channel_id", Key),
    required("product_id", Key),
    required("location_id", Key),
    optional("reference", Text),
    required("quantity", Quantity),
    required("from_quota", Quantity),
    required("quota_id", Key),
    required("quota_version", BigInteger),
    created_at(),
    to("postings", "posting_id"),
    Index("ix_quota_uses_sale", "tenant_id", "channel_id", "reference"),
    key=("posting_id", "channel_id", "location_id", "product_id"),
)


def quota_at(scope: Mapping[str, str]) -> Select[Any]:
    """Lock the quota of a channel for a product at a location; its level row is locked."""
    quota = channel_quotas.c
    return (
        select(channel_quotas)
        .where(
            quota.tenant_id == this_tenant(),
            *(quota[name] == value for name, value in scope.items()),
        )
        .with_for_update(key_share=True)
    )


def use_quotas(posting_id: str, uses: Sequence[Mapping[str, Any]]) -> Select[Any]:
    """Take these units of quotas, or give them back, as done by a posting.

    Each has channel, location, product, reference, quantity and from_quota. The level rows of their
    places are locked.
    """
    return select(
        func.stock_use_quotas(posting_id, bindparam(None, list(uses), type_=JSONB)),
    )


def uses_of(posting_id: str) -> Select[Any]:
    """What a posting sold of quotas, or gave back."""
    use = quota_uses.c
    return select(quota_uses).where(use.tenant_id == this_tenant(), use.posting_id == posting_id)


def sold(channel_id: str, reference: str, pairs: Sequence[tuple[str, str]]) -> Select[Any]:
    """What is still out of what was sold under this reference, by (location, product)."""
    use = quota_uses.c
    return (
        select(
            use.location_id,
            use.product_id,
            func.sum(use.quantity, type_=Quantity).label("quantity"),
            func.sum(use.from_quota, type_=Quantity).label("from_quota"),
        )
        .where(
            use.tenant_id == this_tenant(),
            use.channel_id == channel_id,
            use.reference == reference,
            tuple_(use.location_id, use.product_id).in_(pairs),
        )
        .group_by(use.location_id, use.product_id)
    )
