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
    'channel_quotas', 'tenant_settings'
  ] loop
    select string_agg(format('t.%I', a.attname), ', ' order by a.attnum) into v_columns
    from pg_attribute a
    where a.attrelid = format('public.%I', v_table)::regclass and a.attnum > 0
      and not a.attisdropped;
    v_begun := 't.valid_from <= (select past.recorded())';
    if v_table = 'tenant_settings' then
      v_begun := format('(%s or t.version = 1)', v_begun);
    end if;
    execute format(
      'create or replace view past.%1$I with (security_invoker = true) as'
      ' select %2$s from public.%1$I t where %3$s'
      ' union all'
      ' select %2$s from public.%4$I t where %3$s and t.valid_to > (select past.recorded())',
      v_table, v_columns, v_begun, v_table || '_history');
  end loop;
  -- What is stocked stands in lots and bins that are still there: one row each, found by its key.
  foreach v_table in array array['lots', 'bins'] loop
    select string_agg(
      case
        when a.attname in ('tenant_id', 'id') then format('t.%I', a.attname)
        else format('case when h.id is null then t.%1$I else h.%1$I end as %1$I', a.attname)
      end, ', ' order by a.attnum) into v_columns
    from pg_attribute a
    where a.attrelid = format('public.%I', v_table)::regclass and a.attnum > 0
      and not a.attisdropped;
    execute format(
      'create or replace view past.%1$I with (security_invoker = true) as'
      ' select %2$s from public.%1$I t'
      ' left join lateral ('
      '   select f.* from public.%3$I f'
      '   where t.valid_from > (select past.recorded()) and f.tenant_id = t.tenant_id'
      '     and f.id = t.id and (f.valid_from <= (select past.recorded()) or f.version = 1)'
      '     and f.valid_to > (select past.recorded())'
      '   limit 1'
      ' ) h on true',
      v_table, v_columns, v_table || '_history');
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

-- The buckets. Entries that are not backdated happened in the order of their sequence, so the last
-- of them up to the moment says what a bucket held with all that was recorded before it; then come
-- those that were recorded later and happened earlier. A bucket was there when it was made by then,
-- or has an entry that happened and was known by then. Aggregates over everything give one row each:
-- they let the planner leave out the joins whose quantities nobody asks for.
create or replace view past.inventory_items with (security_invoker = true) as
select i.tenant_id, i.id, i.product_id, i.location_id, i.bin_id, i.lot_id,
  q.on_hand::numeric(18, 6) as on_hand, r.reserved::numeric(18, 6) as reserved,
  i.version, i.entry_count, i.adjustment_count,
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
  select max(coalesce(l.quantity_after, 0) + coalesce(b.delta, 0) - coalesce(u.delta, 0)) as on_hand
  from (values (true)) one
  left join lateral (
    select e.quantity_after, e.sequence from public.ledger_entries e
    where e.tenant_id = i.tenant_id and e.inventory_item_id = i.id
      and e.occurred_at <= (select stock_now()) and not e.is_backdated
    order by e.occurred_at desc, e.sequence desc limit 1
  ) l on true
  left join lateral (
    select sum(e.delta) as delta from public.ledger_entries e
    where e.tenant_id = i.tenant_id and e.inventory_item_id = i.id and e.is_backdated
      and e.sequence > coalesce(l.sequence, 0) and e.occurred_at <= (select stock_now())
  ) b on true
  left join lateral (
    select sum(e.delta) as delta
    from public.ledger_entries e
    join public.postings p on p.tenant_id = e.tenant_id and p.id = e.posting_id
    where (select stock_known_in()) is not null and e.tenant_id = i.tenant_id
      and e.inventory_item_id = i.id and e.occurred_at <= (select stock_now())
      and not stock_was_known(p.xid, (select stock_known_in()))
  ) u on true
) q on true
left join lateral (
  select coalesce(sum(r.quantity), 0) as reserved from past.reservations r
  where r.tenant_id = i.tenant_id and r.location_id = i.location_id
    and r.product_id = i.product_id and r.inventory_item_id = i.id
    and r.state = 'ACTIVE' and r.kind = 'HARD'
) r on true
where i.created_at <= (select past.recorded()) or exists (
  select 1 from public.ledger_entries e
  where e.tenant_id = i.tenant_id and e.inventory_item_id = i.id
    and e.occurred_at <= (select stock_now())
    and ((select stock_known_in()) is null or exists (
      select 1 from public.postings p
      where p.tenant_id = e.tenant_id and p.id = e.posting_id
        and stock_was_known(p.xid, (select stock_known_in())))));
