-- What was there at a former moment: views named like the tables that hold what changes, as of
-- stock_now(). Over them migration 0001 makes the views and functions of availability.sql a second
-- time, with search_path `past, public`: a session that looks at the past sets the same path and
-- its clock (models/session.py), and every statement then reads the past unchanged.
--
-- Two axes: what happened is told by occurred_at, up to stock_now(); what was known by the
-- transaction that posted it, in stock_known_in(). All else that changes keeps its former rows by
-- recorded time and follows past.recorded().
-- The types of columns must be those of the tables: a prepared statement serves both schemas.

create schema if not exists past;

-- The moment as of which all that is not posted is read.
create or replace function past.recorded() returns timestamptz
language sql stable parallel safe as $$
  select least(stock_now(), stock_known_when())
$$;

-- Rows that keep a history: the present one while it is old enough, else a former one. Of settings,
-- lots, bins and products the first row that is known counts for all time before: they were made when
-- somebody wrote them down, and what is stocked had them before.
do $$
declare
  v_table text;
  v_columns text;
  v_begun text;
begin
  foreach v_table in array array[
    'reservations', 'reservation_headers', 'reservation_lines', 'holds', 'channel_policies',
    'channel_quotas', 'lots', 'bins', 'tenant_settings'
  ] loop
    select string_agg(format('t.%I', a.attname), ', ' order by a.attnum) into v_columns
    from pg_attribute a
    where a.attrelid = format('public.%I', v_table)::regclass and a.attnum > 0
      and not a.attisdropped;
    v_begun := 't.valid_from <= (select past.recorded())';
    if v_table in ('lots', 'bins', 'tenant_settings') then
      v_begun := format('(%s or t.version = 1)', v_begun);
    end if;
    execute format(
      'create or replace view past.%1$I with (security_invoker = true) as'
      ' select %2$s from public.%1$I t where %3$s'
      ' union all'
      ' select %2$s from public.%4$I t where %3$s and t.valid_to > (select past.recorded())',
      v_table, v_columns, v_begun, v_table || '_history');
  end loop;
  select string_agg(
    case a.attname
      when 'unit_cost' then
        'case when t.valid_from <= (select past.recorded()) then t.unit_cost else ('
        'select h.unit_cost from public.products_history h where h.tenant_id = t.tenant_id'
        ' and h.id = t.id and (h.valid_from <= (select past.recorded()) or h.version = 1)'
        ' and h.valid_to > (select past.recorded())'
        ' union all select t.unit_cost limit 1) end as unit_cost'
      else format('t.%I', a.attname)
    end, ', ' order by a.attnum) into v_columns
  from pg_attribute a
  where a.attrelid = 'public.products'::regclass and a.attnum > 0 and not a.attisdropped;
  execute 'create or replace view past.products with (security_invoker = true) as select '
    || v_columns || ' from public.products t';
end $$;

-- What a bucket held. Entries that are not backdated happened in the order of their sequence, so
-- the last of them up to the moment says what it held with all that was recorded before it; then
-- come those that were recorded later and happened earlier.
create or replace function past.on_hand(p_item text) returns numeric
language plpgsql stable parallel safe as $$
declare
  v_now timestamptz := stock_now();
  v_known pg_snapshot := stock_known_in();
  v_on_hand numeric;
  v_sequence bigint;
begin
  select e.quantity_after, e.sequence into v_on_hand, v_sequence
  from public.ledger_entries e
  where e.tenant_id = stock_tenant() and e.inventory_item_id = p_item
    and e.occurred_at <= v_now and not e.is_backdated
  order by e.occurred_at desc, e.sequence desc limit 1;
  select coalesce(v_on_hand, 0) + coalesce(sum(e.delta), 0) into v_on_hand
  from public.ledger_entries e
  where e.tenant_id = stock_tenant() and e.inventory_item_id = p_item
    and e.is_backdated and e.sequence > coalesce(v_sequence, 0) and e.occurred_at <= v_now;
  if v_known is not null then
    select v_on_hand - coalesce(sum(e.delta), 0) into v_on_hand
    from public.ledger_entries e
    join public.postings p on p.tenant_id = e.tenant_id and p.id = e.posting_id
    where e.tenant_id = stock_tenant() and e.inventory_item_id = p_item
      and e.occurred_at <= v_now and not stock_was_known(p.xid, v_known);
  end if;
  return v_on_hand;
