-- The sums of a former moment, once the one reader stands over the tables of past.sql: they are
-- computed, never kept, in the very statement that asks. max() is of one row each: it lets the
-- planner leave the sums out where none is asked for. Levels without any bucket, ever, are there as
-- they are now.

create or replace view past.stock_levels_now with (security_invoker = true) as
select s.tenant_id, s.location_id, s.product_id, q.on_hand, q.expired, q.held, q.reserved,
  null::timestamptz as next_expiry
from public.stock_levels s
left join lateral (
  select max(f.on_hand) as on_hand, max(f.expired) as expired, max(f.held) as held,
    max(f.reserved) as reserved
  from past.live_level(stock_tenant(), s.location_id, s.product_id) f
) q on true
where exists (
    select 1 from past.inventory_items i
    where i.tenant_id = s.tenant_id and i.location_id = s.location_id
      and i.product_id = s.product_id)
  or not exists (
    select 1 from public.inventory_items i
    where i.tenant_id = s.tenant_id and i.location_id = s.location_id
      and i.product_id = s.product_id);

create or replace view past.stock_levels with (security_invoker = true) as
select s.tenant_id, s.location_id, s.product_id, s.on_hand::numeric(18, 6) as on_hand,
  s.expired::numeric(18, 6) as expired, s.held::numeric(18, 6) as held,
  s.reserved::numeric(18, 6) as reserved, s.next_expiry
from past.stock_levels_now s;

-- What was expected and planned at a former moment is not kept: looking back, nothing is ahead.
create or replace view past.supply_ahead with (security_invoker = true) as
select * from public.supply_ahead where false;

create or replace view past.planned_demand with (security_invoker = true) as
select * from public.planned_demand where false;
