-- What stock came to over a period of the tenant's days (docs/analytics.md defines every figure).

-- What a unit cost at the close of each day; before its first version, what that one says.
create or replace function analytics_prices()
returns table (id text, cost numeric, first_day date, last_day date)
language sql stable as $$
  select d.id, d.cost, d.first_day, d.last_day
  from (
    select v.id, v.cost,
      case when row_number() over (partition by v.id order by v.valid_from, v.valid_to) = 1
        then '-infinity'::date
        else (v.valid_from at time zone (select stock_time_zone()))::date end as first_day,
      case when v.valid_to = 'infinity' then 'infinity'::date
        else (v.valid_to at time zone (select stock_time_zone()))::date - 1 end as last_day
    from (
      select p.id, coalesce(p.unit_cost, 0) as cost, p.valid_from,
        'infinity'::timestamptz as valid_to
      from products p where p.tenant_id = stock_tenant()
      union all
      select h.id, coalesce(h.unit_cost, 0), h.valid_from, h.valid_to
      from products_history h where h.tenant_id = stock_tenant()
    ) v
  ) d
  where d.first_day <= d.last_day
$$;

-- What each day of the tenant brought, by location and product; sales and purchases that name no
-- location never were a balance, and are left out for one location.
create or replace function analytics_daily(p_location text)
returns table (
  location_id text, product_id text, day date, delta numeric, outbound numeric, is_receipt boolean
)
language sql stable as $$
  select e.location_id, e.product_id,
    (e.occurred_at at time zone (select stock_time_zone()))::date, sum(e.delta),
    -coalesce(sum(e.delta) filter (where e.kind in ('ISSUE', 'CONSUMPTION')), 0),
    bool_or(e.kind = 'RECEIPT')
  from ledger_entries e
  where e.tenant_id = stock_tenant() and (p_location is null or e.location_id = p_location)
  group by 1, 2, 3
  union all
  select null, h.product_id, h.occurred_on, 0,
    -coalesce(sum(h.quantity) filter (where h.direction = 'DEMAND'), 0),
    bool_or(h.direction = 'SUPPLY')
  from movement_history h
  where h.tenant_id = stock_tenant() and p_location is null
  group by 2, 3
$$;

