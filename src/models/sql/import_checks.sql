-- What is wrong with staged rows: each function gives line, column, value and problem. None needs
-- another to have passed: a cell that is no number is none to those that compare numbers.

do $$ begin
  create type import_problem as (line integer, name text, value text, problem text);
exception when duplicate_object or unique_violation then null;
end $$;

-- Cells that are missing, or do not match the pattern of their column.
create or replace function import_bad_cells(
  p_import text, p_file text, p_positions integer[], p_names text[], p_patterns text[],
  p_required boolean[], p_longest integer[], p_dates boolean[], p_problems text[]
) returns setof import_problem
language sql stable as $$
  select r.line, c.name, r.cells[c.position],
    case
      when r.cells[c.position] = '' then 'is missing'
      when c.is_date and r.cells[c.position] ~ c.pattern then 'is no day of the calendar'
      else c.problem
    end
  from import_rows r
  cross join unnest(p_positions, p_names, p_patterns, p_required, p_longest, p_dates, p_problems)
    as c (position, name, pattern, required, longest, is_date, problem)
  where r.tenant_id = stock_tenant() and r.import_id = p_import and r.file = p_file
    and r.cells[c.position] is not null  -- the file has the column
    and case
      when r.cells[c.position] = '' then c.required
      else r.cells[c.position] !~ c.pattern or length(r.cells[c.position]) > c.longest
        or c.is_date and import_day(r.cells[c.position]) is null
    end
$$;

-- Rows whose key is in an earlier line already; p_key are the positions of its cells. An empty key
-- is none, and rows that have something in p_unless are told apart by that.
create or replace function import_repeated(
  p_import text, p_file text, p_key integer[], p_name text, p_unless integer
) returns setof import_problem
language sql stable set work_mem = '64MB' as $$
  with keyed as (
    select r.line, array[coalesce(r.cells[p_key[1]], ''), coalesce(r.cells[p_key[2]], ''),
      coalesce(r.cells[p_key[3]], ''), coalesce(r.cells[p_key[4]], '')] as key
    from import_rows r
    where r.tenant_id = stock_tenant() and r.import_id = p_import and r.file = p_file
      and (p_unless is null or coalesce(r.cells[p_unless], '') = '')
      and array[r.cells[p_key[1]], r.cells[p_key[2]]] <> array['', null]
  ),
  repeated as (select k.key, min(k.line) as first from keyed k group by k.key having count(*) > 1)
  select k.line, p_name, array_to_string(k.key[:cardinality(p_key)], ' / '),
    'is in line ' || g.first || ' already'
  from keyed k join repeated g using (key)
  where k.line > g.first
$$;

-- Cells that name, by its code, a thing that is neither in its own file nor there already, or that
-- its own file gives another code. p_place is the cell that names the location of a bin.
create or replace function import_unknown(
  p_import text, p_file text, p_position integer, p_name text, p_target text, p_place integer
) returns setof import_problem
language sql stable set work_mem = '64MB' as $$
  with named as (
    select distinct r.cells[p_position] as code, coalesce(r.cells[p_place], '') as place
    from import_rows r
    where r.tenant_id = stock_tenant() and r.import_id = p_import and r.file = p_file
      and r.cells[p_position] <> ''
  ),
  staged as (
    select r.cells[case p_target when 'channel' then 1 when 'bin' then 3 else 2 end] as code,
      case when p_target = 'bin' then r.cells[2] else '' end as place,
      case when p_target <> 'channel' then nullif(r.cells[1], '') end as id
    from import_rows r
    where r.tenant_id = stock_tenant() and r.import_id = p_import and r.file = case p_target
      when 'category' then 'categories' when 'product' then 'products' when 'bin' then 'bins'
      when 'location' then 'locations' when 'channel' then 'channels'
      when 'vendor' then 'vendors' end
  ),
  there as (
    select t.id, t.code, '' as place from categories t
    where p_target = 'category' and t.tenant_id = stock_tenant()
    union all
    select t.id, t.sku, '' from products t
    where p_target = 'product' and t.tenant_id = stock_tenant()
    union all
    select t.id, t.code, '' from locations t
    where p_target = 'location' and t.tenant_id = stock_tenant()
    union all
    select t.id, t.code, '' from vendors t
    where p_target = 'vendor' and t.tenant_id = stock_tenant()
    union all
    select t.id, t.id, '' from channels t
    where p_target = 'channel' and t.tenant_id = stock_tenant()
    union all
    select t.id, t.code, l.code from bins t
    join locations l on l.tenant_id = t.tenant_id and l.id = t.location_id
    where p_target = 'bin' and t.tenant_id = stock_tenant()
  ),
  unknown as (
    select n.code, n.place from named n
    where not exists (select 1 from staged s where s.code = n.code and s.place = n.place)
      and not exists (
        select 1 from there t
        where t.code = n.code and t.place = n.place
          and not exists (select 1 from staged s where s.id = t.id))
  )
  select r.line, p_name, r.cells[p_position], 'names no known ' || p_target
    || case when p_target = 'bin' then ' of ' || coalesce(nullif(u.place, ''), 'no location') else '' end
  from unknown u
  join import_rows r on r.cells[p_position] = u.code and coalesce(r.cells[p_place], '') = u.place
  where r.tenant_id = stock_tenant() and r.import_id = p_import and r.file = p_file
