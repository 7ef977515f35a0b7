"""The numbers of the one reader for whoever keeps what is reference data of them.

`availability.numbers` in two parts: what changes with stock, packed, and what does not.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, and_, func, select

from models.base import this_tenant
from models.catalog import categories, products
from models.channels import channel_policies, counts_at

# One row a pair, of products that exist, in the pairs' order: `sums` are on hand, expired, held
# and reserved as four big-endian integers of millionths; `more` is the JSON of [quotas, promises,
# lots, promised ahead, supply ahead], or null where there is none of them. `$1` are locations, `$2`
# products. Whether there is any at all is asked once, not for each pair.
NUMBERS = """
select coalesce(l.sums, decode(repeat('00', 32), 'hex')) as sums,
  nullif(jsonb_build_array(
    case when (select exists (
      select from channel_quotas q where q.tenant_id = stock_tenant()))
    then (
      select jsonb_agg(jsonb_build_array(q.channel_id, q.allocated, q.consumed))
      from channel_quotas q
      where q.tenant_id = stock_tenant() and q.product_id = w.p and q.location_id = w.l
    ) end,
    case when (select exists (
      select from reservations r
      where r.tenant_id = stock_tenant() and r.state = 'ACTIVE' and r.channel_id is not null))
    then (
      select jsonb_agg(jsonb_build_array(o.channel_id, o.quantity, o.from_quota))
      from open_promises o
      where o.tenant_id = stock_tenant() and o.location_id = w.l and o.product_id = w.p
    ) end,
    case when (select exists (
      select from channel_policies p
      where p.tenant_id = stock_tenant() and p.minimum_shelf_life_days is not null
        and (p.starts_at is null or p.starts_at <= stock_now())
        and (p.ends_at is null or p.ends_at > stock_now())))
    then (
      select jsonb_agg(jsonb_build_array(b.expiry_date - (select stock_today()),
        i.on_hand - i.expired - i.held - i.reserved))
      from item_quantities i
      join lots b on b.tenant_id = stock_tenant() and b.id = i.lot_id
      where i.tenant_id = stock_tenant() and i.location_id = w.l and i.product_id = w.p
        and b.expiry_date is not null and i.on_hand - i.expired - i.held - i.reserved > 0
    ) end,
    case when (select exists (
      select from reservations r
      where r.tenant_id = stock_tenant() and r.state = 'ACTIVE' and r.needed_on is not null))
    then (
      select jsonb_agg(jsonb_build_array(a.day, a.quantity)) from promised_ahead a
      where a.tenant_id = stock_tenant() and a.location_id = w.l and a.product_id = w.p
    ) end,
    case when (select exists (
      select from reservations r
      where r.tenant_id = stock_tenant() and r.state = 'ACTIVE' and r.needed_on is not null)
    or exists (
      select from channel_policies p
      where p.tenant_id = stock_tenant() and p.include_inbound
        and (p.starts_at is null or p.starts_at <= stock_now())
        and (p.ends_at is null or p.ends_at > stock_now())))
    then (
      select jsonb_agg(jsonb_build_array(a.day, a.quantity)) from supply_ahead a
      where a.tenant_id = stock_tenant() and a.location_id = w.l and a.product_id = w.p
    ) end
  ), '[null, null, null, null, null]')::text as more
from unnest($1::text[], $2::text[]) with ordinality as w (l, p, n)
left join lateral (
  select int8send((s.on_hand * 1000000)::int8) || int8send((s.expired * 1000000)::int8)
    || int8send((s.held * 1000000)::int8) || int8send((s.reserved * 1000000)::int8) as sums
  from stock_levels_now s
  where s.tenant_id = stock_tenant() and s.location_id = w.l and s.product_id = w.p
  offset 0
) l on true
order by w.n
"""


def terms_of_products(product_ids: Sequence[str]) -> Select[Any]:
    """What of `numbers` is reference data: step, path and own policies of these products."""
    policy = channel_policies.c
    policies = (
        select(func.jsonb_agg(func.to_jsonb(channel_policies.table_valued())))
        .where(
            policy.tenant_id == this_tenant(),
            policy.product_id == products.c.id,
            counts_at(policy),
        )
        .scalar_subquery()
    )
    category = and_(
        categories.c.tenant_id == this_tenant(), categories.c.id == products.c.category_id
    )
    return (
        select(
            products.c.id, products.c.quantity_step, categories.c.path, policies.label("policies")
        )
        .select_from(products.outerjoin(categories, category))
        .where(products.c.tenant_id == this_tenant(), products.c.id.in_(product_ids))
    )
