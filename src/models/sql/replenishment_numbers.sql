-- What each product at a place has, is asked for, waits for and needs (docs/replenishment.md). Every
-- step is rounded to 6 decimals, so that a reference that computes with decimals gives the same.

-- A question, and what the settings that it is about have in common: `from_day` to `to_day` are the
-- days that their windows of demand reach over, `all_days` the days of each, null where they differ,
-- `reach_days` the most days of lead time and review together. `whole` are the products that are
-- judged by all of their stock together, `single` those that lie at one place only.
do $$ begin
  create type replenishment_question as (
    location_id text, products text[], horizon integer, only_due boolean, in_full boolean,
    from_day date, to_day date, today date, time_zone text, all_days integer, reach_days integer,
    whole text[], single text[], single_places text[], has_history boolean
  );
exception when duplicate_object then null;
end $$;

-- p_in_full: also what only an explanation tells.
create or replace function replenishment_question(
  p_location text, p_products text[], p_horizon integer, p_only_due boolean, p_in_full boolean,
  p_to date
) returns replenishment_question
language plpgsql stable as $$
declare
  q replenishment_question;
begin
  q := (p_location, p_products, p_horizon, p_only_due, p_in_full, null, p_to, stock_today(),
    stock_time_zone(), null, null, null, null, null, null);
  select p_to - greatest(max(v.demand_window_days), 90)::integer + 1,
    case when bool_and(coalesce(v.demand_window_days, 90) = 90) is not false then 90 end,
    (greatest(max(v.expected_lead_time_days), (
        select max(p.lead_time_days) from products p where p.tenant_id = stock_tenant()), (
        select max(s.lead_time_days) from vendor_products s where s.tenant_id = stock_tenant()), 0)
      + greatest(max(v.replenishment_period_days), 7))::integer
  into q.from_day, q.all_days, q.reach_days
  from inventory_levels v
  where v.tenant_id = stock_tenant() and v.replenishment_method is not null
    and (p_products is null or v.product_id = any(p_products))
    and (p_location is null or v.location_id = p_location);
  select array_agg(a.id) filter (where a.place is null and p_location is null),
    array_agg(a.id) filter (where a.place is not null),
    array_agg(a.place) filter (where a.place is not null)
  into q.whole, q.single, q.single_places
  from (
    select p.id, (
      select case when count(*) = 1 then min(s.location_id) end
      from stock_levels_now s where s.tenant_id = stock_tenant() and s.product_id = p.id) as place
    from products p
    where p.tenant_id = stock_tenant() and p.reorder_point is not null and p.active
      and (p_products is null or p.id = any(p_products))
      and not exists (
        select from inventory_levels o
        where o.tenant_id = stock_tenant() and o.product_id = p.id
          and o.replenishment_method is not null)
  ) a
  where p_location is null or a.place = p_location;
  q.has_history := exists (
    select from movement_history h
    where h.tenant_id = stock_tenant() and h.direction = 'DEMAND'
      and h.occurred_on between q.from_day and p_to);
  return q;
end $$;

-- The days of a pair's window on which something moved: what was asked for, and what came more than
-- went.
create or replace function replenishment_days(
  q replenishment_question, p_product text, p_place text, p_days integer
) returns table (day date, asked numeric, net numeric)
language sql stable parallel safe rows 10 as $$
  select (e.occurred_at at time zone q.time_zone)::date,
    coalesce(sum(-e.delta) filter (where e.kind in ('ISSUE', 'CONSUMPTION')), 0), sum(e.delta)
  from (
    select l.occurred_at, l.kind, l.delta from ledger_entries l
    where l.tenant_id = stock_tenant() and l.product_id = p_product and l.location_id = p_place
      and l.occurred_at >= (q.to_day - p_days + 1)::timestamp at time zone q.time_zone
    union all
    select l.occurred_at, l.kind, l.delta from ledger_entries l
    where p_place = '' and l.tenant_id = stock_tenant() and l.product_id = p_product
      and l.occurred_at >= (q.to_day - p_days + 1)::timestamp at time zone q.time_zone
  ) e
  group by 1