$$;

-- Rows of a tree that would stand below themselves.
create or replace function import_circles(p_import text, p_file text)
returns setof import_problem
language sql stable as $$
  with recursive known as (
    select c.code, p.code as parent from categories c
    left join categories p on p.tenant_id = c.tenant_id and p.id = c.parent_id
    where p_file = 'categories' and c.tenant_id = stock_tenant()
    union all
    select l.code, p.code from locations l
    left join locations p on p.tenant_id = l.tenant_id and p.id = l.parent_id
    where p_file = 'locations' and l.tenant_id = stock_tenant()
  ),
  staged as (
    select r.line, r.cells[2] collate "C" as code, nullif(r.cells[case p_file when 'categories' then 4 else 5 end], '') collate "C" as parent
    from import_rows r
    where r.tenant_id = stock_tenant() and r.import_id = p_import and r.file = p_file
      and r.cells[case p_file when 'categories' then 4 else 5 end] is not null
  ),
  tree as (
    select s.code, s.parent from staged s
    union all
    select k.code, k.parent from known k where k.code not in (select s.code from staged s)
  ),
  climb as (
    select s.line, s.code as start, s.parent as at from staged s where s.parent is not null
    union
    select c.line, c.start, t.parent from climb c join tree t on t.code = c.at
    where t.parent is not null and c.at <> c.start
  )
  select c.line, 'parentCode', (select s.parent from staged s where s.line = c.line),
    'puts ' || c.start || ' below itself'
  from climb c where c.at = c.start
$$;

-- Barcodes of products and packs that something else has, in the file or already. Those of packs
-- may go from one product to another within a file: all of them are taken off first.
create or replace function import_taken_barcodes(p_import text) returns setof import_problem
language sql stable set work_mem = '64MB' as $$
  with listed as (
    select r.line, r.cells, coalesce(i.id, k.id) as product_id
    from import_rows r
    left join products i on i.tenant_id = stock_tenant() and i.id = r.cells[1]
    left join products k on k.tenant_id = stock_tenant() and k.sku = r.cells[2]
    where r.tenant_id = stock_tenant() and r.import_id = p_import and r.file = 'products'
  ),
  pack as (
    select l.line, l.product_id, split_part(u.pack, '=', 1) as code,
      split_part(split_part(u.pack, '=', 2), ':', 2) as barcode
    from listed l cross join lateral unnest(string_to_array(l.cells[20], ';')) as u (pack)
  ),
  given as (
    select l.line, l.product_id, 'barcode' as name, l.cells[7] as barcode from listed l
    where l.cells[7] <> ''
    union all
    select p.line, p.product_id, 'packs', p.barcode from pack p where p.barcode <> ''
  ),
  numbered as (
    select g.*, min(g.line) over same as first, row_number() over (same order by g.line) as ordinal
    from given g window same as (partition by g.barcode)
  ),
  there as (
    select p.id, p.sku, p.barcode from products p
    where p.tenant_id = stock_tenant() and p.barcode is not null and not exists (
      select 1 from listed l where l.product_id = p.id and l.cells[7] = p.barcode)
    union all
    select p.id, p.sku, k.barcode from product_packs k
    join products p on p.tenant_id = k.tenant_id and p.id = k.product_id
    where k.tenant_id = stock_tenant() and k.barcode is not null and not exists (
      select 1 from listed l where l.product_id = k.product_id and l.cells[20] is not null)
  )
  select n.line, n.name, n.barcode,
    case when n.line = n.first then 'is there twice' else 'is in line ' || n.first || ' already' end
  from numbered n where n.ordinal > 1
  union all
  select g.line, g.name, g.barcode, 'is the barcode of ' || t.sku
  from given g join there t using (barcode)
  where t.id is distinct from g.product_id
  union all
  select p.line, 'packs', p.code, 'is there twice'
  from pack p group by p.line, p.code having count(*) > 1
