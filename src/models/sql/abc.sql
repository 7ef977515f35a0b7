-- Classes of products by their use (docs/counting.md). One statement classifies a tenant's catalogue.

-- What was used of each product on days of the tenant's calendar, both included: units issued or
-- consumed, lines, and the days' sales that name no location. Reversals are taken off; what moves
-- between own locations, and what counts correct, is no use. A location at which nothing was used
-- in these days is given the use of the whole tenant.
create or replace function abc_usage(p_location text, p_from date, p_to date)
returns table (product_id text, units numeric, hits numeric, is_tenants boolean)
language sql stable as $$
  with days as (
    select p_from::timestamp at time zone stock_time_zone() as starts_at,
      (p_to + 1)::timestamp at time zone stock_time_zone() as ends_at
  ),
  here as (
    select e.product_id, -sum(e.delta) as units, -sum(sign(e.delta)) as hits
    from ledger_entries e, days d
    where p_location is not null and e.tenant_id = stock_tenant() and e.location_id = p_location
      and e.kind in ('ISSUE', 'CONSUMPTION') and e.occurred_at >= d.starts_at
      and e.occurred_at < d.ends_at
    group by e.product_id
  ),
  has_use as (
    select exists (select 1 from here h where h.units > 0) as here
  ),
  everywhere as (
    select m.product_id, sum(m.units) as units, sum(m.hits) as hits
    from (
      select e.product_id, -sum(e.delta) as units, -sum(sign(e.delta)) as hits
      from ledger_entries e, days d
      where not (select u.here from has_use u) and e.tenant_id = stock_tenant()
        and e.kind in ('ISSUE', 'CONSUMPTION') and e.occurred_at >= d.starts_at
        and e.occurred_at < d.ends_at
      group by e.product_id
      union all
      select h.product_id, -sum(h.quantity), -sum(sign(h.quantity))
      from movement_history h
      where not (select u.here from has_use u) and h.tenant_id = stock_tenant()
        and h.direction = 'DEMAND' and h.occurred_on between p_from and p_to
      group by h.product_id
    ) m
    group by m.product_id
  )
  select h.product_id, h.units, h.hits, false from here h where (select u.here from has_use u)
  union all
  select e.product_id, e.units, e.hits, p_location is not null from everywhere e
$$;

