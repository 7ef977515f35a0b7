-- Imports: staged rows by name, what is planned from them, and the posting of what is planned.

-- A cell as a number; null where it is none.
create or replace function import_number(p_cell text) returns numeric
language sql immutable parallel safe as $$
  select case when p_cell ~ '^-?[0-9]{1,12}([.][0-9]{1,6})?$' then p_cell::numeric end
$$;

-- A cell as a date; null where there is no such day.
create or replace function import_day(p_cell text) returns date
language sql immutable parallel safe as $$
  select case
    when p_cell ~ '^[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])'
      and substr(p_cell, 9, 2)::int <= extract(day from
        make_date(substr(p_cell, 1, 4)::int, substr(p_cell, 6, 2)::int, 1)
        + interval '1 month' - interval '1 day')
    then make_date(substr(p_cell, 1, 4)::int, substr(p_cell, 6, 2)::int, substr(p_cell, 9, 2)::int)
  end
$$;

-- A cell as a moment: a date is the start of that day, and what names no zone is in the tenant's.
create or replace function import_moment(p_cell text, p_zone text) returns timestamptz
language sql stable parallel safe as $$
  select case
    when import_day(p_cell) is null then null
    when p_cell ~ '(Z|[+-][0-9]{2}:?[0-9]{2})$' and length(p_cell) > 10 then p_cell::timestamptz
    else p_cell::timestamp at time zone p_zone
  end
$$;

-- The time-ordered part of new ids: 10 characters of base 32, 48 bits of milliseconds.
create or replace function import_time_part() returns text
language sql volatile as $$
  select string_agg(substr('0123456789abcdefghjkmnpqrstvwxyz', (n.ms >> s.shift & 31)::int + 1, 1), ''
    order by s.shift desc)
  from (select (extract(epoch from clock_timestamp()) * 1000)::bigint as ms) n,
    generate_series(0, 45, 5) as s (shift)
$$;

-- The random part: 16 characters, of 64 bits.
create or replace function import_random_part() returns text
language sql volatile as $$
  select substr(u, 1, 8) || substr(u, 10, 4) || substr(u, 25, 4) from cast(gen_random_uuid() as text) u
$$;

create or replace view import_stock with (security_invoker = true) as
select tenant_id, import_id, line,
  cells[1] as sku, cells[2] as location_code, nullif(cells[3], '') as bin_code,
  nullif(cells[4], '') as lot_number, import_day(cells[5]) as expiry_date,
  import_number(cells[6]) as quantity
from import_rows where file = 'stock';

create or replace view import_movements with (security_invoker = true) as
select r.tenant_id, r.import_id, r.line, r.cells, r.identity,
  import_moment(r.cells[1], z.zone) as occurred_at, length(r.cells[1]) = 10 as whole_day,
  (import_moment(r.cells[1], z.zone) at time zone z.zone)::date as occurred_on,
  r.cells[2] as sku, r.cells[3] as type,
  case
    when r.cells[3] in ('SALE', 'ISSUE', 'CONSUME', 'DAMAGE', 'EXPIRE', 'TRANSFER_OUT')
    then -abs(import_number(r.cells[4]))
    else import_number(r.cells[4])
  end as quantity,
  import_number(r.cells[5]) as unit_cost, import_number(r.cells[6]) as unit_price,
  nullif(r.cells[7], '') as channel_id, nullif(r.cells[8], '') as reference,
  nullif(r.cells[9], '') as location_code, nullif(r.cells[10], '') as bin_code,
  nullif(r.cells[11], '') as lot_number
from import_rows r cross join lateral (select (select stock_time_zone()) as zone) z
where r.file = 'movements';

-- A moment as an export writes it, and as a movement's identity holds it.
create or replace function import_moment_text(p_at timestamptz, p_on date, p_whole_day boolean)
returns text
language sql stable parallel safe as $$
  select case when p_whole_day then p_on::text
    else to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') end
$$;

