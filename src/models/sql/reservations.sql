-- What channels promise to orders. The caller has locked the header, if there is one, and then the
-- level rows of all places; each function refreshes the levels that it changes.

create or replace function reservation_moment() returns timestamptz
language sql volatile as $$
  select coalesce(nullif(current_setting('app.now', true), '')::timestamptz, clock_timestamp())
$$;

-- How long it takes until a day of the tenant's calendar has passed.
create or replace function reservation_seconds_until_end(p_day date) returns bigint
language sql volatile as $$
  select extract(epoch from
    (p_day + 1)::timestamp at time zone stock_time_zone() - reservation_moment())::bigint
$$;

-- Make a soft reservation: its header, its lines, and a row for what is reserved of each.
--
-- p_header: {id, channelId, reference?, expiresAt, actor}. p_lines: [{id, number, product, location,
-- asked, reserved, fromQuota, neededOn?, atpBefore}], where `id` is that of the row.
create or replace function reservation_make(p_header jsonb, p_lines jsonb) returns void
language plpgsql as $$
declare
  v_id text := p_header ->> 'id';
  v_channel text := p_header ->> 'channelId';
  v_reference text := p_header ->> 'reference';
  v_expires timestamptz := (p_header ->> 'expiresAt')::timestamptz;
  v_locations text[];
  v_products text[];
begin
  insert into reservation_headers (tenant_id, id, channel_id, reference, expires_at, created_by)
  values (stock_tenant(), v_id, v_channel, v_reference, v_expires, p_header -> 'actor');
  insert into reservation_lines (tenant_id, header_id, number, product_id, location_id, asked,
    reserved, needed_on, atp_before)
  select stock_tenant(), v_id, l.number, l.product, l.location, l.asked, l.reserved, l."neededOn",
    l."atpBefore"
  from jsonb_to_recordset(p_lines) as l (number integer, product text, location text,
    asked numeric, reserved numeric, "neededOn" date, "atpBefore" numeric);
  insert into reservations (tenant_id, id, kind, channel_id, product_id, location_id, header_id,
    line_number, quantity, from_quota, reference, expires_at, needed_on)
  select stock_tenant(), l.id, 'SOFT', v_channel, l.product, l.location, v_id, l.number, l.reserved,
    l."fromQuota", v_reference, v_expires, l."neededOn"
  from jsonb_to_recordset(p_lines) as l (id text, number integer, product text, location text,
    reserved numeric, "fromQuota" numeric, "neededOn" date)
  where l.reserved > 0;
  select array_agg(l.location), array_agg(l.product) into v_locations, v_products
  from jsonb_to_recordset(p_lines) as l (product text, location text);
  perform stock_refresh_levels(v_locations, v_products);
end $$;

-- Resolve units of rows, as CONSUMED, RELEASED or EXPIRED: each unit once. What is consumed uses the
-- channel's quota first; what is given back gives it back last.
--
-- p_parts: [{id, quantity}], each row once and at most with what is open of it.
create or replace function reservation_resolve(p_parts jsonb, p_as text) returns void
language plpgsql as $$
declare
  v_tenant uuid := stock_tenant();
  v_ids text[];
  v_headers text[];
  v_locations text[];
  v_products text[];
