-- What to order where, and why: inventory position, demand, targets, rounding, source
-- (docs/replenishment.md). Every step is rounded to 6 decimals, so that a reference that computes
-- with decimals gives the same numbers.

do $$ begin
  create type replenishment_advice as (
    location_id text, product_id text, method text, priority text,
    on_hand numeric, expired numeric, held numeric, reserved numeric, expiring numeric,
    in_transit numeric, on_order numeric, outgoing numeric, "position" numeric,
    demand numeric, demand_days integer, stock_out_days integer, demand_basis text,
    daily_demand numeric, demand_deviation numeric,
    lead_time_days integer, lead_time_basis text, review_period_days integer,
    safety_stock numeric, safety_basis text, reorder_point numeric, reorder_basis text,
    target numeric, shortfall numeric, pack_size numeric, rounded numeric,
    minimum_order_quantity numeric, raised numeric, life_limit numeric, capacity_limit numeric,
    quantity numeric, source_location_id text, source_excess numeric, stock_out_date date,
    unit_cost numeric, value numeric, found bigint, units numeric, total_value numeric,
    stock_outs bigint
  );
exception when duplicate_object then null;
end $$;

-- What to order at the places that have a method, and of products without one anywhere that have a
-- reorder point of their own: those for the company as a whole, at its only place if it has one.
-- p_to: the last day of demand. p_horizon: also what falls to its reorder point within so many
-- days. The most urgent first; each row also tells of the whole list: `found`, `units`, and so on.
create or replace function replenishment_suggest(
  p_location text, p_products text[], p_horizon integer, p_only_below boolean, p_to date,
  p_limit integer, p_offset integer
) returns setof replenishment_advice
language plpgsql stable set plan_cache_mode = force_custom_plan set enable_nestloop = on
set jit = off set work_mem = '128MB' as $$
declare
  v_tenant uuid := stock_tenant();
  v_zone text := stock_time_zone();
  v_today date := stock_today();
  v_start date;