$$;

-- Bins and lots whose id is known under another location or product: neither ever changes.
create or replace function import_moved(p_import text, p_file text) returns setof import_problem
language sql stable as $$
  select r.line, 'locationCode', r.cells[2], 'is not where this bin is: ' || l.code
  from import_rows r
  join bins b on b.tenant_id = stock_tenant() and b.id = r.cells[1]
  join locations l on l.tenant_id = b.tenant_id and l.id = b.location_id
  where p_file = 'bins' and r.tenant_id = stock_tenant() and r.import_id = p_import
    and r.file = 'bins' and l.code <> r.cells[2] and not exists (
      select 1 from import_rows n
      where n.tenant_id = stock_tenant() and n.import_id = p_import and n.file = 'locations'
        and n.cells[1] = l.id and n.cells[2] = r.cells[2])
  union all
  select r.line, 'sku', r.cells[4], 'is not the product of this lot: ' || p.sku
  from import_rows r
  join lots t on t.tenant_id = stock_tenant() and t.id = r.cells[1]
  join products p on p.tenant_id = t.tenant_id and p.id = t.product_id
  where p_file = 'lots' and r.tenant_id = stock_tenant() and r.import_id = p_import
    and r.file = 'lots' and r.cells[4] <> '' and p.sku <> r.cells[4] and not exists (
      select 1 from import_rows n
      where n.tenant_id = stock_tenant() and n.import_id = p_import and n.file = 'products'
        and n.cells[1] = p.id and n.cells[2] = r.cells[4])
  union all
  select r.line, 'sku', '', 'is missing: an id is that of one lot'
  from import_rows r
  where p_file = 'lots' and r.tenant_id = stock_tenant() and r.import_id = p_import
    and r.file = 'lots' and r.cells[1] <> '' and coalesce(r.cells[4], '') = ''
$$;

-- Rows after which a product at a location would come to a trillion, which no number here may.
create or replace function import_too_much(p_import text, p_file text) returns setof import_problem
language sql stable set work_mem = '64MB' as $$
  with given as (
    select s.line, s.sku, s.location_code, s.quantity from import_stock s
    where s.tenant_id = stock_tenant() and s.import_id = p_import
    union all
    select m.line, m.sku, m.location_code, abs(m.quantity) from import_movements m
    where p_file = 'movements' and m.tenant_id = stock_tenant() and m.import_id = p_import
      and m.location_code is not null and not exists (
        select 1 from imported_movements d
        where d.tenant_id = stock_tenant() and d.identity = m.identity)
  ),
  summed as (
    select g.sku, g.location_code, max(g.line) as line, sum(g.quantity) as total
    from given g group by g.sku, g.location_code
  )
  select s.line, 'quantity', null::text, 'brings ' || s.sku || ' in ' || s.location_code || ' to '
    || trim_scale(s.total + s.there) || ', more than can be counted'
  from (
    select u.*, case
      when p_file = 'movements' then coalesce(v.on_hand, 0)
      when u.total + v.on_hand >= 1000000000000 then (
        select coalesce(sum(i.on_hand), 0)  -- of the buckets that the file leaves out
        from inventory_items i
        left join bins b on b.tenant_id = i.tenant_id and b.id = i.bin_id
        left join lots t on t.tenant_id = i.tenant_id and t.id = i.lot_id
        where i.tenant_id = stock_tenant() and i.location_id = l.id and i.product_id = p.id
          and not exists (
            select 1 from import_stock s
            where s.tenant_id = stock_tenant() and s.import_id = p_import and s.sku = u.sku
              and s.location_code = u.location_code and s.bin_code is not distinct from b.code
              and s.lot_number is not distinct from t.number))
      else 0 end as there
    from summed u
    left join products p on p.tenant_id = stock_tenant() and p.sku = u.sku
    left join locations l on l.tenant_id = stock_tenant() and l.code = u.location_code
    left join stock_levels v on v.tenant_id = stock_tenant() and v.location_id = l.id
      and v.product_id = p.id
  ) s
  where s.total + s.there >= 1000000000000