-- Every lot that the files name, with the expiry date that they give it: once per product.
-- A row of lots.csv without a sku speaks of every lot with its number, known or named in a file.
create or replace function import_lot_wishes(p_import text)
returns table (product_id text, number text, expiry_date date, id text, note text, said boolean)
language sql stable as $$
  with named as (
    select s.sku, s.lot_number, max(s.expiry_date) as expiry_date
    from import_stock s
    where s.tenant_id = stock_tenant() and s.import_id = p_import and s.lot_number is not null
    group by s.sku, s.lot_number
    union
    select distinct m.sku, m.lot_number, null::date
    from import_movements m
    where m.tenant_id = stock_tenant() and m.import_id = p_import and m.lot_number is not null
      and m.location_code is not null
  ),
  known as (
    select p.id as product_id, n.lot_number as number, max(n.expiry_date) as expiry_date
    from named n join products p on p.tenant_id = stock_tenant() and p.sku = n.sku
    group by p.id, n.lot_number
  ),
  listed as (
    select nullif(r.cells[1], '') as id, r.cells[2] as number, import_day(r.cells[3]) as expiry_date,
      p.id as product_id, nullif(r.cells[5], '') as note, coalesce(r.cells[4], '') = '' as for_all
    from import_rows r
    left join products p on p.tenant_id = stock_tenant() and p.sku = r.cells[4]
    where r.tenant_id = stock_tenant() and r.import_id = p_import and r.file = 'lots'
  ),
  every as (
    select k.product_id, k.number, k.expiry_date, null::text as id, null::text as note,
      false as said
    from known k
    union all
    select coalesce(l.product_id, o.product_id), l.number, l.expiry_date, l.id, l.note, true
    from listed l
    left join (
      select k.product_id, k.number from known k
      union
      select t.product_id, t.number from lots t where t.tenant_id = stock_tenant()
    ) o on l.for_all and o.number = l.number
    where l.product_id is not null or o.product_id is not null
  )
  select e.product_id, e.number, max(e.expiry_date), max(e.id), max(e.note), bool_or(e.said)
  from every e group by e.product_id, e.number
$$;

-- Where the plan stands: batches and positions go on from here.
create or replace function import_next_batch(p_import text) returns integer
language sql stable as $$
  select coalesce(max(l.batch), 0) + 1 from import_lines l
  where l.tenant_id = stock_tenant() and l.import_id = p_import
$$;

-- Plan the counts of stock.csv: a line for each bucket that is new, or that holds something else,
-- or that movements of this import touch. With p_complete also for buckets that are not listed.
-- Gives how many buckets are made, counted otherwise, emptied.
create or replace function import_plan_stock(p_import text, p_batch_size integer, p_complete boolean)
returns table (made bigint, changed bigint, emptied bigint)
language plpgsql as $$
#variable_conflict use_column
declare
  v_tenant uuid := stock_tenant();
  v_batch integer := import_next_batch(p_import);
begin
  return query
  with listed as (
    select p.id as product_id, l.id as location_id, b.id as bin_id, t.id as lot_id, s.quantity
    from import_stock s
    join products p on p.tenant_id = v_tenant and p.sku = s.sku
    join locations l on l.tenant_id = v_tenant and l.code = s.location_code
    left join bins b on b.tenant_id = v_tenant and b.location_id = l.id and b.code = s.bin_code
    left join lots t on t.tenant_id = v_tenant and t.product_id = p.id and t.number = s.lot_number
    where s.tenant_id = v_tenant and s.import_id = p_import
  ),
  moved as (
    select distinct m.product_id, m.location_id, m.bin_id, m.lot_id
    from import_lines m where m.tenant_id = v_tenant and m.import_id = p_import
  ),
  counted as (
    select s.*, i.id is null as is_new, false as is_left_out,
      case when i.id is null and m.product_id is null then 'RECEIPT' else 'COUNT' end as kind
    from listed s
    left join inventory_items i on i.tenant_id = v_tenant and i.location_id = s.location_id
      and i.product_id = s.product_id and i.bin_id is not distinct from s.bin_id
      and i.lot_id is not distinct from s.lot_id
    left join moved m on m.product_id = s.product_id and m.location_id = s.location_id
      and m.bin_id is not distinct from s.bin_id and m.lot_id is not distinct from s.lot_id
    where i.id is null or i.on_hand <> s.quantity or m.product_id is not null
  ),
  left_out as (
    select i.product_id, i.location_id, i.bin_id, i.lot_id, 0::numeric, false, true, 'COUNT'
    from inventory_items i
    where p_complete and i.tenant_id = v_tenant and i.on_hand > 0 and not exists (
      select 1 from listed s where s.product_id = i.product_id and s.location_id = i.location_id
        and s.bin_id is not distinct from i.bin_id and s.lot_id is not distinct from i.lot_id)
  ),
  ordered as (
    select a.*, row_number() over (
      partition by a.kind order by a.location_id, a.product_id, a.bin_id, a.lot_id) as position
    from (select * from counted union all select * from left_out) a
  ),
  planned as (
    insert into import_lines (tenant_id, import_id, batch, position, kind, product_id, location_id,
      bin_id, lot_id, level)
    select v_tenant, p_import,
      v_batch + ((o.position - 1) / p_batch_size)::integer
        + case when o.kind = 'RECEIPT' then 0 else (
            select ceil(count(*)::numeric / p_batch_size)::integer from ordered n
            where n.kind = 'RECEIPT') end,
      o.position, o.kind, o.product_id, o.location_id, o.bin_id, o.lot_id, o.quantity
    from ordered o
  )
  select count(*) filter (where o.is_new), count(*) filter (where not o.is_new and not o.is_left_out),
    count(*) filter (where o.is_left_out)
  from ordered o;