$$;

-- The numbers at the places that have a method, and of products without one anywhere that have a
-- reorder point of their own: at their only place, or for the company as a whole (`place` is empty).
-- It becomes a part of the statement that asks it: what that does not ask for is not computed.
-- `offset 0` ends a step, so that its numbers are computed once however often the next one uses them.
create or replace function replenishment_numbers(q replenishment_question) returns table (
  product_id text, place text, method text, unit_cost numeric, given_source text,
  on_hand numeric, expired numeric, held numeric, reserved numeric, available numeric,
  expiring numeric, in_transit numeric, on_order numeric, outgoing numeric, "position" numeric,
  demand numeric, window_days integer, empty_days integer, basis text, daily numeric,
  variance numeric, lead integer, lead_from text, review integer, safety numeric, safety_from text,
  point numeric, point_from text, goal numeric, is_due boolean, missing numeric, pack numeric,
  rounded_up numeric, least_order numeric, raised_to numeric, life numeric, room numeric,
  ordered numeric, excess numeric, urgency integer, empty_on date
)
language sql stable parallel safe rows 1000 as $$
  with setting as (
    select v.product_id, v.location_id as place, v.replenishment_method as method,
      v.min_quantity, v.reorder_quantity, v.max_quantity, v.order_quantity, v.pack_size,
      v.minimum_order_quantity, v.expected_lead_time_days as lead_time_days,
      v.lead_time_deviation_days, v.safety_stock, v.service_level,
      v.replenishment_period_days as review_days, v.cover_days, v.order_cost, v.holding_cost,
      v.shelf_life_days, coalesce(v.demand_window_days, 90)::integer as window_days,
      coalesce(v.demand_share, 0) as demand_share, v.forecast_quantity, v.forecast_period_days,
      v.preferred_bin_id, v.replenishment_location_id as given_source
    from inventory_levels v
    where v.tenant_id = stock_tenant() and v.replenishment_method is not null
      and (q.products is null or v.product_id = any(q.products))
      and (q.location_id is null or v.location_id = q.location_id)
    union all
    select a.id, a.place, 'REORDER_POINT', null, null, null, null, null, null, null, null, null,
      null, null, null, null, null, null, 90, 1, null, null, null, null
    from (
      select id, '' as place from unnest(q.whole) as id
      union all
      select * from unnest(q.single, q.single_places) as s (id, place)
    ) a
  ),
  stocked as (
    select k.product_id, k.location_id as place, k.on_hand, k.expired, k.held, k.reserved
    from stock_levels_now k
    where k.tenant_id = stock_tenant()
      and (q.products is null or k.product_id = any(q.products))
      and (q.location_id is null or k.location_id = q.location_id)
    union all
    select k.product_id, '', sum(k.on_hand), sum(k.expired), sum(k.held), sum(k.reserved)
    from stock_levels_now k
    where k.tenant_id = stock_tenant() and k.product_id = any(q.whole)
    group by k.product_id
  ),
  -- What was asked for in the window, and what a glance tells: whether a bucket was ever at zero,
  -- and whether no two lines are of one day, each day a bit (of more than 126 some share theirs).
  used as (
    select m.product_id, m.place, coalesce(sum(m.asked) filter (where m.day <= q.to_day), 0) as asked,
      bool_or(m.at_zero) as at_zero,
      case when count(m.asked) filter (where m.day <= q.to_day)
        = coalesce(bit_count(bit_or(1::bigint << m.day - q.from_day) filter (
            where m.asked is not null and m.day <= q.to_day and m.day < q.from_day + 63)::bit(64)), 0)
        + coalesce(bit_count(bit_or(1::bigint << (m.day - q.from_day) % 63) filter (
            where m.asked is not null and m.day <= q.to_day and m.day >= q.from_day + 63)::bit(64)), 0)
        then sum(m.asked * m.asked) filter (where m.day <= q.to_day) end as squares
    from (
      select e.product_id,
        case when e.product_id = any(q.whole) then '' else e.location_id end as place,
        (e.occurred_at at time zone q.time_zone)::date as day,
        case when e.kind in ('ISSUE', 'CONSUMPTION') then -e.delta end as asked,
        e.is_backdated or e.quantity_after <= 0 or e.quantity_after <= e.delta as at_zero
      from ledger_entries e
      where e.tenant_id = stock_tenant()
        and e.occurred_at >= q.from_day::timestamp at time zone q.time_zone
        and (q.products is null or e.product_id = any(q.products))
        and (q.location_id is null or e.location_id = q.location_id)
    ) m
    left join inventory_levels v on q.all_days is null and v.tenant_id = stock_tenant()
      and v.product_id = m.product_id and v.location_id = m.place
    where m.day > q.to_day - coalesce(q.all_days, v.demand_window_days::integer, 90)
    group by m.product_id, m.place
  ),
  shared as (
    select s.product_id, s.place, sum(d.asked) as asked, sum(d.asked * d.asked) as squares
    from (
      select h.product_id, h.occurred_on as day, -sum(h.quantity) as asked
      from movement_history h
      where q.has_history and h.tenant_id = stock_tenant() and h.direction = 'DEMAND'
        and h.occurred_on between q.from_day and q.to_day
        and (q.products is null or h.product_id = any(q.products))
      group by h.product_id, h.occurred_on
    ) d
    join (
      select v.product_id, v.location_id as place,
        coalesce(v.demand_window_days, 90)::integer as window_days
      from inventory_levels v
      where q.has_history and v.tenant_id = stock_tenant() and v.replenishment_method is not null
        and v.demand_share > 0
        and (q.products is null or v.product_id = any(q.products))
        and (q.location_id is null or v.location_id = q.location_id)
      union all
      select id, '', 90 from unnest(q.whole) as id
      union all
      select id, place, 90 from unnest(q.single, q.single_places) as s (id, place)
    ) s on s.product_id = d.product_id and d.day > q.to_day - s.window_days
    group by s.product_id, s.place
  ),
  inbound as (
    select b.product_id, case when b.product_id = any(q.whole) then '' else b.location_id end as place,
      sum(b.in_transit) as in_transit, sum(b.on_order) as on_order, sum(b.outgoing) as outgoing
    from replenishment_inbound b
    where b.tenant_id = stock_tenant()
      and (q.products is null or b.product_id = any(q.products))
      and (q.location_id is null or b.location_id = q.location_id)
    group by 1, 2
  ),
  -- What is usable and goes past its date before the order after the next could be there.
  soon as (
    select x.product_id, x.place, count(*) as dates, min(x.expiry_date) as first_date,
      sum(x.units) as units, array_agg(x.expiry_date) as expiry_dates, array_agg(x.units) as amounts
    from (
      select i.product_id,
        case when i.product_id = any(q.whole) then '' else i.location_id end as place,
        t.expiry_date, sum(i.on_hand - i.expired - i.held) as units
      from item_quantities i
      join lots t on t.tenant_id = stock_tenant() and t.id = i.lot_id
      where i.tenant_id = stock_tenant() and i.on_hand > i.expired + i.held
        and t.expiry_date between q.today and q.today + q.reach_days
        and (q.products is null or i.product_id = any(q.products))
        and (q.location_id is null or i.location_id = q.location_id)
      group by 1, 2, 3
    ) x
    group by x.product_id, x.place
  ),
  roomy as (
    select b.id, greatest(b.capacity_units - coalesce(sum(i.on_hand), 0), 0) as units
    from bins b
    left join item_quantities i on i.tenant_id = b.tenant_id and i.bin_id = b.id
    where b.tenant_id = stock_tenant() and b.capacity_units is not null
      and (q.location_id is null or b.location_id = q.location_id)
    group by b.id, b.capacity_units
  ),
  -- What the supplier of a product asks for: of those that are active one that is preferred, then the
  -- fastest, then the cheapest. Terms in a unit of which nobody says what it holds are none.
  offered as (
    select distinct on (o.product_id) o.product_id, o.lead_time_days,
      case when u.units > 1 then u.units end as pack, o.min_order_quantity * u.units as least,
      round(o.standard_price / u.units, 6) as price
    from vendor_products o
    join vendors d on d.tenant_id = o.tenant_id and d.id = o.vendor_id and d.active
    join products p on p.tenant_id = o.tenant_id and p.id = o.product_id
    left join product_packs k on k.tenant_id = o.tenant_id and k.product_id = o.product_id
      and k.code = o.order_unit
    cross join lateral (
      select case when coalesce(o.order_unit, p.unit_of_measure) = p.unit_of_measure then 1
        else k.quantity end as units
    ) u
    where o.tenant_id = stock_tenant() and (q.products is null or o.product_id = any(q.products))
    order by o.product_id, d.preferred desc, o.lead_time_days, o.standard_price / u.units, d.code
  ),
  -- Days of the window on which nothing was there from morning to evening: where buckets were ever
  -- at zero, what was there at the end of a day is what is there now less what came since.
  gathered as (
    select s.*, p.reorder_point as product_point, p.safety_stock as product_safety,
      p.lead_time_days as product_lead, y.lead_time_days as vendor_lead, y.pack as vendor_pack,
      y.least as vendor_least, coalesce(y.price, p.unit_cost) as unit_cost, p.quantity_step,
      coalesce(k.on_hand, 0) as on_hand, coalesce(k.expired, 0) as expired,
      coalesce(k.held, 0) as held, coalesce(k.reserved, 0) as reserved,
      coalesce(k.on_hand - k.expired - k.held - k.reserved, 0) as available,
      coalesce(u.asked, 0) as own_asked, u.squares, coalesce(h.asked, 0) as shared_asked,
      h.squares as shared_squares, coalesce(b.in_transit, 0) as in_transit,
      coalesce(b.on_order, 0) as on_order, coalesce(b.outgoing, 0) as outgoing,
      w.dates as soon_dates, w.first_date, w.units as soon_units, w.expiry_dates, w.amounts,
      r.units as room,
      coalesce(s.lead_time_days, y.lead_time_days, p.lead_time_days, 0)::integer as lead,
      coalesce(s.review_days, 7)::integer as review,
      case
        when u.asked is null then case when k.on_hand > 0 then 0 else s.window_days end
        when not u.at_zero then 0
        else (
          select least(s.window_days,
            coalesce(sum(greatest(least(c.next_day, q.to_day + 1) - c.day - 1, 0))
              filter (where c.closed_at <= 0), 0)
            + coalesce(sum(greatest(least(c.day, q.to_day + 1) - q.to_day + s.window_days - 1, 0))
              filter (where c.is_first and c.closed_at - c.net <= 0), 0))
          from (
            select d.day, d.net, lead(d.day, 1, q.to_day + 1) over days as next_day,
              row_number() over days = 1 as is_first,
              coalesce(k.on_hand, 0) - sum(d.net) over () + sum(d.net) over days as closed_at
            from replenishment_days(q, s.product_id, s.place, s.window_days) d
            window days as (order by d.day)
          ) c
        )
      end::integer as empty_days
    from setting s
    join products p on p.tenant_id = stock_tenant() and p.id = s.product_id and p.active
    left join stocked k on k.product_id = s.product_id and k.place = s.place
    left join used u on u.product_id = s.product_id and u.place = s.place
    left join shared h on h.product_id = s.product_id and h.place = s.place
    left join inbound b on b.product_id = s.product_id and b.place = s.place
    left join soon w on w.product_id = s.product_id and w.place = s.place
    left join roomy r on r.id = s.preferred_bin_id
    left join offered y on y.product_id = s.product_id and s.given_source is null
    -- What nobody asks for and nothing moves to or from is not due while more than each level is
    -- there: most of a large list, and not worth the steps below.
    where not q.only_due or u.asked <> 0 or h.asked <> 0 or s.forecast_quantity is not null
      or w.dates is not null or b.product_id is not null
      or coalesce(k.on_hand - k.expired - k.held - k.reserved, 0) <= greatest(s.min_quantity,
        s.reorder_quantity, s.safety_stock, p.reorder_point, p.safety_stock, 0)
    offset 0
  ),
  demanded as (
    select g.*,
      case
        when g.forecast_quantity is not null and g.forecast_period_days > 0
          then round(g.forecast_quantity / g.forecast_period_days, 6)
        else case when g.own_asked > 0 and g.window_days > g.empty_days
            then round(g.own_asked / (g.window_days - g.empty_days), 6) else 0 end
          + case when g.shared_asked > 0 then
            round(round(g.shared_asked / g.window_days, 6) * g.demand_share, 6) else 0 end
      end as daily,
      case
        when g.own_asked = 0 and g.shared_asked = 0 then 0
        when not q.in_full and (g.safety_stock is not null or g.service_level is null) then 0
        else greatest(case when g.window_days > g.empty_days then
            round(coalesce(g.squares, (
              select sum(d.asked * d.asked)
              from replenishment_days(q, g.product_id, g.place, g.window_days) d
              where d.day <= q.to_day)) / (g.window_days - g.empty_days), 6)
            - round(round(g.own_asked / (g.window_days - g.empty_days), 6)
              * round(g.own_asked / (g.window_days - g.empty_days), 6), 6) else 0 end, 0)
          + greatest(round(g.demand_share * g.demand_share * (
            round(coalesce(g.shared_squares, 0) / g.window_days, 6)
            - round(round(g.shared_asked / g.window_days, 6)
              * round(g.shared_asked / g.window_days, 6), 6)), 6), 0)
      end as variance
    from gathered g
    offset 0
  ),
  -- Units that go past their date before they are asked for, first expired first out: the most by
  -- which all that expires until a day is above what is asked for until then.
  secured as (
    select d.*,
      case
        when d.soon_dates is null then 0
        when d.soon_dates = 1 then case when d.first_date <= q.today + d.lead + d.review
          then greatest(d.soon_units - round(d.daily * (d.first_date - q.today + 1), 6), 0)
          else 0 end
        else (
          select greatest(max(x.until - round(d.daily * (x.expiry_date - q.today + 1), 6)), 0)
          from (
            select y.expiry_date, sum(y.units) over (order by y.expiry_date) as until
            from unnest(d.expiry_dates, d.amounts) as y (expiry_date, units)
            where y.expiry_date <= q.today + d.lead + d.review
          ) x)
      end as expiring,
      case
        when d.safety_stock is not null then d.safety_stock
        when d.service_level is null then coalesce(d.product_safety, 0)
        when d.daily = 0 and d.variance = 0 then 0
        else round(replenishment_factor(d.service_level) * sqrt(
          d.lead * d.variance + round(d.daily * d.daily, 6)
          * coalesce(d.lead_time_deviation_days, 0) * coalesce(d.lead_time_deviation_days, 0)), 6)
      end as safety
    from demanded d
    offset 0
  ),
  pointed as (
    select s.*,
      s.available - s.expiring + s.in_transit + s.on_order - s.outgoing as "position",
      case s.method
        when 'DAYS_OF_COVER' then round(s.daily * (s.lead + s.review), 6) + s.safety
        when 'MIN_MAX' then coalesce(s.min_quantity, s.reorder_quantity, s.product_point, 0)
        when 'DEMAND_DATED' then coalesce(s.min_quantity, 0)
        else coalesce(s.reorder_quantity, s.product_point, round(s.daily * s.lead, 6) + s.safety)
      end as point,
      b.lowest, b.today, b.empty_day
    from secured s
    left join lateral replenishment_projection(s.product_id, s.place, s.available,
      s.in_transit + s.on_order, s.lead + q.horizon) b on s.method = 'DEMAND_DATED'
    offset 0
  ),
  judged as (
    select p.*,
      case when p.method in ('DAYS_OF_COVER', 'DEMAND_DATED') then p.point > a.ahead
        else p.point >= a.ahead end as is_due,
      coalesce(p.pack_size, p.vendor_pack, p.quantity_step) as pack,
      coalesce(p.minimum_order_quantity, p.vendor_least) as least_order,
      case
        when p.method in ('MIN_MAX', 'DEMAND_DATED') then coalesce(p.max_quantity, p.point)
        when p.method = 'DAYS_OF_COVER' then
          round(p.daily * (p.lead + p.review + coalesce(p.cover_days, 0)), 6) + p.safety
        else coalesce(p.max_quantity, p.point + round(p.daily * p.review, 6))
      end as goal,
      a.ahead
    from pointed p
    cross join lateral (
      select coalesce(p.lowest, p."position" - round(p.daily * q.horizon, 6)) as ahead
    ) a
    where not q.only_due or case when p.method in ('DAYS_OF_COVER', 'DEMAND_DATED')
      then p.point > a.ahead else p.point >= a.ahead end
    offset 0
  ),
  missed as (
    select j.*,
      case j.method
        when 'FIXED' then coalesce(j.order_quantity, 0)
          * greatest(floor((j.point - j.ahead) / nullif(j.order_quantity, 0)) + 1, 1)
        when 'EOQ' then greatest(
          round(sqrt(2 * j.daily * 365 * coalesce(j.order_cost, 0) / nullif(j.holding_cost, 0)), 6),
          j.point - j.ahead)
        else j.goal - j.ahead
      end as missing
    from judged j
    offset 0
  ),
  -- Rounded up to packs, raised to the least order, and clipped to what lives and fits.
  rounded as (
    select m.*, ceil(greatest(m.missing, m.quantity_step) / m.pack) * m.pack as rounded_up,
      case when m.shelf_life_days is not null and m.daily > 0
        then greatest(round(m.daily * m.shelf_life_days, 6) - m."position", 0) end as life
    from missed m
    offset 0
  ),
  raised as (
    select r.*, greatest(r.rounded_up,
      ceil(coalesce(r.least_order, 0) / r.pack) * r.pack) as raised_to
    from rounded r
    offset 0
  )
  select r.product_id, r.place, r.method, r.unit_cost, r.given_source,
    r.on_hand, r.expired, r.held, r.reserved, r.available,
    r.expiring, r.in_transit, r.on_order, r.outgoing, r."position",
    r.own_asked + round(r.demand_share * r.shared_asked, 6), r.window_days, r.empty_days,
    case when r.forecast_quantity is not null and r.forecast_period_days > 0 then 'FORECAST'
      when r.daily > 0 then 'MEASURED' else 'NONE' end,
    r.daily, r.variance, r.lead,
    case when r.lead_time_days is not null then 'SETTING'
      when r.vendor_lead is not null then 'VENDOR' when r.product_lead is not null then 'PRODUCT' else 'NONE' end,
    r.review, r.safety,
    case when r.safety_stock is not null then 'SETTING'
      when r.service_level is not null then 'SERVICE_LEVEL'
      when r.product_safety is not null then 'PRODUCT' else 'NONE' end,
    r.point,
    case
      when r.method = 'DAYS_OF_COVER' then 'COVER'
      when r.method in ('MIN_MAX', 'DEMAND_DATED') and r.min_quantity is not null then 'MINIMUM'
      when r.reorder_quantity is not null then 'SETTING'
      when r.product_point is not null then 'PRODUCT'
      when r.method = 'MIN_MAX' then 'NONE'
      else 'DEMAND'
    end,
    r.goal, r.is_due, r.missing, r.pack, r.rounded_up, r.least_order, r.raised_to,
    r.life, r.room,
    floor(least(r.raised_to, r.life, r.room) / r.pack) * r.pack,
    floor(greatest(least(r.available - r.expiring, r."position") - greatest(r.goal, r.point), 0)
      / r.quantity_step) * r.quantity_step,
    case
      when coalesce(r.today, r.available) <= 0 then 1
      when r.method = 'DEMAND_DATED' then
        case when r.empty_day <= r.lead then 2 when r.is_due then 3 else 4 end
      when r.daily > 0 and r.available < round(r.daily * r.lead, 6) then 2
      when r.is_due then 3
      else 4
    end,
    case when coalesce(r.today, r.available) <= 0 then q.today
      when r.method = 'DEMAND_DATED' then q.today + r.empty_day
      when r.daily > 0 then q.today + least(floor(r.available / r.daily), 36500)::integer end
  from raised r
$$;