begin
  select array_agg(r.id), array_agg(distinct r.header_id), array_agg(r.location_id),
    array_agg(r.product_id)
  into v_ids, v_headers, v_locations, v_products
  from jsonb_to_recordset(p_parts) as p (id text)
  join reservations r on r.tenant_id = v_tenant and r.id = p.id;
  insert into reservations_history
  select r.*, stock_now() from reservations r where r.tenant_id = v_tenant and r.id = any(v_ids);
  insert into reservation_lines_history
  select l.*, stock_now() from reservation_lines l
  where l.tenant_id = v_tenant and exists (
    select 1 from reservations r where r.tenant_id = v_tenant and r.id = any(v_ids)
      and r.header_id = l.header_id and r.line_number = l.number);
  update inventory_items i
  set reserved = i.reserved - p.quantity, version = i.version + 1, updated_at = stock_now()
  from (
    select r.inventory_item_id as id, sum(u.quantity) as quantity
    from jsonb_to_recordset(p_parts) as u (id text, quantity numeric)
    join reservations r on r.tenant_id = v_tenant and r.id = u.id
    where r.inventory_item_id is not null
    group by r.inventory_item_id
  ) p
  where i.tenant_id = v_tenant and i.id = p.id;
  update reservation_lines l
  set consumed = l.consumed + case when p_as = 'CONSUMED' then p.quantity else 0 end,
      released = l.released + case when p_as = 'RELEASED' then p.quantity else 0 end,
      expired = l.expired + case when p_as = 'EXPIRED' then p.quantity else 0 end,
      version = l.version + 1, valid_from = stock_now()
  from (
    select r.header_id, r.line_number, sum(u.quantity) as quantity
    from jsonb_to_recordset(p_parts) as u (id text, quantity numeric)
    join reservations r on r.tenant_id = v_tenant and r.id = u.id
    group by r.header_id, r.line_number
  ) p
  where l.tenant_id = v_tenant and l.header_id = p.header_id and l.number = p.line_number;
  -- A row that is resolved whole keeps its last quantity, and counts no longer by its state.
  update reservations r
  set quantity = case when r.quantity = p.quantity then r.quantity else r.quantity - p.quantity end,
      from_quota = case
        when r.quantity = p.quantity then r.from_quota
        when p_as = 'CONSUMED' then greatest(r.from_quota - p.quantity, 0)
        else least(r.from_quota, r.quantity - p.quantity)
      end,
      state = case when r.quantity = p.quantity then p_as else r.state end,
      version = r.version + 1, updated_at = stock_now(), valid_from = stock_now()
  from jsonb_to_recordset(p_parts) as p (id text, quantity numeric)
  where r.tenant_id = v_tenant and r.id = p.id;
  perform reservation_close(v_headers);
  perform stock_refresh_levels(v_locations, v_products);
end $$;

-- Give headers of which nothing is open the state that tells most: consumed, released, expired.
create or replace function reservation_close(p_headers text[]) returns void
language plpgsql as $$
begin
  insert into reservation_headers_history
  select h.*, stock_now() from reservation_headers h
  where h.tenant_id = stock_tenant() and h.id = any(p_headers);
  update reservation_headers h
  set state = case
        when s.open > 0 then 'ACTIVE'
        when s.consumed > 0 then 'CONSUMED'
        when s.released > 0 then 'RELEASED'
        else 'EXPIRED'
      end,
      version = h.version + 1, updated_at = stock_now(), valid_from = stock_now()
  from (
    select l.header_id, sum(l.reserved - l.consumed - l.released - l.expired) as open,
      sum(l.consumed) as consumed, sum(l.released) as released
    from reservation_lines l
    where l.tenant_id = stock_tenant() and l.header_id = any(p_headers)
    group by l.header_id
  ) s
  where h.tenant_id = stock_tenant() and h.id = s.header_id;
end $$;

-- Make soft rows firm: their units stand on buckets from now on, and no clock ends them.
--
-- p_parts: [{id, newId, item, quantity, fromQuota, first}]: the parts of each row, whose `first` one
-- keeps its id.
create or replace function reservation_firm_up(p_parts jsonb) returns void
language plpgsql as $$
declare
  v_tenant uuid := stock_tenant();
  v_headers text[];
  v_locations text[];
  v_products text[];
