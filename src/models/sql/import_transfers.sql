-- What rows of transfers.csv say against themselves and one another, and those that are new.

create or replace function import_odd_transfers(p_import text) returns setof import_problem
language sql stable as $$
  with line as (
    select r.line, r.cells[1] as number, r.cells[3] as source, r.cells[4] as dest,
      r.cells[5] as sku, coalesce(r.cells[6], '') as lot, import_number(r.cells[7]) as quantity,
      lower(coalesce(r.cells[8], '')) <> 'false' as in_transit,
      array[r.cells[3], r.cells[4], coalesce(r.cells[9], ''), coalesce(r.cells[10], '')] as head
    from import_rows r
    where r.tenant_id = stock_tenant() and r.import_id = p_import and r.file = 'transfers'
  ),
  first as (
    select distinct on (l.number) l.number, l.line, l.head, count(*) over (partition by l.number) as lines
    from line l order by l.number, l.line
  ),
  product as (
    select distinct on (sku) sku, tracked, step
    from (
      select r.cells[2] as sku, lower(r.cells[10]) = 'true' as tracked,
        import_number(r.cells[6]) as step, 1 as rank
      from import_rows r
      where r.tenant_id = stock_tenant() and r.import_id = p_import and r.file = 'products'
      union all
      select p.sku, p.lot_tracked, p.quantity_step, 2
      from products p where p.tenant_id = stock_tenant()
    ) x
    order by sku, rank
  ),
  lot as (
    select p.sku, t.number from lots t
    join products p on p.tenant_id = t.tenant_id and p.id = t.product_id
    where t.tenant_id = stock_tenant()
    union
    select r.cells[4], r.cells[2] from import_rows r
    where r.tenant_id = stock_tenant() and r.import_id = p_import and r.file = 'lots'
    union
    select s.sku, s.lot_number from import_stock s
    where s.tenant_id = stock_tenant() and s.import_id = p_import and s.lot_number is not null
  )
  select l.line, 'destLocationCode', l.dest, 'is where it comes from'
  from line l where l.source = l.dest
  union all
  select l.line, 'transferNumber', l.number, 'says something else than line ' || f.line
    || ' about where it goes, when, or its reference'
  from line l join first f on f.number = l.number where l.head <> f.head
  union all
  select f.line, 'transferNumber', f.number, 'has more than 500 lines' from first f where f.lines > 500
  union all
  select l.line, 'lotNumber', l.lot, 'names no known lot of ' || l.sku
  from line l
  where l.lot <> '' and not exists (select from lot t where t.sku = l.sku and t.number = l.lot)
  union all
  select l.line, 'lotNumber', '', 'is needed: the lots of ' || l.sku || ' are tracked'
  from line l join product p on p.sku = l.sku
  where l.lot = '' and l.in_transit and p.tracked
  union all
  select l.line, 'quantity', trim_scale(l.quantity)::text,
    'is no multiple of ' || trim_scale(p.step)
  from line l join product p on p.sku = l.sku
  where p.step > 0 and mod(l.quantity, p.step) <> 0
$$;

-- The rows of transfers whose numbers are not there yet, in the order in which they are made. What
-- is on its way was in the bin, of those that are not held, in which the same lies at its source.
create or replace function import_new_transfers(p_import text) returns table (
  number text, source_location_id text, dest_location_id text, product_id text, lot_id text, bin_id text,
  quantity numeric, in_transit boolean, expected_on date, reference text
)
language sql stable as $$
  select r.cells[1], s.id, d.id, p.id, t.id, k.bin_id, import_number(r.cells[7]),
    lower(coalesce(r.cells[8], '')) <> 'false', import_day(r.cells[9]), nullif(r.cells[10], '')
  from import_rows r
  join locations s on s.tenant_id = stock_tenant() and s.code = r.cells[3]
  join locations d on d.tenant_id = stock_tenant() and d.code = r.cells[4]
  join products p on p.tenant_id = stock_tenant() and p.sku = r.cells[5]
  left join lots t on t.tenant_id = stock_tenant() and t.product_id = p.id
    and t.number = nullif(r.cells[6], '')
  left join lateral (
    select i.bin_id from inventory_items i
    left join bins b on b.tenant_id = i.tenant_id and b.id = i.bin_id
    where i.tenant_id = stock_tenant() and i.product_id = p.id and i.location_id = s.id
      and i.lot_id is not distinct from t.id
      and coalesce(b.type not in ('HOLD', 'QUARANTINE', 'DAMAGE'), true)
    order by b.pick_order nulls first, b.code
    limit 1
  ) k on true
  where r.tenant_id = stock_tenant() and r.import_id = p_import and r.file = 'transfers'
    and not exists (
      select from transfers x where x.tenant_id = stock_tenant() and x.number = r.cells[1])
  order by r.cells[1] collate "C", import_number(r.cells[2])
$$;