-- The class of each product: of all that are active, stocked or used, or of those with a place at
-- the location. Sorted by the metric, falling, ties by product id: A while the share *before* the
-- product is below the first cutoff, B while below the second, else C; what did not move is C. A
-- pin wins: the location's own, that of the level's settings, then the tenant's.
-- p_days: after how many days products of class A, B and C are to be counted again. Before that
-- they are where, since the last count, more than p_turnover came and went, or (p_emptied) a bucket
-- was used up; and on the day after it where the last counts of a location found less than
-- p_accuracy of what was expected there to be right. Null is no reason; reasons that are none cost
-- nothing.
create or replace function abc_classify(
  p_location text, p_metric text, p_from date, p_to date, p_cutoff_a numeric, p_cutoff_b numeric,
  p_days integer[], p_turnover numeric, p_accuracy numeric, p_emptied boolean
)
returns table (
  product_id text, rank integer, units numeric, hits numeric, usage_value numeric,
  annual_value numeric, measure numeric, total numeric, before numeric, computed_class text,
  pinned_class text, abc_class text, non_moving boolean, basis text, last_counted_at timestamptz,
  interval_days integer, next_count_due date, overdue boolean, priority integer, due_because text
)
language sql stable set work_mem = '64MB' as $$
  with used as materialized (
    select u.product_id, u.units, u.hits, u.is_tenants from abc_usage(p_location, p_from, p_to) u
  ),
  -- What holds something: a bucket that was never counted makes its product never counted.
  stocked as materialized (
    select i.product_id, sum(i.on_hand) as on_hand, bool_or(i.on_hand > 0) as has_stock,
      case
        when bool_or(i.last_counted_at is null) filter (where i.on_hand > 0) then null
        when bool_or(i.on_hand > 0) then min(i.last_counted_at) filter (where i.on_hand > 0)
        else max(i.last_counted_at)
      end as last_counted_at
    from inventory_items i
    where i.tenant_id = stock_tenant() and (p_location is null or i.location_id = p_location)
    group by i.product_id
  ),
  -- What came and went of each product since its buckets were counted; counts themselves do not.
  moved as materialized (
    select i.product_id,
      sum(abs(e.delta)) filter (where i.last_counted_at is not null) as units,
      bool_or(i.on_hand = 0 and e.delta < 0) as has_emptied
    from inventory_items i
    join ledger_entries e on e.tenant_id = stock_tenant() and e.inventory_item_id = i.id
      and e.occurred_at > coalesce(i.last_counted_at, '-infinity') and e.kind <> 'COUNT'
    where (p_turnover is not null or p_emptied) and i.tenant_id = stock_tenant()
      and (p_location is null or i.location_id = p_location)
      and i.last_occurred_at > coalesce(i.last_counted_at, '-infinity')
      and ((p_emptied and i.on_hand = 0)
        or (p_turnover is not null and i.last_counted_at is not null))
    group by i.product_id
  ),
  -- How much of what was expected at a location the last count of each bucket found to be right.
  found_right as materialized (
    select c.location_id,
      case
        when sum(c.expected_qty) > 0
        then 1 - sum(abs(c.counted_qty - c.expected_qty)) / sum(c.expected_qty)
        else case when sum(c.counted_qty) > 0 then 0 else 1 end
      end as accuracy
    from (
      select distinct on (l.inventory_item_id) l.location_id, l.expected_qty, l.counted_qty
      from count_lines l
      where p_accuracy is not null and l.tenant_id = stock_tenant() and l.status = 'RESOLVED'
        and l.counted_qty is not null and l.inventory_item_id is not null
        and (p_location is null or l.location_id = p_location)
      order by l.inventory_item_id, l.counted_at desc
    ) c
    group by c.location_id
  ),
  doubtful as materialized (
    select distinct i.product_id from found_right f
    join inventory_items i on i.tenant_id = stock_tenant() and i.location_id = f.location_id
    where f.accuracy < p_accuracy and i.on_hand > 0
  ),
  -- More was promised than is there: what the book says is wrong, or will be.
  over_promised as materialized (
    select distinct l.product_id from stock_levels_now l
    where l.tenant_id = stock_tenant() and (p_location is null or l.location_id = p_location)
      and l.on_hand - l.expired - l.held < l.reserved
  ),
  weighed as (
    select p.id, coalesce(u.units, 0) as units, coalesce(u.hits, 0) as hits,
      coalesce(u.units * p.unit_cost, 0) as usage_value,
      greatest(coalesce(case p_metric
        when 'VALUE' then u.units * p.unit_cost
        when 'VELOCITY' then u.units
        when 'HITS' then u.hits
        when 'ONHAND_VALUE' then s.on_hand * p.unit_cost
      end, 0), 0) as measure,
      coalesce(s.has_stock, false) as has_stock, s.last_counted_at,
      o.product_id is not null as is_over_promised,
      case
        when p_emptied and m.has_emptied then 'EMPTIED'
        when m.units * p.unit_cost > p_turnover and s.has_stock then 'TURNOVER'
        when f.product_id is not null then 'ACCURACY'
      end as reason
    from products p
    left join used u on u.product_id = p.id
    left join stocked s on s.product_id = p.id
    left join over_promised o on o.product_id = p.id
    left join moved m on m.product_id = p.id
    left join doubtful f on f.product_id = p.id
    where p.tenant_id = stock_tenant() and (
      s.product_id is not null or (u.product_id is not null and not u.is_tenants)
      or (p_location is null and (p.active or u.product_id is not null)))
  ),
  ranked as (
    select w.*, row_number() over placed as rank, sum(w.measure) over () as total,
      sum(w.measure) over placed - w.measure as before
    from weighed w
    window placed as (order by w.measure desc, w.id collate "C")
  ),
  pins as (
    select distinct on (f.product_id) f.product_id, f.abc_class from (
      select a.product_id, a.abc_class, case when a.location_id is null then 3 else 1 end as place
      from abc_pins a
      where a.tenant_id = stock_tenant() and (a.location_id is null or a.location_id = p_location)
      union all
      select l.product_id, l.abc_class, 2 from inventory_levels l
      where l.tenant_id = stock_tenant() and l.location_id = p_location and l.abc_class is not null
    ) f
    order by f.product_id, f.place
  ),
  classed as (
    select r.*, r.measure = 0 as non_moving, pin.abc_class as pinned_class,
      case
        when r.measure = 0 then 'C'
        when r.before < p_cutoff_a * r.total then 'A'
        when r.before < p_cutoff_b * r.total then 'B'
        else 'C'
      end as computed_class
    from ranked r
    left join pins pin on pin.product_id = r.id
  ),
  due as (
    select c.*, coalesce(c.pinned_class, c.computed_class) as class,
      p_days[ascii(coalesce(c.pinned_class, c.computed_class)) - 64] as days
    from classed c
  ),
  dated as (
    select d.*, case
        when d.last_counted_at is not null then d.last_counted_on + d.days
        when d.has_stock then (select stock_today())
      end as regular_due,
      case d.reason
        when 'ACCURACY' then d.last_counted_on + 1
        else case when d.reason is not null then (select stock_today()) end
      end as early_due
    from (
      select e.*, (e.last_counted_at at time zone (select stock_time_zone()))::date
        as last_counted_on
      from due e
    ) d
  ),
  judged as (
    select d.*, least(d.regular_due, d.early_due) as next_due,
      (d.has_stock or d.reason = 'EMPTIED')
        and least(d.regular_due, d.early_due) <= (select stock_today()) as is_due
    from dated d
  )
  select d.id, d.rank::integer, d.units, d.hits, d.usage_value,
    d.usage_value * 365 / greatest(p_to - p_from + 1, 1), d.measure, d.total, d.before, d.computed_class,
    d.pinned_class, d.class, d.non_moving,
    case
      when p_metric = 'ONHAND_VALUE' then 'CURRENT_STOCK'
      when p_location is null or (select bool_or(u.is_tenants) from used u) then 'TENANT_USE'
      else 'LOCATION_USE'
    end, d.last_counted_at, d.days, d.next_due,
    coalesce(d.is_due, false),
    case when d.is_over_promised then 0 when d.last_counted_at is null then 1 else 2 end,
    case
      when not d.is_due then null
      when d.early_due < d.regular_due or d.regular_due is null then d.reason
      when d.last_counted_at is null then 'NEVER_COUNTED'
      else 'INTERVAL'
    end
  from judged d
