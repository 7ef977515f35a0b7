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

-- A cell as a moment, null where it is none: a date is the start of that day, and what names no
-- zone is in the tenant's.
create or replace function import_moment(p_cell text, p_zone text) returns timestamptz
language sql stable parallel safe as $$
  select case
    when import_day(p_cell) is null
      or substr(p_cell, 11) !~ ('^([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?'
        '(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?)?$')
    then null
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

-- Where the plan stands: batches and positions go on from here.
create or replace function import_next_batch(p_import text) returns integer
language sql stable as $$
  select coalesce(max(l.batch), 0) + 1 from import_lines l
  where l.tenant_id = stock_tenant() and l.import_id = p_import
$$;

-- Plan the counts of stock.csv: a line for each bucket that is new, or that holds something else,
-- or that movements of this import touch. With p_complete also for buckets that are not listed.
-- Gives how many buckets are made, counted otherwise, emptied.
-- Joins are hashed: of a tenant that is new nothing is known, and a loop that is planned for one
-- product reads all of them for each row of the file.
create or replace function import_plan_stock(p_import text, p_batch_size integer, p_complete boolean)
returns table (made bigint, changed bigint, emptied bigint)
language plpgsql set enable_nestloop = off as $$
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
language plpgsql set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
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
      l.lot_id, l.change, null, null, l.occurred_at, l.unit_cost, l.unit_price, l.channel_id,
      l.reference)::posting_line order by l.position),
    array_agg(l.kind order by l.position)
  into v_lines, v_kinds
  from line l where l.level is null or l.item_id is null or l.change <> 0;
  if v_lines is not null then
    perform stock_post(
      jsonb_build_object('id', p_posting, 'actor', p_actor, 'importId', p_import, 'kind',
        case when v_lines[1].occurred_at is null then v_kinds[1] else 'IMPORT' end),
      v_lines, false, v_kinds);
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

-- Take statistics of what is staged and planned; with its owner's rights, which ANALYZE needs.
create or replace function import_analyze() returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  analyze import_rows (tenant_id, import_id, file, line, record_id, made);
  analyze import_lines (tenant_id, import_id, batch, position);
end $$;

-- Take statistics of what an import has made: reads that follow at once need them as well.
create or replace function import_analyze_made() returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  analyze categories, products, product_search, locations, bins, lots, channels, channel_policies,
    inventory_items, stock_levels, ledger_entries, movement_history;
end $$;