$$;

-- Rows of policies.csv without an id whose scope several policies have.
create or replace function import_unclear_policies(p_import text) returns setof import_problem
language sql stable as $$
  select r.line, 'id', ''::text,
    'is needed: several policies of ' || r.cells[2] || ' have this scope'
  from import_rows r
  where r.tenant_id = stock_tenant() and r.import_id = p_import and r.file = 'policies'
    and coalesce(r.cells[1], '') = ''
    and 1 < (
      select count(*) from channel_policies c
      left join locations l on l.tenant_id = c.tenant_id and l.id = c.location_id
      left join products p on p.tenant_id = c.tenant_id and p.id = c.product_id
      left join categories k on k.tenant_id = c.tenant_id and k.id = c.category_id
      where c.tenant_id = stock_tenant() and c.channel_id = r.cells[2]
        and coalesce(l.code, '') = coalesce(r.cells[3], '')
        and coalesce(p.sku, '') = coalesce(r.cells[4], '')
        and coalesce(k.code, '') = coalesce(r.cells[5], ''))
$$;

-- What one row of a file of settings says against itself.
create or replace function import_odd_settings(p_import text, p_file text)
returns setof import_problem
language sql stable as $$
  with setting as (
    select r.line, r.cells, import_number(r.cells[4]) as least, import_number(r.cells[5]) as middle,
      import_number(r.cells[6]) as most
    from import_rows r
    where r.tenant_id = stock_tenant() and r.import_id = p_import and r.file = p_file
  )
  select r.line, 'sku', r.cells[4], 'cannot stand beside a categoryCode'
  from setting r where p_file = 'policies' and r.cells[4] <> '' and r.cells[5] <> ''
  union all
  select r.line, 'consumed', r.cells[6], 'is more than what is allocated'
  from setting r where p_file = 'quotas' and r.most > r.middle
  union all
  select r.line, 'minQuantity', r.cells[4], 'must not be above reorderQuantity and maxQuantity'
  from setting r where p_file = 'levels' and r.least > least(r.middle, r.most)
  union all
  select r.line, 'reorderQuantity', r.cells[5], 'must not be above maxQuantity'
  from setting r where p_file = 'levels' and r.middle > r.most
$$;

-- Expiry dates of stock.csv that contradict another row, lots.csv or the lot that is there.
create or replace function import_odd_expiries(p_import text) returns setof import_problem
language sql stable as $$
  with given as (
    select s.line, s.sku, s.lot_number, s.expiry_date
    from import_stock s
    where s.tenant_id = stock_tenant() and s.import_id = p_import and s.expiry_date is not null
      and s.lot_number is not null
  ),
  first as (
    select distinct on (g.sku, g.lot_number) g.* from given g
    order by g.sku, g.lot_number, g.line
  ),
  listed as (
    select r.line, r.cells[2] as lot_number, import_day(r.cells[3]) as expiry_date,
      nullif(r.cells[4], '') as sku
    from import_rows r
    where r.tenant_id = stock_tenant() and r.import_id = p_import and r.file = 'lots'
      and r.cells[3] <> ''
  )
  select g.line, 'expiryDate', g.expiry_date::text,
    'contradicts line ' || f.line || ', where the lot expires on ' || f.expiry_date
  from given g join first f using (sku, lot_number)
  where g.expiry_date <> f.expiry_date
  union all
  select g.line, 'expiryDate', g.expiry_date::text,
    'contradicts line ' || l.line || ' of lots.csv, where the lot expires on ' || l.expiry_date
  from first g join listed l on l.lot_number = g.lot_number and coalesce(l.sku, g.sku) = g.sku
  where g.expiry_date <> l.expiry_date
  union all
  select g.line, 'expiryDate', g.expiry_date::text, 'contradicts what is known of the lot, which '
    || 'expires on ' || t.expiry_date || '; lots.csv may change that'
  from first g
  join products p on p.tenant_id = stock_tenant() and p.sku = g.sku
  join lots t on t.tenant_id = stock_tenant() and t.product_id = p.id and t.number = g.lot_number
  where g.expiry_date <> t.expiry_date and not exists (
    select 1 from listed l where l.lot_number = g.lot_number and coalesce(l.sku, g.sku) = g.sku)
  union all
  select s.line, 'expiryDate', s.expiry_date::text, 'needs a lotNumber'
  from import_stock s
  where s.tenant_id = stock_tenant() and s.import_id = p_import and s.expiry_date is not null
    and s.lot_number is null
