-- What is to come and what is to go at each location, by days from today: promises for later days
-- are made from these (docs/promise.md). What is to come is not here yet, so that it counts from
-- tomorrow at the earliest.

-- For how many days after its date what has not arrived still counts as coming.
create or replace function stock_overdue_days() returns integer
language sql stable parallel safe as $$
  select coalesce(
    (select s.overdue_supply_days from tenant_settings s where s.tenant_id = stock_tenant()), 30
  )::integer
$$;

-- Units that are expected at a place on some day; what nobody has given a day does not count.
create or replace view supply_ahead with (security_invoker = true) as
select e.tenant_id, e.location_id, e.product_id,
  greatest(e.due_on - (select stock_today()), 1) as day, e.quantity
from expected_supply e
where e.location_id is not null
  and e.due_on >= (select stock_today()) - (select stock_overdue_days());

-- Units that others want of a place, and that nobody has promised them yet; overdue ones, and those
-- without a day, are wanted today.
create or replace view planned_demand with (security_invoker = true) as
select t.tenant_id, t.source_location_id as location_id, l.product_id, 0 as day, l.quantity
from transfers t
join transfer_lines l on l.tenant_id = t.tenant_id and l.transfer_id = t.id
where t.status = 'SUBMITTED' and t.source_location_id <> t.dest_location_id
union all
select q.tenant_id, q.fulfilling_location_id, coalesce(l.substitute_product_id, l.product_id),
  greatest(coalesce(q.needed_by - (select stock_today()), 0), 0),
  coalesce(l.approved, l.requested) - l.allocated - l.issued
from stock_requests q
join stock_request_lines l on l.tenant_id = q.tenant_id and l.request_id = q.id
where q.status in ('SUBMITTED', 'APPROVED', 'ALLOCATED');
