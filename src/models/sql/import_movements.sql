-- Movements: each is taken once, as history of the ledger or as demand and supply.

-- A moment as an export writes it, and as a movement's identity holds it.
create or replace function import_moment_text(p_at timestamptz, p_on date, p_whole_day boolean)
returns text
language sql stable parallel safe as $$
  select case when p_whole_day then p_on::text
    else to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') end
$$;

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
  -- First the rows, then their products: the other way round reads the rows for each product.
  with m as materialized (
    select * from import_movements s
    where s.tenant_id = stock_tenant() and s.import_id = p_import and s.line >= p_from
      and s.line < p_to and s.location_code is null
  )
  insert into movement_history (tenant_id, id, direction, type, product_id, channel_id,
    occurred_on, occurred_at, whole_day, quantity, unit_cost, unit_price, reference, identity)
  select stock_tenant(), 'move_' || v_time || lpad(to_hex(m.line), 8, '0')
      || left(import_random_part(), 8),
    case when m.type in ('SALE', 'ISSUE', 'CONSUME') then 'DEMAND' else 'SUPPLY' end, m.type, p.id,
    m.channel_id, m.occurred_on, m.occurred_at, m.whole_day, m.quantity, m.unit_cost, m.unit_price,
    m.reference, m.identity
  from m
  join products p on p.tenant_id = stock_tenant() and p.sku = m.sku
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
language plpgsql set work_mem = '64MB' set enable_nestloop = off as $$
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

-- Cover what a batch would take that is no longer there: others have taken stock since the plan was
-- made. Each such bucket is opened with what is missing, at the batch's first moment of it, and gives
-- that back at the end of the plan, as far as it then has it and stock.csv does not say what it holds.
-- Gives how many buckets are covered.
create or replace function import_cover(p_import text, p_batch integer) returns bigint
language plpgsql as $$
declare
  v_tenant uuid := stock_tenant();
  v_locations text[];
  v_products text[];
  v_covered bigint;
begin
  select array_agg(m.location_id), array_agg(m.product_id) into v_locations, v_products
  from import_lines m
  where m.tenant_id = v_tenant and m.import_id = p_import and m.batch = p_batch;
  perform stock_lock_levels(v_locations, v_products);
  with line as (
    select m.*, coalesce(i.on_hand, 0) + sum(m.delta) over (
      partition by m.product_id, m.location_id, m.bin_id, m.lot_id
      order by m.batch, m.position) as after
    from import_lines m
    left join inventory_items i on i.tenant_id = v_tenant and i.location_id = m.location_id
      and i.product_id = m.product_id and i.bin_id is not distinct from m.bin_id
      and i.lot_id is not distinct from m.lot_id
    where m.tenant_id = v_tenant and m.import_id = p_import and m.batch >= p_batch
  ),
  short as (
    select l.product_id, l.location_id, l.bin_id, l.lot_id, bool_or(l.level is not null) as counted,
      -min(l.after) filter (where l.batch = p_batch) as units,
      min(l.occurred_at) filter (where l.batch = p_batch) as first_at,
      (array_agg(l.after order by l.batch desc, l.position desc))[1] as last,
      row_number() over () as number
    from line l
    group by l.product_id, l.location_id, l.bin_id, l.lot_id
    having min(l.after) filter (where l.batch = p_batch) < 0
  ),
  lines as (
    insert into import_lines (tenant_id, import_id, batch, position, kind, product_id, location_id,
      bin_id, lot_id, delta, occurred_at, reference)
    select v_tenant, p_import, p_batch, (select min(l.position) from line l where l.batch = p_batch)
      - s.number, 'COUNT', s.product_id, s.location_id, s.bin_id, s.lot_id, s.units, s.first_at,
      'opening balance'
    from short s
    union all
    select v_tenant, p_import, b.batch, b.position + s.number, 'COUNT', s.product_id, s.location_id,
      s.bin_id, s.lot_id, -least(s.units, s.last + s.units), null, null
    from short s
    cross join lateral (
      select l.batch, l.position from line l order by l.batch desc, l.position desc limit 1
    ) b
    where not s.counted and s.last + s.units > 0
    returning 1
  )
  select count(*) into v_covered from short;
  return v_covered;
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
