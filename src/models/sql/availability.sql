-- The one reader: every quantity that is shown, checked or promised comes from these.
-- Deductions are made once each and in this order: expired, held, reserved (docs/promise.md).

create or replace function stock_time_zone() returns text
language sql stable parallel safe as $$
  select coalesce((select s.time_zone from tenant_settings s where s.tenant_id = stock_tenant()), 'UTC')
$$;

-- The tenant's calendar day: a lot is usable through the end of its expiry date in this zone.
create or replace function stock_today() returns date
language sql stable parallel safe as $$
  select (stock_now() at time zone stock_time_zone())::date
$$;

-- Whether the tenant holds anything at all: most statements need not look further.
create or replace function stock_has_holds() returns boolean
language sql stable parallel safe as $$
  select exists (select 1 from holds h where h.tenant_id = stock_tenant() and h.state = 'ACTIVE')
$$;

-- What is usable of each bucket and what is not, at this moment. `recalled` is a part of `held`.
-- next_expiry: from when on the clock alone changes the row.
create or replace view item_quantities with (security_invoker = true) as
select
  i.tenant_id, i.id, i.location_id, i.product_id, i.bin_id, i.lot_id, i.on_hand, i.reserved,
  case when x.expired then i.on_hand else 0 end as expired,
  case
    when x.expired then 0
    when b.type in ('HOLD', 'QUARANTINE', 'DAMAGE') or h.whole then i.on_hand
    else least(i.on_hand, h.units)
  end as held,
  case
    when x.expired then 0
    when h.whole_recalled then i.on_hand
    else least(i.on_hand, h.units_recalled)
  end as recalled,
  least(
    case
      when i.on_hand > 0 and not x.expired and l.expiry_date >= (select stock_today())
      then (l.expiry_date + 1)::timestamp at time zone (select stock_time_zone())
    end,
    h.next_expiry
  ) as next_expiry,
  i.version, i.last_counted_at, i.created_at, i.updated_at
from inventory_items i
left join lots l on l.tenant_id = i.tenant_id and l.id = i.lot_id
left join bins b on b.tenant_id = i.tenant_id and b.id = i.bin_id
cross join lateral (
  select coalesce(l.expiry_date < (select stock_today()), false)
    or coalesce(l.marked_expired_at <= (select stock_now()), false)
    or coalesce(i.marked_expired_at <= (select stock_now()), false) as expired
) x
cross join lateral (
  select coalesce(bool_or(o.quantity is null), false) as whole,
    coalesce(sum(o.quantity - o.quantity_released), 0) as units,
    coalesce(bool_or(o.type = 'RECALL' and o.quantity is null), false) as whole_recalled,
    coalesce(sum(o.quantity - o.quantity_released) filter (where o.type = 'RECALL'), 0)
      as units_recalled,
    min(o.expires_at) as next_expiry
  from holds o
  where (select stock_has_holds()) and o.tenant_id = i.tenant_id and o.state = 'ACTIVE'
    and o.scope in ('ITEM', 'LOT', 'BIN') and o.scope_id = any(array[i.id, i.lot_id, i.bin_id])
    and (o.location_id is null or o.location_id = i.location_id)
    and (o.expires_at is null or o.expires_at > (select stock_now()))
) h;