end $$;

-- Post one batch of the plan as one document, and remember it as done; gives how many entries.
-- One that is done already is not done again: an acknowledgement may have been lost.
-- A line with a level is made a change of what its bucket holds once its level row is locked.
create or replace function import_post_batch(
  p_import text, p_batch integer, p_posting text, p_actor jsonb
) returns integer
language plpgsql set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  v_tenant uuid := stock_tenant();
  v_time text := import_time_part();
  v_locations text[];
  v_products text[];
  v_bins text[];
  v_lots text[];
  v_lines posting_line[];
  v_kinds text[];
begin
  select array_agg(l.location_id), array_agg(l.product_id), array_agg(l.bin_id), array_agg(l.lot_id)
  into v_locations, v_products, v_bins, v_lots
  from import_lines l
  where l.tenant_id = v_tenant and l.import_id = p_import and l.batch = p_batch;
  perform stock_lock_parts(v_locations, v_products, v_bins, v_lots);
  perform stock_lock_levels(v_locations, v_products);
  with line as (
    select l.*, coalesce(l.delta, l.level - coalesce(i.on_hand, 0)) as change, i.id as item_id
    from import_lines l
    left join lateral (
      select f.id, f.on_hand from inventory_items f
      where l.level is not null and f.tenant_id = v_tenant and f.location_id = l.location_id
        and f.product_id = l.product_id and f.bin_id is not distinct from l.bin_id
        and f.lot_id is not distinct from l.lot_id
      offset 0
    ) i on true
    where l.tenant_id = v_tenant and l.import_id = p_import and l.batch = p_batch
  )
  select
    array_agg(row('item_' || v_time || import_random_part(), l.product_id, l.location_id, l.bin_id,
      l.lot_id, l.change, null, l.occurred_at, l.unit_cost, l.unit_price, l.channel_id,
      l.reference)::posting_line order by l.position),
    array_agg(l.kind order by l.position)
  into v_lines, v_kinds
  from line l where l.level is null or l.item_id is null or l.change <> 0;
  if v_lines is not null then
    perform stock_post(p_posting, case when v_lines[1].occurred_at is null then v_kinds[1] else 'IMPORT' end,
      null, null, null, p_actor, p_import, null, v_lines, false, v_kinds);
    insert into imported_movements (tenant_id, identity, posting_id, ordinal, occurred_at, cells)
    select v_tenant, l.identity, p_posting, l.ordinal, l.occurred_at, l.cells
    from (
      select m.*, row_number() over (order by m.position) as ordinal
      from import_lines m
      where m.tenant_id = v_tenant and m.import_id = p_import and m.batch = p_batch
    ) l
    where l.identity is not null;
  end if;
  update imports m set posted_batches = p_batch, updated_at = stock_now()
  where m.tenant_id = v_tenant and m.id = p_import;
  return coalesce(cardinality(v_lines), 0);
end $$;