$$;

-- Movements whose quantity, time or place cannot be.
create or replace function import_odd_movements(p_import text) returns setof import_problem
language sql stable as $$
  with move as (
    select m.*, import_number(m.cells[4]) as given,
      m.type in ('SALE', 'ISSUE', 'CONSUME', 'DAMAGE', 'EXPIRE', 'TRANSFER_OUT') as is_out
    from import_movements m where m.tenant_id = stock_tenant() and m.import_id = p_import
  )
  select m.line, 'quantity', m.cells[4], 'must not be negative: the type says the direction'
  from move m where m.given < 0 and not m.is_out and m.type <> 'ADJUSTMENT'
  union all
  select m.line, 'quantity', m.cells[4], 'must be negative, as what goes out is in this file'
  from move m where m.is_out and m.given > 0 and exists (
    select 1 from move n where n.is_out and n.given < 0)
  union all
  select m.line, 'occurredAt', m.cells[1], 'is in the future'
  from move m where m.occurred_at > stock_now()
  union all
  select m.line, 'locationCode', '', 'is missing: a COUNT is of one place'
  from move m where m.type = 'COUNT' and m.location_code is null
  union all
  select m.line, 'locationCode', '', 'is missing beside a binCode or lotNumber'
  from move m
  where m.location_code is null and m.type <> 'COUNT' and (m.bin_code is not null
    or m.lot_number is not null)
$$;

-- What is taken as found in stock.csv, and worth a warning.
create or replace function import_stock_warnings(p_import text) returns setof import_problem
language sql stable as $$
  with listed as (
    select r.cells[2] as sku, coalesce(nullif(r.cells[6], ''), '1') as step, r.cells[6] is not null
      as has_step, nullif(r.cells[10], '') as lot_tracked, r.cells[10] is not null as has_lot_tracked
    from import_rows r
    where r.tenant_id = stock_tenant() and r.import_id = p_import and r.file = 'products'
  ),
  product as (
    select coalesce(l.sku, p.sku) as sku,
      case when l.has_step or p.id is null then import_number(l.step) else p.quantity_step end as step,
      case when l.has_lot_tracked or p.id is null then coalesce(l.lot_tracked, 'false') in ('true', 'TRUE')
        else p.lot_tracked end as lot_tracked
    from listed l
    full join (select * from products where tenant_id = stock_tenant()) p on p.sku = l.sku
  )
  select s.line, 'lotNumber', ''::text, 'is missing, though lots of ' || s.sku || ' are tracked'
  from import_stock s join product p on p.sku = s.sku
  where s.tenant_id = stock_tenant() and s.import_id = p_import and p.lot_tracked
    and s.lot_number is null and s.quantity > 0
  union all
  select s.line, 'expiryDate', s.expiry_date::text, 'is in the past'
  from import_stock s
  where s.tenant_id = stock_tenant() and s.import_id = p_import and s.quantity > 0
    and s.expiry_date < (select stock_today())
  union all
  select s.line, 'quantity', trim_scale(s.quantity)::text,
    'is no multiple of the quantityStep ' || trim_scale(p.step) || ' of ' || s.sku
  from import_stock s join product p on p.sku = s.sku
  where s.tenant_id = stock_tenant() and s.import_id = p_import and p.step > 0
    and s.quantity % p.step <> 0
$$;

-- Movements after a COUNT that take more than was counted; before the first COUNT of a bucket an
-- opening entry is made large enough.
create or replace function import_negative_moments(p_import text) returns setof import_problem
language sql stable set work_mem = '64MB' as $$
  with segmented as (
    select m.line, m.cells, m.quantity, m.occurred_at, m.sku, m.location_code, m.bin_code,
      m.lot_number, count(*) filter (where m.type = 'COUNT') over (
        partition by m.sku, m.location_code, m.bin_code, m.lot_number
        order by m.occurred_at, m.line) as segment
    from import_movements m
    where m.tenant_id = stock_tenant() and m.import_id = p_import and m.location_code is not null
      and not exists (
        select 1 from imported_movements d
        where d.tenant_id = stock_tenant() and d.identity = m.identity)
  ),
  summed as (
    select s.line, s.cells, s.segment, s.quantity, sum(s.quantity) over (
      partition by s.sku, s.location_code, s.bin_code, s.lot_number, s.segment
      order by s.occurred_at, s.line) as after
    from segmented s
  )
  select s.line, 'quantity', s.cells[4], 'takes more than the '
    || trim_scale(s.after - s.quantity) || ' that are left of the last COUNT'
  from summed s
  where s.segment > 0 and s.after < 0 and s.after - s.quantity >= 0