end $$;

-- Units of a bucket that documents had set aside.
create or replace function past.reserved(p_item text, p_location text, p_product text)
returns numeric
language plpgsql stable parallel safe as $$
begin
  return (
    select coalesce(sum(r.quantity), 0) from past.reservations r
    where r.tenant_id = stock_tenant() and r.location_id = p_location
      and r.product_id = p_product and r.inventory_item_id = p_item
      and r.state = 'ACTIVE' and r.kind = 'HARD');
end $$;

-- Whether a bucket was there: made by then, or with an entry that happened and was known by then.
create or replace function past.is_there(p_item text, p_created timestamptz) returns boolean
language plpgsql stable parallel safe as $$
begin
  return p_created <= past.recorded() or exists (
    select 1 from public.ledger_entries e
    where e.tenant_id = stock_tenant() and e.inventory_item_id = p_item
      and e.occurred_at <= stock_now()
      and (stock_known_in() is null or exists (
        select 1 from public.postings p
        where p.tenant_id = e.tenant_id and p.id = e.posting_id
          and stock_was_known(p.xid, stock_known_in()))));
end $$;

-- max() is of one row each: it lets the planner leave the join out where no quantity is asked for.
create or replace view past.inventory_items with (security_invoker = true) as
select i.tenant_id, i.id, i.product_id, i.location_id, i.bin_id, i.lot_id,
  q.on_hand::numeric(18, 6) as on_hand, q.reserved::numeric(18, 6) as reserved,
  i.version, i.entry_count,
  case
    when i.marked_expired_at <= stock_now() then i.marked_expired_at
    else (
      select max(m.marked_at) from public.former_marks m
      where m.tenant_id = i.tenant_id and m.inventory_item_id = i.id
        and m.marked_at <= past.recorded() and m.ended_at > past.recorded())
  end as marked_expired_at,
  case
    when i.last_counted_at <= stock_now() and stock_known_in() is null
      and i.updated_at <= past.recorded() then i.last_counted_at
    else (
      select max(e.occurred_at) from public.ledger_entries e
      join public.postings p on p.tenant_id = e.tenant_id and p.id = e.posting_id
      where e.tenant_id = i.tenant_id and e.inventory_item_id = i.id and e.kind = 'COUNT'
        and e.occurred_at <= stock_now() and p.reverses_id is null and not exists (
          select 1 from public.postings r
          where r.tenant_id = p.tenant_id and r.reverses_id = p.id
            and r.recorded_at <= past.recorded()))
  end as last_counted_at,
  i.last_occurred_at, i.created_at, i.updated_at
from public.inventory_items i
left join lateral (
  select max(past.on_hand(k.id)) as on_hand,
    max(past.reserved(k.id, k.location_id, k.product_id)) as reserved
  from (values (i.id, i.location_id, i.product_id)) as k (id, location_id, product_id)
) q on true
where past.is_there(i.id, i.created_at);

create or replace function past.level(p_location text, p_product text)
returns table (on_hand numeric, expired numeric, held numeric, reserved numeric)
language plpgsql stable parallel safe rows 1 as $$
begin
  return query
  select q.on_hand, q.expired, q.held, q.reserved
  from past.live_level(stock_tenant(), p_location, p_product) q;
end $$;

-- The sums are computed, never kept. Levels without any bucket, ever, are there as they are now.
create or replace view past.stock_levels with (security_invoker = true) as
select s.tenant_id, s.location_id, s.product_id, q.on_hand::numeric(18, 6) as on_hand,
  q.expired::numeric(18, 6) as expired, q.held::numeric(18, 6) as held,
  q.reserved::numeric(18, 6) as reserved, null::timestamptz as next_expiry
from public.stock_levels s
left join lateral (
  select max(f.on_hand) as on_hand, max(f.expired) as expired, max(f.held) as held,
    max(f.reserved) as reserved
  from past.level(s.location_id, s.product_id) f
) q on true
where exists (
    select 1 from past.inventory_items i
    where i.tenant_id = s.tenant_id and i.location_id = s.location_id
      and i.product_id = s.product_id)
  or not exists (
    select 1 from public.inventory_items i
    where i.tenant_id = s.tenant_id and i.location_id = s.location_id
      and i.product_id = s.product_id);
