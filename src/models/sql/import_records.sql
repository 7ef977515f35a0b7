-- Reference data that is brought into line with staged files and needs more than one statement.

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
language plpgsql set enable_nestloop = off as $$
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
    left join lots i on i.tenant_id = v_tenant and i.id = w.id
    left join lots k on k.tenant_id = v_tenant and k.product_id = w.product_id
      and k.number = w.number
    left join lots t on t.tenant_id = v_tenant and t.id = coalesce(i.id, k.id)
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