$$;

-- Rows of lots.csv without a sku whose number no product has, here or in the files.
create or replace function import_lot_warnings(p_import text) returns setof import_problem
language sql stable as $$
  select r.line, 'lotNumber', r.cells[2], 'is no lot of any product: name its sku to make it'
  from import_rows r
  where r.tenant_id = stock_tenant() and r.import_id = p_import and r.file = 'lots'
    and coalesce(r.cells[4], '') = ''
    and r.cells[2] not in (
      select t.number from lots t where t.tenant_id = stock_tenant()
      union
      select s.lot_number from import_stock s
      where s.tenant_id = stock_tenant() and s.import_id = p_import and s.lot_number is not null
      union
      select m.lot_number from import_movements m
      where m.tenant_id = stock_tenant() and m.import_id = p_import and m.lot_number is not null
    )
$$;

-- Quotas of the file that, with those of other channels, set more aside than is available once all
-- that is planned is posted: each product at a location once.
create or replace function import_quota_warnings(p_import text) returns setof import_problem
language sql stable as $$
  with cell as (
    select distinct on (l.id, p.id) r.line, r.cells[5] as allocated, l.id as location_id,
      p.id as product_id, p.sku, l.code
    from import_rows r
    join products p on p.tenant_id = stock_tenant() and p.sku = r.cells[3]
    join locations l on l.tenant_id = stock_tenant() and l.code = r.cells[4]
    where r.tenant_id = stock_tenant() and r.import_id = p_import and r.file = 'quotas'
    order by l.id, p.id, r.line
  ),
  planned as (
    select m.location_id, m.product_id, m.bin_id, m.lot_id, max(m.level) as level,
      coalesce(sum(m.delta), 0) as delta
    from import_lines m
    where m.tenant_id = stock_tenant() and m.import_id = p_import
    group by m.location_id, m.product_id, m.bin_id, m.lot_id
  ),
  changed as (
    select n.location_id, n.product_id,
      sum(coalesce(n.level - coalesce(i.on_hand, 0), n.delta)) as change
    from planned n
    left join inventory_items i on i.tenant_id = stock_tenant() and i.location_id = n.location_id
      and i.product_id = n.product_id and i.bin_id is not distinct from n.bin_id
      and i.lot_id is not distinct from n.lot_id
    left join bins b on b.tenant_id = stock_tenant() and b.id = n.bin_id
    left join lots t on t.tenant_id = stock_tenant() and t.id = n.lot_id
    where coalesce(b.type, '') not in ('HOLD', 'QUARANTINE', 'DAMAGE')
      and (t.expiry_date is null or t.expiry_date >= (select stock_today()))
    group by n.location_id, n.product_id
  ),
  promised as (
    select o.location_id, o.product_id, o.channel_id, o.from_quota from open_promises o
    where o.tenant_id = stock_tenant()
  ),
  fenced as (
    select q.location_id, q.product_id,
      sum(greatest(0, q.allocated - q.consumed - coalesce(o.from_quota, 0))) as units
    from channel_quotas q
    left join promised o on o.location_id = q.location_id and o.product_id = q.product_id
      and o.channel_id = q.channel_id
    where q.tenant_id = stock_tenant()
    group by q.location_id, q.product_id
  ),
  compared as (
    select c.line, c.allocated, c.sku, c.code, f.units,
      coalesce(v.on_hand - v.expired - v.held - v.reserved, 0) + coalesce(g.change, 0) as available
    from cell c
    join fenced f using (location_id, product_id)
    left join stock_levels_now v on v.tenant_id = stock_tenant()
      and v.location_id = c.location_id and v.product_id = c.product_id
    left join changed g on g.location_id = c.location_id and g.product_id = c.product_id
  )
  select c.line, 'allocated', c.allocated, 'is more than there is: ' || trim_scale(c.units) || ' of '
    || c.sku || ' in ' || c.code || ' are set aside for channels, and ' || trim_scale(c.available)
    || ' are available'
  from compared c
  where c.units > greatest(0, c.available)
$$;
