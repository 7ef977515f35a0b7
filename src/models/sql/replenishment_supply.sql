-- What suggestions of models/sql/replenishment.sql stand on: the factor of safety stock, and what is
-- on its way.

-- The factor of safety stock for a service level: the steps of the usual table, and straight lines
-- between them (Silver, Pyke & Peterson, ch. 7, appendix of the unit normal distribution).
create or replace function replenishment_factor(p_level numeric) returns numeric
language sql immutable parallel safe as $$
  select round(case
    when p_level <= 0.75 then (p_level - 0.5) * 0.67 / 0.25
    when p_level <= 0.80 then 0.67 + (p_level - 0.75) * 0.17 / 0.05
    when p_level <= 0.85 then 0.84 + (p_level - 0.80) * 0.20 / 0.05
    when p_level <= 0.90 then 1.04 + (p_level - 0.85) * 0.24 / 0.05
    when p_level <= 0.95 then 1.28 + (p_level - 0.90) * 0.37 / 0.05
    when p_level <= 0.975 then 1.65 + (p_level - 0.95) * 0.31 / 0.025
    when p_level <= 0.99 then 1.96 + (p_level - 0.975) * 0.37 / 0.015
    when p_level <= 0.995 then 2.33 + (p_level - 0.99) * 0.25 / 0.005
    else 2.58 + (p_level - 0.995) * 0.51 / 0.004
  end, 6)
$$;

-- Units that are on their way to a place and not yet there, each counted once, and units that other
-- places want from it and that are not reserved: `in_transit` has left another place, `on_order` has
-- not, `outgoing` will leave this one. A record or request ends where its transfer begins.
create or replace view replenishment_inbound with (security_invoker = true) as
select r.tenant_id, r.location_id, r.product_id, 0::numeric as in_transit,
  r.quantity - r.quantity_received as on_order, 0::numeric as outgoing
from replenishment_records r
where r.status in ('PENDING', 'APPROVED', 'ORDERED', 'PARTIALLY_RECEIVED')
  and r.transfer_id is null and r.quantity > r.quantity_received
union all
select e.tenant_id, e.location_id, e.product_id,
  case when e.kind = 'IN_TRANSIT' then e.quantity else 0 end,
  case when e.kind <> 'IN_TRANSIT' and not exists (
    select 1 from transfers t
    where t.tenant_id = e.tenant_id and t.id = e.source_id and t.origin_type = 'STOCK_REQUEST')
    then e.quantity else 0 end, 0
from expected_supply e
union all
select t.tenant_id, t.dest_location_id, l.product_id, 0, l.quantity, 0
from transfers t
join transfer_lines l on l.tenant_id = t.tenant_id and l.transfer_id = t.id
where (t.status = 'SUBMITTED' or t.status = 'DRAFT' and t.origin_type = 'REPLENISHMENT')
  and t.source_location_id <> t.dest_location_id
union all
select q.tenant_id, q.requesting_location_id, coalesce(l.substitute_product_id, l.product_id), 0,
  coalesce(l.approved, l.requested) - l.issued, 0
from stock_requests q
join stock_request_lines l on l.tenant_id = q.tenant_id and l.request_id = q.id
where q.status in ('SUBMITTED', 'APPROVED', 'ALLOCATED')
union all
select d.tenant_id, d.location_id, d.product_id, 0, 0, d.quantity from planned_demand d;

-- The balances that are projected for a product at a place: the least within so many days, that of
-- today, and the first day on which nothing is left. Dated supply and demand count on their days
-- (docs/promise.md); what was ordered and has no day is not ordered again, and counts from now.
-- p_inbound: all that is in transit or on order.
create or replace function replenishment_projection(
  p_product text, p_place text, p_available numeric, p_inbound numeric, p_days integer
) returns table (lowest numeric, today numeric, empty_day integer)
language sql stable parallel safe rows 1 as $$
  with change as (
    select 0 as day, 0::numeric as units, 0::numeric as reserved
    union all
    select a.day, -a.quantity, a.quantity from promised_ahead a
    where a.tenant_id = stock_tenant() and a.product_id = p_product and a.location_id = p_place
    union all
    select a.day, a.quantity, 0 from supply_ahead a
    where a.tenant_id = stock_tenant() and a.product_id = p_product and a.location_id = p_place
    union all
    select d.day, -d.quantity, 0 from planned_demand d
    where d.tenant_id = stock_tenant() and d.product_id = p_product and d.location_id = p_place
  ),
  dated as (
    select coalesce(sum(e.quantity), 0) as units from expected_supply e
    where e.tenant_id = stock_tenant() and e.product_id = p_product and e.location_id = p_place
      and e.due_on is not null
  ),
  running as (
    select c.day, p_available + greatest(p_inbound - d.units, 0) + sum(c.reserved) over ()
      + sum(c.units) over (order by c.day) as balance
    from change c cross join dated d
  )
  select min(r.balance) filter (where r.day <= p_days), min(r.balance) filter (where r.day = 0),
    min(r.day) filter (where r.balance <= 0)
  from running r
$$;