-- Set the paths of both trees to what their parents say.
create or replace function import_refresh_paths() returns void
language plpgsql as $$
begin
  with recursive tree as (
    select c.id, array[c.id] as path from categories c
    where c.tenant_id = stock_tenant() and c.parent_id is null
    union all
    select c.id, t.path || c.id from tree t
    join categories c on c.tenant_id = stock_tenant() and c.parent_id = t.id
  )
  update categories c set path = t.path from tree t
  where c.tenant_id = stock_tenant() and c.id = t.id and c.path is distinct from t.path;
  with recursive tree as (
    select l.id, array[l.id] as path from locations l
    where l.tenant_id = stock_tenant() and l.parent_id is null
    union all
    select l.id, t.path || l.id from tree t
    join locations l on l.tenant_id = stock_tenant() and l.parent_id = t.id
  )
  update locations l set path = t.path from tree t
  where l.tenant_id = stock_tenant() and l.id = t.id and l.path is distinct from t.path;
end $$;

-- Lock and refresh the levels of all that stands in these bins and of all that is of these lots.
create or replace function import_refresh_levels(p_bins text[], p_lots text[]) returns void
language plpgsql as $$
declare
  v_locations text[];
  v_products text[];
begin
  select array_agg(k.location_id), array_agg(k.product_id) into v_locations, v_products
  from (
    select i.location_id, i.product_id from inventory_items i
    where i.tenant_id = stock_tenant() and i.bin_id = any(p_bins)
    union
    select i.location_id, i.product_id from inventory_items i
    where i.tenant_id = stock_tenant() and i.lot_id = any(p_lots)
  ) k;
  perform stock_lock_levels(v_locations, v_products);
  perform stock_refresh_levels(v_locations, v_products);
end $$;

-- Make the lots that the files name, and change those of which lots.csv says something else.
-- An empty cell says nothing. stock.csv fills an expiry date that is missing; it changes none.
create or replace function import_apply_lots(p_import text)
returns table (made bigint, changed bigint)
language plpgsql as $$
#variable_conflict use_column
declare
  v_tenant uuid := stock_tenant();
  v_time text := import_time_part();
  v_expiring text[];
  v_made bigint;
  v_changed bigint;
begin
  with wish as materialized (select * from import_lot_wishes(p_import)),
  target as materialized (
    select w.product_id, w.number, w.id, t.id as old_id,
      coalesce(w.expiry_date, t.expiry_date) as expiry_date, coalesce(w.note, t.note) as note,
      coalesce(w.expiry_date, t.expiry_date) is distinct from t.expiry_date as expires_anew
    from wish w
    left join lots t on t.tenant_id = v_tenant and (t.id = w.id
      or t.product_id = w.product_id and t.number = w.number)
  ),
  different as (
    select g.* from target g
    join lots t on t.tenant_id = v_tenant and t.id = g.old_id
    where g.expires_anew or g.note is distinct from t.note or g.number <> t.number
  ),
  made as (
    insert into lots (tenant_id, id, product_id, number, expiry_date, note)
    select v_tenant, coalesce(g.id, 'lot_' || v_time || import_random_part()), g.product_id,
      g.number, g.expiry_date, g.note
    from target g where g.old_id is null
    order by g.product_id, g.number
    returning 1
  ),
  former as (
    insert into lots_history (tenant_id, id, product_id, number, expiry_date, note, version,
      created_at, updated_at, valid_from, valid_to)
    select t.tenant_id, t.id, t.product_id, t.number, t.expiry_date, t.note, t.version,
      t.created_at, t.updated_at, t.valid_from, stock_now()
    from lots t join different d on d.old_id = t.id where t.tenant_id = v_tenant
  ),
  changed as (
    update lots t set number = d.number, expiry_date = d.expiry_date, note = d.note,
      version = t.version + 1, updated_at = stock_now(), valid_from = stock_now()
    from different d where t.tenant_id = v_tenant and t.id = d.old_id
    returning t.id, d.expires_anew
  )
  select (select count(*) from made), (select count(*) from changed),
    (select array_agg(c.id) from changed c where c.expires_anew)
  into v_made, v_changed, v_expiring;
  perform import_refresh_levels('{}', v_expiring);
  return query select v_made, v_changed;
end $$;