-- One row a location and product, and one without a location for sales that name none. Days are
-- the tenant's, both ends included. `units` and `value` are those at the close of the last day;
-- `unit_days` and `value_days` are sums over the closes of all days: divided by the number of days
-- they are means. A close is what is there now less what has happened since, so each entry counts
-- once for each day that closed before it, and no day has to be made.
create or replace function analytics_stock(
  p_location text, p_category text, p_from date, p_to date
)
returns table (
  location_id text, product_id text, units numeric, value numeric, unit_days numeric, value_days numeric, outbound_units numeric,
  outbound_cost numeric, recent_units numeric, last_outbound date, first_receipt date,
  zero_days bigint, active_days bigint, has_history boolean
)
language sql stable set work_mem = '64MB' as $$
  with scope as materialized (
    select p.id, coalesce(p.unit_cost, 0) as cost
    from products p
    left join categories c on c.tenant_id = p.tenant_id and c.id = p.category_id
    where p.tenant_id = stock_tenant() and (p_category is null or p_category = any(c.path))
  ),
  price as materialized (
    select r.id, r.cost, r.first_day, r.last_day from analytics_prices() r join scope s on s.id = r.id
  ),
  daily as materialized (
    select d.* from analytics_daily(p_location) d join scope s on s.id = d.product_id
  ),
  present as (
    select l.location_id, l.product_id, l.on_hand, s.cost
    from stock_levels_now l join scope s on s.id = l.product_id
    where l.tenant_id = stock_tenant() and (p_location is null or l.location_id = p_location)
  ),
  summed as (
    select d.location_id, d.product_id,
      coalesce(sum(d.delta) filter (where d.day > p_to), 0) as since,
      coalesce(sum(d.delta * (d.day - p_from)) filter (where d.day between p_from and p_to), 0)
        as late_days,
      coalesce(sum(d.outbound) filter (where d.day between p_from and p_to), 0) as outbound_units,
      coalesce(sum(d.outbound) filter (where d.day between p_to - 89 and p_to), 0) as recent_units,
      max(d.day) filter (where d.outbound > 0 and d.day <= p_to) as last_outbound,
      min(d.day) filter (where d.is_receipt and d.day <= p_to) as first_receipt,
      bool_or(d.location_id is not null and d.day <= p_to) as has_history,
      min(d.day) as first_day
    from daily d group by d.location_id, d.product_id
  ),
  placed as materialized (
    select coalesce(s.location_id, n.location_id) as location_id,
      coalesce(s.product_id, n.product_id) as product_id, coalesce(n.on_hand, 0) as units_now,
      coalesce(n.on_hand * n.cost, 0) as value_now,
      coalesce(n.on_hand, 0) - coalesce(s.since, 0) as units, coalesce(s.late_days, 0) as late_days,
      coalesce(s.outbound_units, 0) as outbound_units, coalesce(s.recent_units, 0) as recent_units,
      s.last_outbound, s.first_receipt, coalesce(s.has_history, false) as has_history, s.first_day
    from summed s
    full join present n on n.location_id = s.location_id and n.product_id = s.product_id
  ),
  -- The days of the period under each price, and what is to be taken off them for each entry.
  priced as (
    select w.location_id, w.product_id, sum(t.cost * t.days * w.units) as value_days,
      coalesce(sum(t.cost) filter (where p_to between t.first_day and t.last_day), 0) * w.units
        as value
    from placed w
    join (
      select p.id, p.cost, p.first_day, p.last_day,
        greatest(0, least(p.last_day, p_to) - greatest(p.first_day, p_from) + 1) as days
      from price p
      where p.first_day <= p_to and p.last_day >= p_from
    ) t on t.id = w.product_id
    where w.location_id is not null
    group by w.location_id, w.product_id, w.units
  ),
  late as (
    select d.location_id, d.product_id,
      sum(d.delta * p.cost * greatest(0,
        least(p.last_day, d.day - 1) - greatest(p.first_day, p_from) + 1)) as value_days
    from daily d join price p on p.id = d.product_id and p.first_day <= d.day
    where d.location_id is not null and d.day between p_from and p_to and p.last_day >= p_from
    group by d.location_id, d.product_id
  ),
  sold as (
    select d.location_id, d.product_id, sum(d.outbound * p.cost) as outbound_cost
    from daily d join price p on p.id = d.product_id and d.day between p.first_day and p.last_day
    where d.day between p_from and p_to and d.outbound <> 0
    group by d.location_id, d.product_id
  ),
  -- Closes with nothing on hand: from the day of a change up to the one before the next.
  closing as (
    select d.location_id, d.product_id, greatest(d.day, p_from) as day,
      least(coalesce(lead(d.day) over way, p_to + 1), p_to + 1) as until,
      sum(d.delta) over (partition by d.location_id, d.product_id order by d.day) as units
    from daily d where d.location_id is not null and d.day <= p_to
    window way as (partition by d.location_id, d.product_id order by d.day)
  ),
  empty as (
    select c.location_id, c.product_id,
      sum(c.until - c.day) filter (where c.units = 0 and c.until > c.day) as zero_days
    from closing c group by c.location_id, c.product_id
  )
  -- Without any history by the end of the period, what is there now stands for it.
  select w.location_id, w.product_id,
    case when h.known then w.units else w.units_now end,
    case when h.known then coalesce(p.value, 0) else w.value_now end,
    case when h.known then n.days * w.units - w.late_days else n.days * w.units_now end,
    case when h.known then coalesce(p.value_days, 0) - coalesce(l.value_days, 0)
      else n.days * w.value_now end,
    w.outbound_units, coalesce(s.outbound_cost, 0), w.recent_units, w.last_outbound,
    w.first_receipt, case when h.known then coalesce(e.zero_days, 0) else 0 end,
    case when w.location_id is null or not h.known then 0
      else greatest(0, p_to - greatest(p_from, w.first_day) + 1) end::bigint,
    h.known
  from placed w
  cross join (select coalesce(bool_or(o.has_history), false) as known from placed o) h
  cross join (select p_to - p_from + 1 as days) n
  left join priced p on p.location_id = w.location_id and p.product_id = w.product_id
  left join late l on l.location_id = w.location_id and l.product_id = w.product_id
  left join sold s on s.location_id is not distinct from w.location_id
    and s.product_id = w.product_id
  left join empty e on e.location_id = w.location_id and e.product_id = w.product_id
