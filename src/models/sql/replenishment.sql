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

do $$ begin
  create type replenishment_urgency as (
    product_id text, place text, found bigint, units numeric, total_value numeric, stock_outs bigint
  );
exception when duplicate_object then null;
end $$;

-- The page of the list, the most urgent first, by as few numbers as its order and sums need. A page
-- beyond the end is one row without a product.
create or replace function replenishment_page(
  q replenishment_question, p_limit integer, p_offset integer
) returns setof replenishment_urgency
language plpgsql stable as $$
begin
  return query
  with listed as materialized (
    select n.product_id, n.place, n.urgency, n.empty_on,
      case when n.is_due then n.ordered else 0 end as advised,
      round(case when n.is_due then n.ordered else 0 end * coalesce(n.unit_cost, 0), 6) as worth
    from replenishment_numbers(q) n
  ),
  total as (
    select count(*) as found, coalesce(sum(l.advised), 0) as units,
      coalesce(sum(l.worth), 0) as total_value,
      count(*) filter (where l.urgency = 1) as stock_outs
    from listed l
  ),
  page as (
    select l.* from listed l
    order by l.urgency, l.empty_on nulls last, l.worth desc, l.product_id, l.place
    limit p_limit offset p_offset
  )
  select p.product_id, p.place, t.found, t.units, t.total_value, t.stock_outs
  from total t left join page p on true
  order by p.urgency, p.empty_on nulls last, p.worth desc, p.product_id, p.place;
end $$;

-- What to order: the most urgent first. Only what is on the page is computed in full, and only for
-- its products is it asked which other place could send them. Each row also tells of the whole
-- list: `found`, `units`, and so on; a page beyond the end is one row without a product that does.
-- p_to: the last day of demand. p_horizon: also what falls to its reorder point within so many days.
create or replace function replenishment_suggest(
  p_location text, p_products text[], p_horizon integer, p_only_below boolean, p_to date,
  p_limit integer, p_offset integer
) returns setof replenishment_advice
language plpgsql stable set plan_cache_mode = force_custom_plan set enable_nestloop = on set enable_mergejoin = on
set jit = off set work_mem = '256MB' as $$
declare
  q replenishment_question;
  v_products text[];
  v_places text[];
  v_total replenishment_urgency;
begin
  q := replenishment_question(p_location, p_products, p_horizon, p_only_below, false, p_to);
  -- Of the rows between its steps the planner knows nothing: over all products, loops that it plans
  -- for a few rows would go through 800,000 for each of 800,000. The function's end puts it back.
  if p_products is null then
    perform set_config('enable_nestloop', 'off', true);
    perform set_config('enable_mergejoin', 'off', true);
  end if;
  select array_agg(p.product_id order by p.n) filter (where p.product_id is not null),
    array_agg(p.place order by p.n) filter (where p.product_id is not null),
    max(p.found), max(p.units), max(p.total_value), max(p.stock_outs)
  into v_products, v_places, v_total.found, v_total.units, v_total.total_value, v_total.stock_outs
  from replenishment_page(q, p_limit, p_offset)
    with ordinality as p (product_id, place, found, units, total_value, stock_outs, n);
  if v_products is null then
    return query select (jsonb_populate_record(null::replenishment_advice, to_jsonb(v_total))).*;
    return;
  end if;
  perform set_config('enable_nestloop', 'on', true);
  perform set_config('enable_mergejoin', 'on', true);
  q := replenishment_question(null, v_products, p_horizon, false, true, p_to);
  return query
  with detailed as materialized (select n.* from replenishment_numbers(q) n),
  best as (
    select distinct on (d.product_id) d.product_id, d.place, d.excess
    from detailed d where d.excess > 0 and not d.is_due and d.place <> ''
    order by d.product_id, d.excess desc, d.place
  ),
  -- What several places want from the best one is added up, the most urgent first.
  sourced as (
    select d.*, coalesce(d.given_source,
        case when d.is_due and b.excess >= sum(case when d.is_due and d.given_source is null
          then d.ordered else 0 end) over (partition by d.product_id
          order by d.urgency, d.empty_on nulls last, d.place
          rows between unbounded preceding and current row) then b.place end) as source,
      b.excess as best_excess
    from detailed d
    left join best b on b.product_id = d.product_id and b.place <> d.place
  )
  select nullif(s.place, ''), s.product_id, s.method,
    (array['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'])[s.urgency],
    s.on_hand, s.expired, s.held, s.reserved, s.expiring, s.in_transit, s.on_order, s.outgoing,
    s."position", s.demand, s.window_days, s.empty_days, s.basis, s.daily,
    round(sqrt(s.variance), 6), s.lead, s.lead_from, s.review, s.safety, s.safety_from, s.point,
    s.point_from, s.goal, s.missing, s.pack, s.rounded_up, s.least_order, s.raised_to, s.life,
    s.room, a.advised, s.source,
    case when s.given_source is null and s.source is not null then s.best_excess end,
    s.empty_on, s.unit_cost, round(a.advised * coalesce(s.unit_cost, 0), 6),
    v_total.found, v_total.units, v_total.total_value, v_total.stock_outs
  from unnest(v_products, v_places) with ordinality as o (product_id, place, n)
  join sourced s on s.product_id = o.product_id and s.place = o.place
  cross join lateral (select case when s.is_due then s.ordered else 0 end as advised) a
  order by o.n;
end $$;