-- The packs that products.csv names, CASE=12:barcode;PALLET=480, by product.
create or replace function import_packs(p_import text)
returns table (product_id text, code text, quantity numeric, barcode text)
language sql stable as $$
  select r.record_id, split_part(u.pack, '=', 1),
    split_part(split_part(u.pack, '=', 2), ':', 1)::numeric,
    nullif(split_part(split_part(u.pack, '=', 2), ':', 2), '')
  from import_rows r cross join lateral unnest(string_to_array(r.cells[20], ';')) as u (pack)
  where r.tenant_id = stock_tenant() and r.import_id = p_import and r.file = 'products'
    and r.cells[20] <> ''
$$;

-- Bring the packs of the staged products into line with the file; gives how many products that
-- were there already are changed by it alone. Runs after everything else of them is in place.
create or replace function import_apply_packs(p_import text) returns bigint
language plpgsql as $$
declare
  v_tenant uuid := stock_tenant();
  v_dropped text[];
  v_added text[];
  v_changed bigint;
begin
  with wish as materialized (select * from import_packs(p_import)),
  dropped as (
    delete from product_packs k using import_rows r
    where k.tenant_id = v_tenant and r.tenant_id = v_tenant and r.import_id = p_import
      and r.file = 'products' and r.cells[20] is not null and r.record_id = k.product_id
      and not exists (
        select 1 from wish w where w.product_id = k.product_id and w.code = k.code
          and w.quantity = k.quantity and w.barcode is not distinct from k.barcode)
    returning k.product_id
  )
  select array_agg(product_id) into v_dropped from dropped;
  with added as (
    insert into product_packs (tenant_id, product_id, code, quantity, barcode)
    select v_tenant, w.product_id, w.code, w.quantity, w.barcode from import_packs(p_import) w
    where not exists (
      select 1 from product_packs k
      where k.tenant_id = v_tenant and k.product_id = w.product_id and k.code = w.code)
    order by 2, 3
    returning product_id
  )
  select array_agg(product_id) into v_added from added;
  update products p set version = p.version + 1, updated_at = stock_now()
  where p.tenant_id = v_tenant and p.id = any (v_dropped || v_added)
    and p.xmin <> pg_current_xact_id()::xid;
  get diagnostics v_changed = row_count;
  return v_changed;
end $$;

-- Keep the search documents of the staged products that this transaction has made or changed.
create or replace function import_refresh_search(p_import text) returns void
language sql as $$
  select product_search_put(array_agg(d.id), array_agg(d.document))
  from (
    select p.id, lower(concat_ws(' ', p.sku, p.name, p.barcode, (
      select string_agg(k.barcode, ' ' order by k.code) from product_packs k
      where k.tenant_id = stock_tenant() and k.product_id = p.id))) as document
    from import_rows r
    join products p on p.tenant_id = stock_tenant() and p.id = r.record_id
    where r.tenant_id = stock_tenant() and r.import_id = p_import and r.file = 'products'
      and p.xmin = pg_current_xact_id()::xid
  ) d
$$;

-- Take statistics of what is staged and planned; with its owner's rights, which ANALYZE needs.
create or replace function import_analyze() returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  analyze import_rows (tenant_id, import_id, file, line, record_id, made);
  analyze import_lines (tenant_id, import_id, batch, position);
end $$;

-- Note each movement's identity: its columns, and its ordinal among the equal rows of the file.
create or replace function import_identify_movements(p_import text) returns void
language sql set work_mem = '64MB' as $$
  with told as (
    select m.line, concat_ws(chr(31),
      import_moment_text(m.occurred_at, m.occurred_on, m.whole_day), m.sku, m.type,
      trim_scale(m.quantity), coalesce(trim_scale(m.unit_cost)::text, ''),
      coalesce(trim_scale(m.unit_price)::text, ''), coalesce(m.channel_id, ''),
      coalesce(m.reference, ''), coalesce(m.location_code, ''), coalesce(m.bin_code, ''),
      coalesce(m.lot_number, '')) as columns
    from import_movements m
    where m.tenant_id = stock_tenant() and m.import_id = p_import
      and m.occurred_at is not null and m.quantity is not null
  ),
  numbered as (
    select t.line, sha256(convert_to(
      t.columns || chr(31) || row_number() over (partition by t.columns order by t.line), 'UTF8'
    )) as identity
    from told t
  )
  update import_rows r set identity = n.identity from numbered n
  where r.tenant_id = stock_tenant() and r.import_id = p_import and r.file = 'movements'
    and r.line = n.line