begin
  select p_to - coalesce(max(v.demand_window_days), 90)::integer + 1 into v_start
  from inventory_levels v
  where v.tenant_id = v_tenant and v.replenishment_method is not null;
  v_start := least(v_start, p_to - 89);
  -- Of the rows between its steps the planner knows nothing: over all products, loops that it plans
  -- for a few rows would go through 800,000 for each of 800,000. The function's end puts it back.
  if p_products is null then
    perform set_config('enable_nestloop', 'off', true);
  end if;
  return query
  with wanted as (
    select v.product_id, v.location_id, v.replenishment_method as method,
      v.min_quantity, v.reorder_quantity, v.max_quantity, v.order_quantity, v.pack_size,
      v.minimum_order_quantity, v.expected_lead_time_days as lead_time_days,
      v.lead_time_deviation_days, v.safety_stock, v.service_level,
      v.replenishment_period_days as review_days, v.cover_days, v.order_cost, v.holding_cost,
      v.shelf_life_days, coalesce(v.demand_window_days, 90)::integer as window_days,
      coalesce(v.demand_share, 0) as demand_share, v.forecast_quantity, v.forecast_period_days,
      v.preferred_bin_id, v.replenishment_location_id as given_source
    from inventory_levels v
    where v.tenant_id = v_tenant and v.replenishment_method is not null
      and (p_products is null or v.product_id = any(p_products))
      and (p_location is null or v.product_id in (
        select o.product_id from inventory_levels o
        where o.tenant_id = v_tenant and o.location_id = p_location
          and o.replenishment_method is not null))
    union all
    select p.id, k.location_id, 'REORDER_POINT', null, null, null, null, null, null, null, null,
      null, null, null, null, null, null, null, 90, 1, null, null, null, null
    from products p
    cross join lateral (
      select case when count(*) = 1 then min(s.location_id) end as location_id
      from stock_levels_now s where s.tenant_id = v_tenant and s.product_id = p.id
    ) k
    where p.tenant_id = v_tenant and p.reorder_point is not null and p.active
      and (p_products is null or p.id = any(p_products))
      and (p_location is null or k.location_id = p_location)
      and not exists (
        select 1 from inventory_levels o
        where o.tenant_id = v_tenant and o.product_id = p.id and o.replenishment_method is not null)
  ),
  setting as materialized (
    select row_number() over () as n, w.*, p.reorder_point as product_point,
      p.safety_stock as product_safety, p.lead_time_days as product_lead, p.unit_cost,
      p.quantity_step
    from wanted w
    join products p on p.tenant_id = v_tenant and p.id = w.product_id and p.active
  ),
  ledger_day as materialized (
    select e.product_id, e.location_id, (e.occurred_at at time zone v_zone)::date as day,
      coalesce(sum(-e.delta) filter (where e.kind in ('ISSUE', 'CONSUMPTION')), 0) as asked,
      sum(e.delta) as net
    from ledger_entries e
    where e.tenant_id = v_tenant and e.occurred_at >= v_start::timestamp at time zone v_zone
      and (p_products is null or e.product_id = any(p_products))
    group by 1, 2, 3
  ),
  setting_day as (
    select s.n, d.day, d.asked, d.net from setting s
    join ledger_day d on d.product_id = s.product_id and d.location_id = s.location_id
    where d.day > p_to - s.window_days
    union all
    select s.n, d.day, sum(d.asked), sum(d.net) from setting s
    join ledger_day d on d.product_id = s.product_id
    where s.location_id is null and d.day > p_to - s.window_days
    group by s.n, d.day
  ),
  stocked as materialized (
    select s.n, coalesce(sum(q.on_hand), 0) as on_hand, coalesce(sum(q.expired), 0) as expired,
      coalesce(sum(q.held), 0) as held, coalesce(sum(q.reserved), 0) as reserved
    from setting s
    left join stock_levels_now q on q.tenant_id = v_tenant and q.product_id = s.product_id
      and q.location_id = s.location_id
    where s.location_id is not null
    group by s.n
    union all
    select s.n, coalesce(sum(q.on_hand), 0), coalesce(sum(q.expired), 0), coalesce(sum(q.held), 0),
      coalesce(sum(q.reserved), 0)
    from setting s
    left join stock_levels_now q on q.tenant_id = v_tenant and q.product_id = s.product_id
    where s.location_id is null
    group by s.n
  ),
  -- What was there at the end of each day with a movement: what is there now less what came since.
  closing as (
    select d.n, d.day, d.asked, d.net,
      k.on_hand - coalesce(sum(d.net) over later, 0) as closed_at,
      lead(d.day) over (partition by d.n order by d.day) as next_day,
      lag(d.day) over (partition by d.n order by d.day) as former_day
    from setting_day d join stocked k on k.n = d.n
    window later as (
      partition by d.n order by d.day rows between 1 following and unbounded following)
  ),
  -- Days of the window on which nothing was there from morning to evening.
  ledger_demand as (
    select c.n,
      coalesce(sum(c.asked) filter (where c.day <= p_to), 0) as asked,
      coalesce(sum(c.asked * c.asked) filter (where c.day <= p_to), 0) as squares,
      coalesce(sum(greatest(least(coalesce(c.next_day, p_to + 1), p_to + 1) - c.day - 1, 0))
        filter (where c.closed_at <= 0), 0)
      + coalesce(sum(greatest(least(c.day, p_to + 1) - (p_to - s.window_days + 1), 0))
        filter (where c.former_day is null and c.closed_at - c.net <= 0), 0) as empty_days
    from closing c join setting s on s.n = c.n
    group by c.n
  ),
  history_day as (
    select h.product_id, h.occurred_on as day, -sum(h.quantity) as asked
    from movement_history h
    where h.tenant_id = v_tenant and h.direction = 'DEMAND'
      and h.occurred_on between v_start and p_to
      and (p_products is null or h.product_id = any(p_products))
    group by 1, 2
  ),
  history_demand as (
    select s.n, sum(d.asked) as asked, sum(d.asked * d.asked) as squares
    from setting s
    join history_day d on d.product_id = s.product_id and d.day > p_to - s.window_days
    where s.demand_share > 0
    group by s.n
  ),
  measured as materialized (
    select s.*, k.on_hand, k.expired, k.held, k.reserved,
      coalesce(l.asked, 0) + round(s.demand_share * coalesce(h.asked, 0), 6) as demand,
      least(coalesce(l.empty_days, case when k.on_hand > 0 then 0 else s.window_days end),
        s.window_days)::integer as empty_days,
      m.daily as measured_daily, m.variance,
      coalesce(s.lead_time_days, s.product_lead, 0)::integer as lead,
      coalesce(s.review_days, 7)::integer as review
    from setting s
    join stocked k on k.n = s.n
    left join ledger_demand l on l.n = s.n
    left join history_demand h on h.n = s.n
    cross join lateral (
      select greatest(s.window_days - coalesce(l.empty_days, 0), 0) as days
    ) w
    cross join lateral (
      select
        case when w.days > 0 then round(coalesce(l.asked, 0) / w.days, 6) else 0 end as own,
        round(coalesce(h.asked, 0) / s.window_days, 6) as shared
    ) a
    cross join lateral (
      select greatest(a.own, 0) + greatest(round(a.shared * s.demand_share, 6), 0) as daily,
        greatest(
          case when w.days > 0
            then round(coalesce(l.squares, 0) / w.days, 6) - round(a.own * a.own, 6) else 0 end, 0)
        + greatest(round(s.demand_share * s.demand_share
            * (round(coalesce(h.squares, 0) / s.window_days, 6) - round(a.shared * a.shared, 6)),
          6), 0) as variance
    ) m
  ),
  demanded as materialized (
    select m.*,
      case when m.forecast_quantity is not null and m.forecast_period_days > 0
        then round(m.forecast_quantity / m.forecast_period_days, 6) else m.measured_daily
      end as daily,
      case when m.forecast_quantity is not null and m.forecast_period_days > 0 then 'FORECAST'
        when m.measured_daily > 0 then 'MEASURED' else 'NONE' end as basis
    from measured m
  ),
  -- Units that go past their date before they are asked for, first expired first out: the most by
  -- which all that expires until a day is above what is asked for until then.
  soon as (
    select d.n, t.expiry_date, sum(i.on_hand - i.expired - i.held) as usable
    from demanded d
    join item_quantities i on i.tenant_id = v_tenant and i.product_id = d.product_id
      and (d.location_id is null or i.location_id = d.location_id)
    join lots t on t.tenant_id = v_tenant and t.id = i.lot_id
    where t.expiry_date between v_today and v_today + d.lead + d.review
      and i.on_hand > i.expired + i.held
    group by d.n, t.expiry_date
  ),
  wasted as (
    select x.n, max(x.until - x.asked) as units
    from (
      select s.n, sum(s.usable) over (partition by s.n order by s.expiry_date) as until,
        round(d.daily * (s.expiry_date - v_today + 1), 6) as asked
      from soon s join demanded d on d.n = s.n
    ) x
    group by x.n
  ),
  inbound as (
    select b.product_id, b.location_id, sum(b.in_transit) as in_transit, sum(b.on_order) as on_order,
      sum(b.outgoing) as outgoing
    from replenishment_inbound b
    where b.tenant_id = v_tenant and (p_products is null or b.product_id = any(p_products))
    group by 1, 2
  ),
  coming as (
    select s.n, b.in_transit, b.on_order, b.outgoing
    from setting s
    join inbound b on b.product_id = s.product_id and b.location_id = s.location_id
    union all
    select s.n, sum(b.in_transit), sum(b.on_order), sum(b.outgoing)
    from setting s join inbound b on b.product_id = s.product_id
    where s.location_id is null
    group by s.n
  ),
  positioned as (
    select d.*, greatest(coalesce(w.units, 0), 0) as expiring,
      coalesce(c.in_transit, 0) as in_transit, coalesce(c.on_order, 0) as on_order,
      coalesce(c.outgoing, 0) as outgoing,
      d.on_hand - d.expired - d.held - d.reserved as available,
      d.on_hand - d.expired - d.held - d.reserved - greatest(coalesce(w.units, 0), 0)
        + coalesce(c.in_transit, 0) + coalesce(c.on_order, 0) - coalesce(c.outgoing, 0)
        as "position",
      case
        when d.safety_stock is not null then d.safety_stock
        when d.service_level is not null then round(replenishment_factor(d.service_level) * sqrt(
          d.lead * d.variance + round(d.daily * d.daily, 6)
          * coalesce(d.lead_time_deviation_days, 0) * coalesce(d.lead_time_deviation_days, 0)), 6)
        else coalesce(d.product_safety, 0)
      end as safety,
      case when d.safety_stock is not null then 'SETTING'
        when d.service_level is not null then 'SERVICE_LEVEL'
        when d.product_safety is not null then 'PRODUCT' else 'NONE' end as safety_from
    from demanded d
    left join wasted w on w.n = d.n
    left join coming c on c.n = d.n
  ),
  pointed as (
    select o.*, g.point, g.point_from,
      case o.method
        when 'MIN_MAX' then coalesce(o.max_quantity, g.point)
        when 'DAYS_OF_COVER' then
          round(o.daily * (o.lead + o.review + coalesce(o.cover_days, 0)), 6) + o.safety
        else coalesce(o.max_quantity, g.point + round(o.daily * o.review, 6))
      end as goal
    from positioned o
    cross join lateral (
      select
        case
          when o.method = 'DAYS_OF_COVER' then round(o.daily * (o.lead + o.review), 6) + o.safety
          when o.method = 'MIN_MAX' then
            coalesce(o.min_quantity, o.reorder_quantity, o.product_point, 0)
          else coalesce(o.reorder_quantity, o.product_point,
            round(o.daily * o.lead, 6) + o.safety)
        end as point,
        case
          when o.method = 'DAYS_OF_COVER' then 'COVER'
          when o.method = 'MIN_MAX' and o.min_quantity is not null then 'MINIMUM'
          when o.reorder_quantity is not null then 'SETTING'
          when o.product_point is not null then 'PRODUCT'
          when o.method = 'MIN_MAX' then 'NONE'
          else 'DEMAND'
        end as point_from
    ) g
  ),
  judged as materialized (
    select g.*,
      case when g.method = 'DAYS_OF_COVER' then g.point > f.ahead else g.point >= f.ahead end
        as is_due,
      case g.method
        when 'FIXED' then coalesce(g.order_quantity, 0)
          * greatest(floor((g.point - f.ahead) / nullif(g.order_quantity, 0)) + 1, 1)
        when 'EOQ' then greatest(
          round(sqrt(2 * g.daily * 365 * coalesce(g.order_cost, 0) / nullif(g.holding_cost, 0)), 6),
          g.point - f.ahead)
        else g.goal - f.ahead
      end as missing,
      floor(greatest(least(g.available - g.expiring, g."position") - greatest(g.goal, g.point), 0)
        / g.quantity_step) * g.quantity_step as excess
    from pointed g
    cross join lateral (
      select g."position" - round(g.daily * p_horizon, 6) as ahead
    ) f
  ),
  -- Rounded up to packs, raised to the least order, and clipped to what lives and fits.
  sized as materialized (
    select j.*, r.pack, r.rounded_up, u.raised_to, c.life, c.room,
      floor(least(u.raised_to, c.life, c.room) / r.pack) * r.pack as ordered,
      case
        when j.available <= 0 then 1
        when j.daily > 0 and j.available < round(j.daily * j.lead, 6) then 2
        when j.is_due then 3
        else 4
      end as urgency,
      case when j.available <= 0 then v_today
        when j.daily > 0 then v_today + least(floor(j.available / j.daily), 36500)::integer
      end as empty_on
    from judged j
    left join bins b on b.tenant_id = v_tenant and b.id = j.preferred_bin_id
    left join lateral (
      select sum(i.on_hand) as units from item_quantities i
      where i.tenant_id = v_tenant and i.bin_id = b.id and b.capacity_units is not null
    ) f on j.preferred_bin_id is not null
    cross join lateral (
      select coalesce(j.pack_size, j.quantity_step) as pack,
        ceil(greatest(j.missing, j.quantity_step) / coalesce(j.pack_size, j.quantity_step))
          * coalesce(j.pack_size, j.quantity_step) as rounded_up
    ) r
    cross join lateral (
      select greatest(r.rounded_up,
        ceil(coalesce(j.minimum_order_quantity, 0) / r.pack) * r.pack) as raised_to
    ) u
    cross join lateral (
      select
        case when j.shelf_life_days is not null and j.daily > 0
          then greatest(round(j.daily * j.shelf_life_days, 6) - j."position", 0) end as life,
        case when b.capacity_units is not null
          then greatest(b.capacity_units - coalesce(f.units, 0), 0) end as room
    ) c
  ),
  best as (
    select distinct on (z.product_id) z.product_id, z.location_id, z.excess
    from sized z where z.excess > 0 and not z.is_due and z.location_id is not null
    order by z.product_id, z.excess desc, z.location_id
  ),
  -- What several places want from the best one is added up, the most urgent first.
  sourced as (
    select z.*, coalesce(z.given_source,
        case when z.is_due and b.excess >= sum(case when z.is_due and z.given_source is null
          then z.ordered else 0 end) over (partition by z.product_id
          order by z.urgency, z.empty_on nulls last, z.location_id
          rows between unbounded preceding and current row) then b.location_id end) as source,
      b.excess as best_excess
    from sized z
    left join best b on b.product_id = z.product_id and b.location_id <> z.location_id
  ),
  shown as (
    select z.*, case when z.is_due then z.ordered else 0 end as advised,
      round(case when z.is_due then z.ordered else 0 end * coalesce(z.unit_cost, 0), 6) as worth
    from sourced z
    where (z.is_due or not p_only_below) and (p_location is null or z.location_id = p_location)
  )
  select z.location_id, z.product_id, z.method,
    (array['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'])[z.urgency],
    z.on_hand, z.expired, z.held, z.reserved, z.expiring, z.in_transit, z.on_order, z.outgoing,
    z."position",
    z.demand, z.window_days, z.empty_days, z.basis, z.daily, round(sqrt(z.variance), 6),
    z.lead, case when z.lead_time_days is not null then 'SETTING'
      when z.product_lead is not null then 'PRODUCT' else 'NONE' end,
    z.review, z.safety, z.safety_from, z.point, z.point_from, z.goal,
    z.missing, z.pack, z.rounded_up, z.minimum_order_quantity, z.raised_to, z.life, z.room,
    z.advised, z.source, case when z.given_source is null and z.source is not null
      then z.best_excess end, z.empty_on, z.unit_cost, z.worth,
    count(*) over (), sum(z.advised) over (), sum(z.worth) over (),
    count(*) filter (where z.urgency = 1) over ()
  from shown z
  order by z.urgency, z.empty_on nulls last, z.worth desc, z.product_id, z.location_id
  limit p_limit offset p_offset;
end $$;