$$;

-- Keep a classification with what went in, and say of how many products it is.
create or replace function abc_keep_run(
  p_id text, p_author jsonb, p_location text, p_metric text, p_from date, p_to date,
  p_cutoff_a numeric, p_cutoff_b numeric
) returns bigint
language sql as $$
  with found as materialized (
    select c.* from abc_classify(
      p_location, p_metric, p_from, p_to, p_cutoff_a, p_cutoff_b, array[1, 1, 1], null, null, false) c
  ),
  run as (
    insert into abc_runs (tenant_id, id, location_id, metric, from_date, to_date, cutoff_a, cutoff_b,
      basis, total, product_count, count_a, count_b, count_c, created_by)
    select stock_tenant(), p_id, p_location, p_metric, p_from, p_to, p_cutoff_a, p_cutoff_b,
      coalesce(max(f.basis), 'TENANT_USE'), coalesce(max(f.total), 0), count(*),
      count(*) filter (where f.computed_class = 'A'), count(*) filter (where f.computed_class = 'B'),
      count(*) filter (where f.computed_class = 'C'), p_author
    from found f
  ),
  kept as (
    insert into abc_run_classes (tenant_id, run_id, product_id, rank, units, hits, measure, before,
      abc_class, non_moving)
    select stock_tenant(), p_id, f.product_id, f.rank, f.units, f.hits, f.measure, f.before,
      f.computed_class, f.non_moving
    from found f
    returning 1
  )
  select count(*) from kept
$$;

-- The class of a product at a location: its pin there, that of the level's settings, the tenant's,
-- else what the run says; null where there is none of these.
create or replace function abc_class_of(p_location text, p_product text, p_run text) returns text
language sql stable as $$
  select coalesce(
    (select a.abc_class from abc_pins a
      where a.tenant_id = stock_tenant() and a.product_id = p_product
        and a.location_id = p_location),
    (select l.abc_class from inventory_levels l
      where l.tenant_id = stock_tenant() and l.product_id = p_product
        and l.location_id = p_location),
    (select a.abc_class from abc_pins a
      where a.tenant_id = stock_tenant() and a.product_id = p_product and a.location_id is null),
    (select c.abc_class from abc_run_classes c
      where c.tenant_id = stock_tenant() and c.run_id = p_run and c.product_id = p_product))
$$;