$$;

-- Keep the movements without a location that stand in these lines, the second excluded, as the
-- tenant's demand and supply; gives how many of them are new.
create or replace function import_keep_history(p_import text, p_from integer, p_to integer)
returns bigint
language plpgsql as $$
declare
  v_time text := import_time_part();
  v_made bigint;
begin
  insert into movement_history (tenant_id, id, direction, type, product_id, channel_id,
    occurred_on, occurred_at, whole_day, quantity, unit_cost, unit_price, reference, identity)
  select stock_tenant(), 'move_' || v_time || lpad(to_hex(m.line), 8, '0')
      || left(import_random_part(), 8),
    case when m.type in ('SALE', 'ISSUE', 'CONSUME') then 'DEMAND' else 'SUPPLY' end, m.type, p.id,
    m.channel_id, m.occurred_on, m.occurred_at, m.whole_day, m.quantity, m.unit_cost, m.unit_price,
    m.reference, m.identity
  from import_movements m
  join products p on p.tenant_id = stock_tenant() and p.sku = m.sku
  where m.tenant_id = stock_tenant() and m.import_id = p_import and m.line >= p_from
    and m.line < p_to and m.location_code is null
  order by m.line
  on conflict (tenant_id, identity) do nothing;
  get diagnostics v_made = row_count;
  return v_made;
end $$;

-- Plan the movements at a location that are not in the ledger yet, in the order of time:
-- an opening entry for each bucket that would otherwise hold less than nothing at some moment;
-- the movements; and an entry that lets a bucket which was there before, and is not in stock.csv,
-- hold what it held: what is older than its last entry has no say in what it holds now.
-- Gives how many movements are new and how many buckets are opened.
create or replace function import_plan_movements(p_import text, p_batch_size integer)
returns table (made bigint, opened bigint)
language plpgsql set work_mem = '64MB' as $$
#variable_conflict use_column
declare
  v_tenant uuid := stock_tenant();
  v_batch integer := import_next_batch(p_import);