begin
  select array_agg(distinct r.header_id), array_agg(r.location_id), array_agg(r.product_id)
  into v_headers, v_locations, v_products
  from jsonb_to_recordset(p_parts) as p (id text)
  join reservations r on r.tenant_id = v_tenant and r.id = p.id;
  insert into reservations_history
  select r.*, stock_now() from reservations r
  where r.tenant_id = v_tenant and r.id in (
    select p.id from jsonb_to_recordset(p_parts) as p (id text));
  insert into reservations (tenant_id, id, kind, channel_id, product_id, location_id,
    inventory_item_id, header_id, line_number, quantity, from_quota, reference)
  select v_tenant, p."newId", 'HARD', r.channel_id, r.product_id, r.location_id, p.item,
    r.header_id, r.line_number, p.quantity, p."fromQuota", r.reference
  from jsonb_to_recordset(p_parts) as p (id text, "newId" text, item text, quantity numeric,
    "fromQuota" numeric, first boolean)
  join reservations r on r.tenant_id = v_tenant and r.id = p.id
  where not p.first;
  update reservations r
  set kind = 'HARD', inventory_item_id = p.item, quantity = p.quantity, from_quota = p."fromQuota",
      expires_at = null, version = r.version + 1, updated_at = stock_now(), valid_from = stock_now()
  from jsonb_to_recordset(p_parts) as p (id text, item text, quantity numeric,
    "fromQuota" numeric, first boolean)
  where r.tenant_id = v_tenant and r.id = p.id and p.first;
  update inventory_items i
  set reserved = i.reserved + p.quantity, version = i.version + 1, updated_at = stock_now()
  from (
    select u.item, sum(u.quantity) as quantity
    from jsonb_to_recordset(p_parts) as u (item text, quantity numeric) group by u.item
  ) p
  where i.tenant_id = v_tenant and i.id = p.item;
  insert into reservation_headers_history
  select h.*, stock_now() from reservation_headers h
  where h.tenant_id = v_tenant and h.id = any(v_headers);
  update reservation_headers h
  set kind = 'HARD', expires_at = null, version = h.version + 1, updated_at = stock_now(),
      valid_from = stock_now()
  where h.tenant_id = v_tenant and h.id = any(v_headers);
  perform stock_refresh_levels(v_locations, v_products);
end $$;

-- Have a soft reservation end at another moment.
create or replace function reservation_extend(p_header text, p_expires timestamptz) returns void
language plpgsql as $$
declare
  v_tenant uuid := stock_tenant();
  v_locations text[];
  v_products text[];
begin
  insert into reservation_headers_history
  select h.*, stock_now() from reservation_headers h
  where h.tenant_id = v_tenant and h.id = p_header;
  update reservation_headers h
  set expires_at = p_expires, version = h.version + 1, updated_at = stock_now(),
      valid_from = stock_now()
  where h.tenant_id = v_tenant and h.id = p_header;
  insert into reservations_history
  select r.*, stock_now() from reservations r
  where r.tenant_id = v_tenant and r.header_id = p_header and r.state = 'ACTIVE';
  update reservations r
  set expires_at = p_expires, version = r.version + 1, updated_at = stock_now(),
      valid_from = stock_now()
  where r.tenant_id = v_tenant and r.header_id = p_header and r.state = 'ACTIVE';
  select array_agg(r.location_id), array_agg(r.product_id) into v_locations, v_products
  from reservations r
  where r.tenant_id = v_tenant and r.header_id = p_header and r.state = 'ACTIVE';
  perform stock_refresh_levels(v_locations, v_products);
end $$;

-- Reserve again what the clock had ended, for who consumes it late in this transaction: its end
-- stays in the past, so that it promises nothing to anybody.
--
-- p_lines: [{id, number, quantity}].
create or replace function reservation_revive(p_header text, p_lines jsonb) returns void
language plpgsql as $$
begin
  insert into reservation_lines_history
  select l.*, stock_now() from reservation_lines l
  where l.tenant_id = stock_tenant() and l.header_id = p_header;
  update reservation_lines l
  set reserved = l.reserved + p.quantity, version = l.version + 1, valid_from = stock_now()
  from jsonb_to_recordset(p_lines) as p (number integer, quantity numeric)
  where l.tenant_id = stock_tenant() and l.header_id = p_header and l.number = p.number;
  insert into reservations (tenant_id, id, kind, channel_id, product_id, location_id, header_id,
    line_number, quantity, reference, expires_at)
  select stock_tenant(), p.id, 'SOFT', h.channel_id, l.product_id, l.location_id, p_header, l.number,
    p.quantity, h.reference, h.expires_at
  from jsonb_to_recordset(p_lines) as p (id text, number integer, quantity numeric)
  join reservation_lines l
    on l.tenant_id = stock_tenant() and l.header_id = p_header and l.number = p.number
  join reservation_headers h on h.tenant_id = stock_tenant() and h.id = p_header;
  perform reservation_close(array[p_header]);
end $$;
