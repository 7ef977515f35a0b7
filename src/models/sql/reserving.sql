-- The one writer of hard reservations (R): units of buckets that documents will move. What is free comes
-- from the one reader, after the level rows are locked (posting.sql says why the plans are fixed).

-- Set units of one bucket aside for a document (R); raises SG004 when fewer are free: in the bucket,
-- or at the location, where soft reservations count too and name no bucket.
create or replace function stock_reserve(
  p_id text, p_item text, p_quantity numeric, p_channel text, p_from_quota numeric, p_reference text
) returns void
language plpgsql as $$
declare
  v_item inventory_items;
  v_free numeric;
begin
  select * into v_item from inventory_items i where i.tenant_id = stock_tenant() and i.id = p_item;
  if not found then
    raise exception 'no such bucket' using errcode = 'SG004', detail = '{"free": 0}';
  end if;
  perform stock_lock_levels(array[v_item.location_id], array[v_item.product_id]);
  select least(
    q.on_hand - q.expired - q.held - q.reserved, l.on_hand - l.expired - l.held - l.reserved
  ) into v_free
  from item_quantities q
  cross join lateral live_level(stock_tenant(), q.location_id, q.product_id) l
  where q.tenant_id = stock_tenant() and q.id = p_item;
  if v_free < p_quantity then
    raise exception 'too little is free' using errcode = 'SG004',
      detail = json_build_object('free', v_free)::text;
  end if;
  insert into reservations (tenant_id, id, kind, channel_id, product_id, location_id,
    inventory_item_id, quantity, from_quota, reference)
  values (stock_tenant(), p_id, 'HARD', p_channel, v_item.product_id, v_item.location_id,
    p_item, p_quantity, p_from_quota, p_reference);
  update inventory_items i
  set reserved = i.reserved + p_quantity, version = i.version + 1, updated_at = stock_now()
  where i.tenant_id = stock_tenant() and i.id = p_item;
  perform stock_refresh_levels(array[v_item.location_id], array[v_item.product_id]);
end $$;

-- Set units of many buckets aside for one document, all of them or none; raises SG004, with the
-- bucket that is short, when fewer are free in a bucket or at its location.
create or replace function stock_reserve_all(
  p_ids text[], p_items text[], p_quantities numeric[], p_reference text
) returns void
language plpgsql set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare
  v_locations text[];
  v_products text[];
  v_short record;
begin
  select array_agg(i.location_id), array_agg(i.product_id) into v_locations, v_products
  from (select distinct u.item from unnest(p_items) as u (item)) k
  cross join lateral (
    select f.location_id, f.product_id from inventory_items f
    where f.tenant_id = stock_tenant() and f.id = k.item
    offset 0
  ) i;
  perform stock_lock_levels(v_locations, v_products);
  select k.item, case when b.free < k.quantity then b.free else b.free_there end as free into v_short
  from (
    select u.item, sum(u.quantity) as quantity
    from unnest(p_items, p_quantities) as u (item, quantity) group by u.item
  ) k
  left join lateral (
    select q.location_id, q.product_id, q.on_hand - q.expired - q.held - q.reserved as free,
      l.on_hand - l.expired - l.held - l.reserved as free_there
    from item_quantities q
    cross join lateral live_level(stock_tenant(), q.location_id, q.product_id) l
    where q.tenant_id = stock_tenant() and q.id = k.item
    offset 0
  ) b on true
  where b.free is null or b.free < k.quantity or b.free_there < (
    select sum(u.quantity) from unnest(p_items, p_quantities) as u (item, quantity)
    cross join lateral (
      select 1 from inventory_items f
      where f.tenant_id = stock_tenant() and f.id = u.item and f.location_id = b.location_id
        and f.product_id = b.product_id
      offset 0
    ) f
  )
  order by k.item collate "C"
  limit 1;
  if found then
    raise exception 'too little is free' using errcode = 'SG004',
      detail = json_build_object('item', v_short.item, 'free', coalesce(v_short.free, 0))::text;
  end if;
  insert into reservations (tenant_id, id, kind, product_id, location_id, inventory_item_id,
    quantity, reference)
  select stock_tenant(), u.id, 'HARD', i.product_id, i.location_id, u.item, u.quantity, p_reference
  from unnest(p_ids, p_items, p_quantities) as u (id, item, quantity)
  cross join lateral (
    select f.location_id, f.product_id from inventory_items f
    where f.tenant_id = stock_tenant() and f.id = u.item
    offset 0
  ) i;
  update inventory_items i
  set reserved = i.reserved + k.quantity, version = i.version + 1, updated_at = stock_now()
  from (
    select u.item, sum(u.quantity) as quantity
    from unnest(p_items, p_quantities) as u (item, quantity) group by u.item
  ) k
  where i.tenant_id = stock_tenant() and i.id = k.item;
  perform stock_refresh_levels(v_locations, v_products);
end $$;

-- Use up or give free units of hard reservations: nobody is promised them any longer. A reservation of
-- which units are left stays active with these; `p_state` is that of one that is done. The caller has
-- locked the level rows of their products at their locations, kept the reservations as history, and
-- refreshes the levels afterwards.
create or replace function stock_release_all(p_ids text[], p_quantities numeric[], p_state text)
returns void
language plpgsql set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare
  v_wrong text;
begin
  select u.id into v_wrong
  from unnest(p_ids, p_quantities) as u (id, quantity)
  left join lateral (
    select f.quantity from reservations f
    where f.tenant_id = stock_tenant() and f.id = u.id and f.state = 'ACTIVE' and f.kind = 'HARD'
    offset 0
  ) r on true
  where r.quantity is null or u.quantity > r.quantity
  limit 1;
  if found then
    raise exception 'reservation % does not hold so many units', v_wrong;
  end if;
  with ended as (
    update reservations r
    set state = case when u.quantity = r.quantity then p_state else r.state end,
        quantity = case when u.quantity = r.quantity then r.quantity else r.quantity - u.quantity end,
        from_quota = least(r.from_quota,
          case when u.quantity = r.quantity then r.quantity else r.quantity - u.quantity end),
        version = r.version + 1, updated_at = stock_now(), valid_from = stock_now()
    from unnest(p_ids, p_quantities) as u (id, quantity)
    where r.tenant_id = stock_tenant() and r.id = u.id
    returning r.inventory_item_id, u.quantity
  )
  update inventory_items i
  set reserved = i.reserved - e.quantity, version = i.version + 1, updated_at = stock_now()
  from (
    select d.inventory_item_id, sum(d.quantity) as quantity from ended d group by d.inventory_item_id
  ) e
  where i.tenant_id = stock_tenant() and i.id = e.inventory_item_id;
end $$;

-- Have a hard reservation stand on another bucket of its product at its location. The caller has
-- locked the level row, and refreshes it afterwards.
create or replace function stock_move_reservation(p_id text, p_item text) returns void
language plpgsql as $$
declare v_old reservations;
begin
  select * into v_old from reservations r where r.tenant_id = stock_tenant() and r.id = p_id;
  update inventory_items i
  set reserved = i.reserved + case when i.id = p_item then v_old.quantity else -v_old.quantity end,
      version = i.version + 1, updated_at = stock_now()
  where i.tenant_id = stock_tenant() and i.id in (p_item, v_old.inventory_item_id);
  update reservations r
  set inventory_item_id = p_item, version = r.version + 1, updated_at = stock_now(),
      valid_from = stock_now()
  where r.tenant_id = stock_tenant() and r.id = p_id;
end $$;