begin
  return query
  with move as (
    select m.*, p.id as product_id, l.id as location_id, b.id as bin_id, t.id as lot_id,
      coalesce(i.on_hand, 0) as base, i.last_occurred_at as known_until
    from import_movements m
    join products p on p.tenant_id = v_tenant and p.sku = m.sku
    join locations l on l.tenant_id = v_tenant and l.code = m.location_code
    left join bins b on b.tenant_id = v_tenant and b.location_id = l.id and b.code = m.bin_code
    left join lots t on t.tenant_id = v_tenant and t.product_id = p.id and t.number = m.lot_number
    left join inventory_items i on i.tenant_id = v_tenant and i.location_id = l.id
      and i.product_id = p.id and i.bin_id is not distinct from b.id
      and i.lot_id is not distinct from t.id
    where m.tenant_id = v_tenant and m.import_id = p_import and not exists (
      select 1 from imported_movements d
      where d.tenant_id = v_tenant and d.identity = m.identity)
  ),
  -- A COUNT begins a segment of its bucket: from there on the balance does not depend on before.
  segmented as (
    select m.*, count(*) filter (where m.type = 'COUNT') over (
      partition by m.product_id, m.location_id, m.bin_id, m.lot_id
      order by m.occurred_at, m.line) as segment
    from move m
  ),
  summed as (
    select s.*, sum(s.quantity) over (
      partition by s.product_id, s.location_id, s.bin_id, s.lot_id, s.segment
      order by s.occurred_at, s.line) as sum
    from segmented s
  ),
  bucket as (
    select s.product_id, s.location_id, s.bin_id, s.lot_id, min(s.base) as base,
      max(s.known_until) as known_until, min(s.occurred_at) as first_at,
      greatest(0, -min(s.base + s.sum) filter (where s.segment = 0)) as opening
    from summed s
    group by s.product_id, s.location_id, s.bin_id, s.lot_id
  ),
  balanced as (
    select s.*, b.opening, case when s.segment = 0 then s.base + b.opening else 0 end + s.sum as after
    from summed s
    join bucket b on b.product_id = s.product_id and b.location_id = s.location_id
      and b.bin_id is not distinct from s.bin_id and b.lot_id is not distinct from s.lot_id
  ),
  changed as (
    select d.*, d.after - lag(d.after, 1, d.base + d.opening) over (
      partition by d.product_id, d.location_id, d.bin_id, d.lot_id
      order by d.occurred_at, d.line) as change
    from balanced d
  ),
  closing as (
    select c.product_id, c.location_id, c.bin_id, c.lot_id,
      -coalesce(sum(c.change) filter (where c.occurred_at <= c.known_until), 0)
        - max(c.opening) as change
    from changed c
    where c.known_until is not null and not exists (
      select 1 from import_stock s
      where s.tenant_id = v_tenant and s.import_id = p_import and s.sku = c.sku
        and s.location_code = c.location_code and s.bin_code is not distinct from c.bin_code
        and s.lot_number is not distinct from c.lot_number)
    group by c.product_id, c.location_id, c.bin_id, c.lot_id
    having not bool_or(c.type = 'COUNT' and c.occurred_at > c.known_until)
  ),
  planned as (
    select 1 as phase, case when b.known_until is null then 'RECEIPT' else 'COUNT' end as kind,
      b.product_id, b.location_id, b.bin_id, b.lot_id, b.opening as change, b.first_at as occurred_at,
      null::numeric as unit_cost, null::numeric as unit_price, null::text as channel_id,
      'opening balance' as reference, null::bytea as identity, null::text[] as cells, 0 as line
    from bucket b where b.opening > 0
    union all
    select 2, import_kind(c.type), c.product_id, c.location_id, c.bin_id, c.lot_id, c.change,
      c.occurred_at, c.unit_cost, c.unit_price, c.channel_id, c.reference, c.identity,
      array[import_moment_text(c.occurred_at, c.occurred_on, c.whole_day), c.sku, c.type,
        trim_scale(c.quantity)::text] || c.cells[5:], c.line
    from changed c
    union all
    select 3, 'COUNT', c.product_id, c.location_id, c.bin_id, c.lot_id, c.change, null, null, null,
      null, null, null, null, 0
    from closing c where c.change <> 0
  ),
  ordered as (
    select p.*, row_number() over (
      order by p.phase, case when p.phase = 2 then p.occurred_at end, p.line, p.location_id,
        p.product_id, p.bin_id, p.lot_id) as position
    from planned p
  ),
  kept as (
    insert into import_lines (tenant_id, import_id, batch, position, kind, product_id, location_id,
      bin_id, lot_id, delta, occurred_at, unit_cost, unit_price, channel_id, reference, identity,
      cells)
    select v_tenant, p_import, v_batch + ((o.position - 1) / p_batch_size)::integer, o.position,
      o.kind, o.product_id, o.location_id, o.bin_id, o.lot_id, o.change, o.occurred_at, o.unit_cost,
      o.unit_price, o.channel_id, o.reference, o.identity, o.cells
    from ordered o
  )
  select count(*) filter (where o.phase = 2), count(*) filter (where o.phase = 1) from ordered o;
end $$;

-- The ledger's word for a movement's type. What moved between places is an ADJUSTMENT here: the
-- ledger does not hold its other side.
create or replace function import_kind(p_type text) returns text
language sql immutable parallel safe as $$
  select case
    when p_type in ('PURCHASE', 'RECEIPT', 'WORK_ORDER') then 'RECEIPT'
    when p_type in ('SALE', 'ISSUE') then 'ISSUE'
    when p_type = 'CONSUME' then 'CONSUMPTION'
    when p_type = 'DAMAGE' then 'DESTRUCTION'
    when p_type = 'EXPIRE' then 'EXPIRY'
    when p_type in ('RETURN', 'COUNT') then p_type
    else 'ADJUSTMENT'
  end
$$;

-- A product's attributes with the cells from p_first on in place: an empty cell removes, and what
-- says the same is left as it is, since an attribute may be a number or a list.
create or replace function import_attributes(
  p_former jsonb, p_names text[], p_cells text[], p_first integer
) returns jsonb
language sql immutable parallel safe as $$
  select (p_former - coalesce(array_agg(u.name) filter (where u.cell = ''), '{}'))
    || coalesce(jsonb_object_agg(u.name, u.cell)
      filter (where u.cell <> '' and p_former ->> u.name is distinct from u.cell), '{}')
  from unnest(p_names, p_cells[p_first:]) as u (name, cell)
$$;
