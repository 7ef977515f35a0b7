-- What rows of replenishment.csv and levels.csv say against themselves and one another.

-- Numbers out of range, methods without a number that they need, and shares above 1 in all.
create or replace function import_odd_replenishment(p_import text) returns setof import_problem
language sql stable as $$
  with setting as (
    select r.line, r.cells, r.cells[4] as method, import_number(r.cells[9]) as service_level,
      import_number(r.cells[15]) as window_days, import_number(r.cells[16]) as share
    from import_rows r
    where r.tenant_id = stock_tenant() and r.import_id = p_import and r.file = 'replenishment'
  ),
  bound as (
    select s.line, coalesce(import_number(g.cells[4]), v.min_quantity) as least,
      coalesce(import_number(g.cells[6]), v.max_quantity) as most
    from setting s
    left join import_rows g on g.tenant_id = stock_tenant() and g.import_id = p_import
      and g.file = 'levels' and g.cells[2] = s.cells[2] and g.cells[3] = s.cells[3]
    left join products p on p.tenant_id = stock_tenant() and p.sku = s.cells[2]
    left join locations l on l.tenant_id = stock_tenant() and l.code = s.cells[3]
    left join inventory_levels v on v.tenant_id = stock_tenant() and v.product_id = p.id
      and v.location_id = l.id
    where s.method = 'MIN_MAX'
  ),
  shared as (
    select s.line, s.cells[2] as sku, s.share from setting s where s.share > 0
    union all
    select null, p.sku, v.demand_share
    from inventory_levels v
    join products p on p.tenant_id = v.tenant_id and p.id = v.product_id
    join locations l on l.tenant_id = v.tenant_id and l.id = v.location_id
    where v.tenant_id = stock_tenant() and v.demand_share > 0 and not exists (
      select 1 from setting s where s.cells[2] = p.sku and s.cells[3] = l.code
        and s.cells[16] is not null)
  )
  select s.line, 'serviceLevel', s.cells[9], 'must be from 0.5 to 0.999'
  from setting s where s.service_level not between 0.5 and 0.999
  union all
  select s.line, 'demandWindowDays', s.cells[15], 'must be from 1 to 730'
  from setting s where s.window_days not between 1 and 730
  union all
  select s.line, 'orderQuantity', '', 'is needed by FIXED'
  from setting s where s.method = 'FIXED' and coalesce(s.cells[5], '') = ''
  union all
  select s.line, 'orderCost', '', 'is needed by EOQ'
  from setting s where s.method = 'EOQ' and coalesce(s.cells[12], '') = ''
  union all
  select s.line, 'holdingCost', '', 'is needed by EOQ'
  from setting s where s.method = 'EOQ' and coalesce(s.cells[13], '') = ''
  union all
  select s.line, 'coverDays', '', 'is needed by DAYS_OF_COVER'
  from setting s where s.method = 'DAYS_OF_COVER' and coalesce(s.cells[11], '') = ''
  union all
  select b.line, 'method', 'MIN_MAX', 'needs minQuantity and maxQuantity in levels.csv'
  from bound b where b.least is null or b.most is null
  union all
  select max(h.line), 'demandShare', trim_scale(sum(h.share))::text,
    'is what the places of ' || h.sku || ' would share: more than 1'
  from shared h group by h.sku having sum(h.share) > 1 and max(h.line) is not null
$$;

-- Places of levels.csv that would be replenished from themselves, over others of their product.
create or replace function import_source_circles(p_import text) returns setof import_problem
language sql stable as $$
  with recursive given as (
    select r.line, r.cells[2] collate "C" as sku, r.cells[3] collate "C" as place,
      nullif(r.cells[14], '') collate "C" as source
    from import_rows r
    where r.tenant_id = stock_tenant() and r.import_id = p_import and r.file = 'levels'
  ),
  edge as (
    select g.sku, g.place, g.source from given g where g.source is not null
    union all
    select p.sku, l.code, s.code
    from inventory_levels v
    join products p on p.tenant_id = v.tenant_id and p.id = v.product_id
    join locations l on l.tenant_id = v.tenant_id and l.id = v.location_id
    join locations s on s.tenant_id = v.tenant_id and s.id = v.replenishment_location_id
    where v.tenant_id = stock_tenant() and not exists (
      select 1 from given g where g.sku = p.sku and g.place = l.code)
  ),
  way as (
    select g.line, g.sku, g.place, g.source, array[g.place] as places
    from given g where g.source is not null
    union all
    select w.line, w.sku, w.place, e.source, w.places || e.place
    from way w join edge e on e.sku = w.sku and e.place = w.source
    where w.source <> w.place and not w.source = any(w.places)
  )
  select w.line, 'replenishmentLocationCode', w.source,
    'comes back to ' || w.place || ' over ' || cardinality(w.places) || ' places'
  from way w where w.source = w.place
$$;