$$;

-- The closes and the outflow of each step of a period: days, weeks or months of the calendar, of
-- which the first and the last may be cut. A close is what is there now less all that came after.
create or replace function analytics_series(
  p_location text, p_category text, p_from date, p_to date, p_step text
)
returns table (
  first_day date, last_day date, units numeric, value numeric, outbound_units numeric,
  outbound_cost numeric
)
language sql stable set work_mem = '64MB' as $$
  with step as materialized (
    select greatest(g.at::date, p_from) as first_day,
      least((g.at + ('1 ' || p_step)::interval)::date - 1, p_to) as last_day
    from generate_series(date_trunc(p_step, p_from::timestamp), p_to::timestamp,
      ('1 ' || p_step)::interval) g (at)
  ),
  scope as materialized (
    select p.id
    from products p
    left join categories c on c.tenant_id = p.tenant_id and c.id = p.category_id
    where p.tenant_id = stock_tenant() and (p_category is null or p_category = any(c.path))
  ),
  price as materialized (
    select r.id, r.cost, r.first_day, r.last_day from analytics_prices() r join scope s on s.id = r.id
  ),
  daily as materialized (
    select d.product_id, d.day, sum(d.delta) as delta, sum(d.outbound) as outbound,
      bool_or(d.location_id is not null) as is_ledger
    from analytics_daily(p_location) d join scope s on s.id = d.product_id
    group by d.product_id, d.day
  ),
  known as (select exists (select 1 from daily d where d.is_ledger and d.day <= p_to) as there),
  present as (
    select l.product_id, sum(l.on_hand) as on_hand
    from stock_levels_now l join scope s on s.id = l.product_id
    where l.tenant_id = stock_tenant() and (p_location is null or l.location_id = p_location)
    group by l.product_id
  ),
  moved as (
    select d.product_id, s.last_day, sum(d.delta) as delta
    from daily d left join step s on d.day between s.first_day and s.last_day
    where d.day >= p_from group by d.product_id, s.last_day
  ),
  closed as (
    select n.product_id, s.last_day,
      n.on_hand - case when (select k.there from known k)
        then coalesce(a.delta, 0) + coalesce(sum(m.delta) over later, 0) else 0 end as units
    from present n
    cross join step s
    left join moved m on m.product_id = n.product_id and m.last_day = s.last_day
    left join moved a on a.product_id = n.product_id and a.last_day is null
    window later as (partition by n.product_id order by s.last_day desc
      rows between unbounded preceding and 1 preceding)
  ),
  worth as (
    select c.last_day, sum(c.units) as units, sum(c.units * p.cost) as value
    from closed c
    join price p on p.id = c.product_id
      and case when (select k.there from known k) then c.last_day else 'infinity'::date end
        between p.first_day and p.last_day
    group by c.last_day
  ),
  sold as (
    select s.last_day, sum(d.outbound) as units, sum(d.outbound * p.cost) as cost
    from daily d
    join step s on d.day between s.first_day and s.last_day
    join price p on p.id = d.product_id and d.day between p.first_day and p.last_day
    where d.outbound <> 0
    group by s.last_day
  )
  select s.first_day, s.last_day, coalesce(w.units, 0), coalesce(w.value, 0),
    coalesce(o.units, 0), coalesce(o.cost, 0)
  from step s
  left join worth w on w.last_day = s.last_day
  left join sold o on o.last_day = s.last_day
  order by s.last_day
$$;