-- One product at one location, summed from its buckets, the holds on a quantity of it, and soft
-- reservations, at this moment. A quantity is held of what is neither expired nor held otherwise.
create or replace function live_level(p_tenant uuid, p_location text, p_product text)
returns table (
  on_hand numeric, expired numeric, held numeric, reserved numeric, next_expiry timestamptz
)
language sql stable rows 1 as $$
  select q.on_hand, q.expired, q.held + least(o.units, q.on_hand - q.expired - q.held),
    q.reserved + s.soft, least(q.next_expiry, o.next_expiry, s.next_expiry)
  from
    (
      select coalesce(sum(i.on_hand), 0) as on_hand, coalesce(sum(i.expired), 0) as expired,
        coalesce(sum(i.held), 0) as held, coalesce(sum(i.reserved), 0) as reserved,
        min(i.next_expiry) as next_expiry
      from item_quantities i
      where i.tenant_id = p_tenant and i.location_id = p_location and i.product_id = p_product
    ) q
    cross join (
      select coalesce(sum(h.quantity - h.quantity_released), 0) as units,
        min(h.expires_at) as next_expiry
      from holds h
      where (select stock_has_holds()) and h.tenant_id = p_tenant and h.state = 'ACTIVE'
        and h.scope = 'QUANTITY' and h.scope_id = p_product and h.location_id = p_location
        and (h.expires_at is null or h.expires_at > stock_now())
    ) o
    cross join (
      select coalesce(sum(r.quantity), 0) as soft, min(r.expires_at) as next_expiry
      from reservations r
      where r.tenant_id = p_tenant and r.location_id = p_location and r.product_id = p_product
        and r.state = 'ACTIVE' and r.kind = 'SOFT'
        and (r.expires_at is null or r.expires_at > stock_now())
    ) s
$$;

do $$ begin
  create type stock_sums as (
    on_hand numeric, expired numeric, held numeric, reserved numeric, next_expiry timestamptz
  );
exception when duplicate_object then null;
end $$;

-- The sums of one product at one location, in a function that is not taken into the statement:
-- its plan then costs nothing where no row is due.
create or replace function stock_due_sums(p_location text, p_product text) returns stock_sums
language plpgsql stable parallel safe as $$
declare v_sums stock_sums;
begin
  select q.on_hand, q.expired, q.held, q.reserved, q.next_expiry into v_sums
  from live_level(stock_tenant(), p_location, p_product) q;
  return v_sums;
end $$;

-- The kept sums, but computed live where the clock has passed next_expiry: few rows, until the
-- sweeper has been there. One scan of the kept rows; a second branch for the due ones would be
-- set up by every statement, and cost more than the look at the clock.
create or replace view stock_levels_now with (security_invoker = true) as
select s.tenant_id, s.location_id, s.product_id,
  case when s.next_expiry <= (select stock_now())
    then (stock_due_sums(s.location_id, s.product_id)).on_hand else s.on_hand end as on_hand,
  case when s.next_expiry <= (select stock_now())
    then (stock_due_sums(s.location_id, s.product_id)).expired else s.expired end as expired,
  case when s.next_expiry <= (select stock_now())
    then (stock_due_sums(s.location_id, s.product_id)).held else s.held end as held,
  case when s.next_expiry <= (select stock_now())
    then (stock_due_sums(s.location_id, s.product_id)).reserved else s.reserved end as reserved,
  case when s.next_expiry <= (select stock_now())
    then (stock_due_sums(s.location_id, s.product_id)).next_expiry else s.next_expiry
  end as next_expiry
from stock_levels s;

-- What a channel has promised at a place and not yet kept, at this moment.
create or replace view open_promises with (security_invoker = true) as
select r.tenant_id, r.channel_id, r.location_id, r.product_id,
  sum(r.quantity) as quantity, sum(r.from_quota) as from_quota
from reservations r
where r.state = 'ACTIVE' and r.channel_id is not null
  and (r.expires_at is null or r.expires_at > (select stock_now()))
group by r.tenant_id, r.channel_id, r.location_id, r.product_id;

-- Units that are promised for a day after today and not yet set aside, by days from today. They are
-- reserved already; what arrives before their day may take their place.
create or replace view promised_ahead with (security_invoker = true) as
select r.tenant_id, r.location_id, r.product_id, r.needed_on - (select stock_today()) as day,
  r.quantity
from reservations r
where r.state = 'ACTIVE' and r.kind = 'SOFT' and r.needed_on > (select stock_today())
  and (r.expires_at is null or r.expires_at > (select stock_now()));