-- Lots with units on hand that have expired or will within so many days, at each location, with
-- the units that will be left over when they expire: what is used each day (the mean of the last
-- 90) uses up the lots that expire first. Of the lots 1 … i, in order of expiry, with S_i units in
-- all and d_i days left, max over j ≤ i of (S_j − use · d_j) cannot be used in time.
create or replace function analytics_expiring(p_location text, p_category text, p_within integer)
returns table (
  location_id text, product_id text, lot_id text, expiry_date date, days_left integer,
  units numeric, value numeric, at_risk_units numeric
)
language sql stable as $$
  with today as (select stock_today() as day),
  scope as materialized (
    select p.id, coalesce(p.unit_cost, 0) as cost
    from products p
    left join categories c on c.tenant_id = p.tenant_id and c.id = p.category_id
    where p.tenant_id = stock_tenant() and (p_category is null or p_category = any(c.path))
  ),
  there as (
    select i.location_id, i.product_id, i.lot_id, l.expiry_date, sum(i.on_hand) as units,
      l.expiry_date - (select t.day from today t) as days_left
    from item_quantities i
    join lots l on l.tenant_id = stock_tenant() and l.id = i.lot_id
    where i.tenant_id = stock_tenant() and i.on_hand > 0 and l.expiry_date is not null
      and l.expiry_date <= (select t.day from today t) + p_within
      and (p_location is null or i.location_id = p_location)
    group by i.location_id, i.product_id, i.lot_id, l.expiry_date
  ),
  used as (
    select e.location_id, e.product_id, greatest(0, -sum(e.delta)) / 90 as a_day
    from ledger_entries e
    where e.tenant_id = stock_tenant() and e.kind in ('ISSUE', 'CONSUMPTION')
      and e.occurred_at >= (((select t.day from today t) - 89)::timestamp
        at time zone (select stock_time_zone()))
      and (p_location is null or e.location_id = p_location)
    group by e.location_id, e.product_id
  ),
  walked as (
    select t.*, s.cost, coalesce(u.a_day, 0) as a_day,
      sum(t.units) filter (where t.days_left >= 0) over earlier as so_far
    from there t
    join scope s on s.id = t.product_id
    left join used u on u.location_id = t.location_id and u.product_id = t.product_id
    window earlier as (partition by t.location_id, t.product_id
      order by t.expiry_date, t.lot_id collate "C")
  ),
  wasted as (
    select w.*, greatest(0, max(w.so_far - w.a_day * (w.days_left + 1)) over earlier) as wasted
    from walked w
    window earlier as (partition by w.location_id, w.product_id
      order by w.expiry_date, w.lot_id collate "C")
  )
  select f.location_id, f.product_id, f.lot_id, f.expiry_date, f.days_left, f.units,
    f.units * f.cost,
    case when f.days_left < 0 then f.units
      else coalesce(f.wasted, 0) - coalesce(lag(f.wasted) over earlier, 0) end
  from wasted f
  window earlier as (partition by f.location_id, f.product_id
    order by f.expiry_date, f.lot_id collate "C")
$$;

-- How well requests were met of which something was first sent in a period, where they are fulfilled,
-- and how well the book agreed with what was counted and decided on in it. A line is met by no more
-- than it asked for.
create or replace function analytics_service(
  p_location text, p_category text, p_from date, p_to date
)
returns table (
  asked_lines bigint, met_lines bigint, asked_units numeric, met_units numeric,
  judged_lines bigint, right_lines bigint, expected_units numeric, off_units numeric
)
language sql stable as $$
  with scope as (
    select p.id from products p
    left join categories c on c.tenant_id = p.tenant_id and c.id = p.category_id
    where p.tenant_id = stock_tenant() and (p_category is null or p_category = any(c.path))
  ),
  period as (
    select p_from::timestamp at time zone stock_time_zone() as first,
      (p_to + 1)::timestamp at time zone stock_time_zone() as ends
  ),
  asked as (
    select count(*) as lines, count(*) filter (where l.issued >= l.requested) as met,
      coalesce(sum(l.requested), 0) as units, coalesce(sum(least(l.issued, l.requested)), 0) as sent
    from period d
    join stock_requests r on r.tenant_id = stock_tenant() and r.issued_at >= d.first
      and r.issued_at < d.ends and r.status in ('ISSUED', 'RECEIVED', 'CLOSED')
      and (p_location is null or r.fulfilling_location_id = p_location)
    join stock_request_lines l on l.tenant_id = stock_tenant() and l.request_id = r.id
    join scope s on s.id = l.product_id
  ),
  judged as (
    select count(*) as lines, count(*) filter (where l.within_tolerance) as hits,
      coalesce(sum(l.expected_qty), 0) as expected,
      coalesce(sum(abs(l.counted_qty - l.expected_qty)), 0) as off
    from period d
    join count_lines l on l.tenant_id = stock_tenant() and l.resolved_at >= d.first
      and l.resolved_at < d.ends and l.within_tolerance is not null
      and (p_location is null or l.location_id = p_location)
    join scope s on s.id = l.product_id
  )
  select a.lines, a.met, a.units, a.sent, j.lines, j.hits, j.expected, j.off
  from asked a cross join judged j
$$;
