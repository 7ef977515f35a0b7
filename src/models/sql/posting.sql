-- The one writer: nothing else changes a quantity (docs/promise.md, ARCHITECTURE.md).
--
-- These functions look each key up by index (`lateral … offset 0`) and write by upsert. Left to the
-- planner, a plan that was made while the tables were small would read a tenant's whole stock for
-- every posting, or for every line. With that the plan does not depend on the lines, and is not
-- made anew for each posting: that would be most of its time.

-- Set the kept sums of these products at these locations to what their buckets say now.
-- The caller has locked the level rows. Sums are read in a later statement than the lock: under
-- READ COMMITTED one statement that locks and sums would use the snapshot from before its wait.
create or replace function stock_refresh_levels(p_locations text[], p_products text[]) returns void
language plpgsql set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
begin
  insert into stock_levels as s (tenant_id, location_id, product_id,
    on_hand, expired, held, reserved, next_expiry)
  select stock_tenant(), k.l, k.p, q.on_hand, q.expired, q.held, q.reserved, q.next_expiry
  from (select distinct u.l, u.p from unnest(p_locations, p_products) as u (l, p)) k
  cross join lateral live_level(stock_tenant(), k.l, k.p) q
  on conflict (tenant_id, location_id, product_id) do update
  set on_hand = excluded.on_hand, expired = excluded.expired, held = excluded.held,
      reserved = excluded.reserved, next_expiry = excluded.next_expiry;
end $$;

-- Lock (and make, where missing) the level rows of these keys, in the one global order.
create or replace function stock_lock_levels(p_locations text[], p_products text[]) returns void
language plpgsql set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
begin
  insert into stock_levels (tenant_id, location_id, product_id)
  select stock_tenant(), k.l, k.p
  from (select distinct u.l, u.p from unnest(p_locations, p_products) as u (l, p)) k
  left join lateral (
    select 1 as there from stock_levels f
    where f.tenant_id = stock_tenant() and f.location_id = k.l and f.product_id = k.p
    offset 0
  ) f on true
  where f.there is null
  order by k.l collate "C", k.p collate "C"
  on conflict do nothing;
  if found then
    perform set_config('app.is_listed_anew', 'on', true);
  end if;
  -- The loop over the ordered keys is what orders the locks.
  perform 1
  from (
    select distinct u.l collate "C" as l, u.p collate "C" as p
    from unnest(p_locations, p_products) as u (l, p)
    order by 1, 2
  ) k
  cross join lateral (
    select 1 from stock_levels s
    where s.tenant_id = stock_tenant() and s.location_id = k.l and s.product_id = k.p
    for no key update of s  -- what only points at the row need not wait
  ) s;
end $$;

-- Raise the version of the tenant's reference data if the transaction has put a product on the list
-- of a location. Run by the door, last before COMMIT: nobody waits long for that row.
create or replace function stock_close() returns void
language plpgsql as $$
begin
  if current_setting('app.is_listed_anew', true) = 'on' then
    update tenant_versions set reference = reference + 1 where tenant_id = stock_tenant();
  end if;
end $$;

-- Have every level that lots are part of computed live until it is refreshed. For a moment from
-- which on sums are others without a change of a bucket: a new time zone.
create or replace function stock_mark_levels_due() returns void
language sql as $$
  with due as materialized (
    select s.location_id, s.product_id from stock_levels s
    where s.tenant_id = stock_tenant() and exists (
      select 1 from inventory_items i
      where i.tenant_id = stock_tenant() and i.location_id = s.location_id
        and i.product_id = s.product_id and i.lot_id is not null)
    order by s.location_id, s.product_id
    for no key update of s
  )
  update stock_levels s set next_expiry = '-infinity'
  from due
  where s.tenant_id = stock_tenant() and s.location_id = due.location_id
    and s.product_id = due.product_id
$$;

-- Lock the bins and lots in which new buckets will stand; to be called before any level is locked.
-- Whoever changes a bin's type, a lot's expiry date or the time zone locks that row first and then
-- refreshes the levels of the buckets that he sees: he waits here for new ones, or they for him.
create or replace function stock_lock_parts(
  p_locations text[], p_products text[], p_bins text[], p_lots text[]
) returns void
language plpgsql set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare
  v_tenant uuid := stock_tenant();
  v_bins text[];
  v_lots text[];
begin
  select array_agg(k.b) filter (where k.b is not null), array_agg(k.t) filter (where k.t is not null)
  into v_bins, v_lots
  from (
    select distinct u.l, u.p, u.b, u.t from unnest(p_locations, p_products, p_bins, p_lots)
      as u (l, p, b, t)
    where u.b is not null or u.t is not null
  ) k
  left join lateral (
    select 1 as there from inventory_items f
    where f.tenant_id = v_tenant and f.location_id = k.l and f.product_id = k.p
      and f.bin_id is not distinct from k.b and f.lot_id is not distinct from k.t
    offset 0
  ) f on true
  where f.there is null;
  if v_lots is not null then
    perform 1 from tenant_settings s where s.tenant_id = v_tenant for share;
    perform 1 from lots t where t.tenant_id = v_tenant and t.id = any(v_lots) order by t.id for share;
  end if;
  if v_bins is not null then
    perform 1 from bins b where b.tenant_id = v_tenant and b.id = any(v_bins) order by b.id for share;
  end if;
end $$;

-- Whether an entry of this kind stands in the history of adjustments: the book was corrected.
create or replace function stock_is_adjustment(p_kind text) returns boolean
language sql immutable parallel safe as $$
  select p_kind in ('ADJUSTMENT', 'COUNT', 'LOT_CORRECTION')
$$;

-- Post one document: its ledger entries, the new balances, the kept sums and one outbox event.
--
-- p_head: {id, kind, reasonCodeId?, rootCause?, reference?, comment?, actor, documentType?,
--   documentId?, importId?, reversesId?}.
-- p_lines: one row a change; several rows may name one bucket and are then taken in order.
--   item: the id a bucket gets when this line makes it. delta, or target: what the bucket is to
--   hold. expected: refused when the bucket holds something else. occurred_at: null for a live
--   posting (the clock after the lock, never below the bucket's last).
-- p_kinds: the kind of each line, where one document brings several (history that is taken over).
-- Gives the entries as JSON when p_answer, else null.
-- Raises, with JSON as DETAIL: SG001 (on hand would be negative, now or at a later moment of a
-- backdated line), SG002 (not the expected quantity), SG003 (does not sum to zero), SG005 (the
-- period is closed), SG006 (counted since), SG007 (more than a minute ahead).
do $$ begin
  create type posting_line as (
    item text, product text, location text, bin text, lot text,
    delta numeric, target numeric, expected numeric, occurred_at timestamptz,
    unit_cost numeric, unit_price numeric, channel text, reference text
  );
exception when duplicate_object then null;
end $$;

create or replace function stock_post(
  p_head jsonb, p_lines posting_line[], p_answer boolean default true, p_kinds text[] default null
) returns jsonb
language plpgsql as $$
declare
  v_kind text := p_head ->> 'kind';
  v_entries jsonb;
begin
  if cardinality(p_lines) = 1 and (p_lines[1]).occurred_at is null
    and v_kind not in ('TRANSFER', 'MOVE', 'LOT_CORRECTION')
  then
    v_entries := stock_post_one(p_head, p_lines[1], coalesce(p_kinds[1], v_kind));
  end if;
  if v_entries is null then v_entries := stock_post_many(p_head, p_lines, p_kinds); end if;
  return case when p_answer then v_entries end;
end $$;

-- Any number of lines, into buckets that are there or not, live or backdated; raises what stock_post
-- raises.
create or replace function stock_post_many(p_head jsonb, p_lines posting_line[], p_kinds text[])
returns jsonb
language plpgsql set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare
  v_tenant uuid := stock_tenant();
  v_id text := p_head ->> 'id';
  v_kind text := p_head ->> 'kind';
  v_import text := p_head ->> 'importId';
  v_reason text := p_head ->> 'reasonCodeId';
  v_reference text := p_head ->> 'reference';
  v_now timestamptz;
  v_locations text[];
  v_products text[];
  v_bins text[];
  v_lots text[];
  v_repeats boolean := exists (
    select 1 from unnest(p_lines) as l
    group by l.location, l.product, l.bin, l.lot having count(*) > 1);
  v_count integer;
  v_entries jsonb;
begin
  select array_agg(l.location), array_agg(l.product), array_agg(l.bin), array_agg(l.lot)
  into v_locations, v_products, v_bins, v_lots
  from unnest(p_lines) as l;
  perform stock_lock_parts(v_locations, v_products, v_bins, v_lots);
  perform stock_lock_levels(v_locations, v_products);
  v_now := coalesce(nullif(current_setting('app.now', true), '')::timestamptz, clock_timestamp());
  perform stock_check_period(v_now, p_lines);

  insert into postings (tenant_id, id, kind, reason_code_id, root_cause, reference, comment,
    document_type, document_id, actor, occurred_at, recorded_at, xid, entry_count, reverses_id,
    import_id)
  values (v_tenant, v_id, v_kind, v_reason, p_head ->> 'rootCause', v_reference,
    p_head ->> 'comment', p_head ->> 'documentType', p_head ->> 'documentId', p_head -> 'actor',
    least((select min(l.occurred_at) from unnest(p_lines) as l), v_now), v_now,
    pg_current_xact_id()::text::bigint, cardinality(p_lines), p_head ->> 'reversesId', v_import);

  with line as (
    select l.item, l.product, l.location, l.bin, l.lot,
      coalesce(l.delta, l.target - coalesce(i.on_hand, 0)) as delta, l.expected,
      -- A clock that is a little ahead is taken to be right; null stays null.
      case when l.occurred_at > v_now then v_now else l.occurred_at end as occurred_at,
      l.unit_cost, l.unit_price, l.channel, l.reference, l.ordinality::integer as ordinal,
      coalesce(l.kind, v_kind) as kind, i.id as held_id,
      coalesce(i.on_hand, 0) as balance, i.last_occurred_at, coalesce(i.entry_count, 0) as entries
    from unnest(p_lines, p_kinds) with ordinality as l (item, product, location, bin, lot, delta,
      target, expected, occurred_at, unit_cost, unit_price, channel, reference, kind, ordinality)
    left join lateral (
      select f.id, f.on_hand, f.last_occurred_at, f.entry_count from inventory_items f
      where f.tenant_id = v_tenant and f.location_id = l.location and f.product_id = l.product
        and f.bin_id is not distinct from l.bin and f.lot_id is not distinct from l.lot
      offset 0
    ) i on true
  ),
  -- A window over buckets of one line each costs as much as all the rest: it is left out then.
  running as (
    select line.*, balance + delta as after, coalesce(held_id, item) as item_id,
      entries + 1 as sequence,
      coalesce(occurred_at, greatest(v_now, last_occurred_at)) as happened_at,
      coalesce(occurred_at < last_occurred_at, false) as is_backdated
    from line where not v_repeats
    union all
    select line.*,
      balance + sum(delta) over bucket,
      coalesce(held_id, first_value(item) over bucket),
      entries + row_number() over bucket,
      coalesce(occurred_at, greatest(v_now, last_occurred_at, max(occurred_at) over bucket)),
      coalesce(occurred_at < greatest(last_occurred_at, max(occurred_at) over earlier), false)
    from line where v_repeats
    window bucket as (partition by location, product, bin, lot order by ordinal),
      earlier as (bucket rows between unbounded preceding and 1 preceding)
  ),
  checked as (
    select running.*, stock_check_line(ordinal, delta, after, expected) as good from running
  ),
  total as (
    select item_id, min(product) as product, min(location) as location, min(bin) as bin,
      min(lot) as lot, min(balance) + sum(delta) as on_hand, max(happened_at) as last_occurred_at,
      max(happened_at) filter (where kind = 'COUNT') as counted_at, max(sequence) as entry_count,
      count(*) filter (where stock_is_adjustment(kind)) as adjustment_count
    from checked where good group by item_id
  ),
  -- One upsert and no join: a join with the buckets could be planned to read them all.
  written as (
    insert into inventory_items as i (tenant_id, id, product_id, location_id, bin_id, lot_id, on_hand,
      version, entry_count, adjustment_count, last_counted_at, last_occurred_at, created_at,
      updated_at)
    select v_tenant, item_id, product, location, bin, lot, on_hand, 1, entry_count,
      adjustment_count, counted_at, last_occurred_at, v_now, v_now
    from total
    order by location, product, bin, lot
    on conflict (tenant_id, id) do update
    set on_hand = excluded.on_hand, version = i.version + 1, updated_at = excluded.updated_at,
      entry_count = excluded.entry_count,
      adjustment_count = i.adjustment_count + excluded.adjustment_count,
      last_occurred_at = greatest(i.last_occurred_at, excluded.last_occurred_at),
      last_counted_at = greatest(i.last_counted_at, excluded.last_counted_at)
    where i.location_id = excluded.location_id and i.product_id = excluded.product_id
      and i.bin_id is not distinct from excluded.bin_id
      and i.lot_id is not distinct from excluded.lot_id
    returning 1
  )
  insert into ledger_entries (tenant_id, posting_id, ordinal, inventory_item_id, sequence,
    product_id, location_id, kind, delta, quantity_after, reason_code_id, unit_cost, unit_price,
    channel_id, reference, occurred_at, recorded_at, is_backdated)
  select v_tenant, v_id, ordinal, item_id, sequence, product, location, kind, delta, after,
    v_reason, unit_cost, unit_price, channel, coalesce(reference, v_reference), happened_at, v_now,
    is_backdated
  from checked
  where good and (select count(*) from written) = (select count(*) from total);

  get diagnostics v_count = row_count;
  assert v_count = cardinality(p_lines), 'every line makes one entry, every bucket is written';
  perform stock_check_sum(v_id, v_kind);
  if v_import is null and exists (select 1 from unnest(p_lines) as l where l.occurred_at is not null)
  then
    perform stock_check_backdated(v_id, coalesce((p_head ->> 'forced')::boolean, false));
  end if;
  perform stock_refresh_levels(v_locations, v_products);

  select jsonb_agg(jsonb_build_object(
      'ordinal', e.ordinal, 'inventoryItemId', e.inventory_item_id, 'sequence', e.sequence,
      'productId', e.product_id, 'locationId', e.location_id, 'kind', e.kind, 'delta', e.delta,
      'quantityBefore', e.quantity_after - e.delta, 'quantityAfter', e.quantity_after,
      'occurredAt', e.occurred_at) order by e.ordinal)
  into v_entries
  from ledger_entries e where e.tenant_id = v_tenant and e.posting_id = v_id;
  insert into outbox (tenant_id, id, topic, aggregate_id, payload, created_at)
  values (v_tenant, v_id, 'stock.posted', v_id,
    jsonb_strip_nulls(p_head) || jsonb_build_object('recordedAt', v_now, 'entries', v_entries),
    v_now);
  return v_entries;
end $$;

-- Refuse what would happen at or before the moment through which the books are closed, and what is
-- said to happen more than a minute ahead: later acts on the bucket would have to happen after it.
-- The lock is shared by postings and taken whole by who closes, so that no posting is under way then.
create or replace function stock_check_period(p_now timestamptz, p_lines posting_line[])
returns void
language plpgsql as $$
declare
  v_closed timestamptz;
  v_line integer;
begin
  select min(l.ordinality) into v_line
  from unnest(p_lines) with ordinality as l
  where l.occurred_at > p_now + interval '60 seconds';
  if v_line is not null then
    raise exception 'ahead' using errcode = 'SG007',
      detail = json_build_object('line', v_line)::text;
  end if;
  perform pg_advisory_xact_lock_shared(hashtextextended(stock_tenant()::text || 'period', 0));
  select s.closed_through into v_closed from tenant_settings s where s.tenant_id = stock_tenant();
  if v_closed is null then return; end if;
  select min(l.ordinality) into v_line
  from unnest(p_lines) with ordinality as l
  where coalesce(l.occurred_at, p_now) <= v_closed;
  if v_line is not null then
    raise exception 'the period is closed' using errcode = 'SG005',
      detail = json_build_object('line', v_line, 'closedThrough', v_closed)::text;
  end if;
end $$;

-- Refuse backdated entries behind a count of their bucket, and those after which it would have
-- held less than nothing at some moment since. The balance on the effective axis runs over the
-- entries in the order of occurring; of one moment, in the order of recording. What is forced brings
-- a counter-entry at the moment of the count, which stays true.
create or replace function stock_check_backdated(p_id text, p_forced boolean) returns void
language plpgsql as $$
declare v_bad record;
begin
  select e.ordinal, i.last_counted_at into v_bad
  from ledger_entries e
  join inventory_items i on i.tenant_id = e.tenant_id and i.id = e.inventory_item_id
  where e.tenant_id = stock_tenant() and e.posting_id = p_id and e.is_backdated
    and e.occurred_at <= i.last_counted_at and not p_forced
  order by e.ordinal limit 1;
  if found then
    raise exception 'counted since' using errcode = 'SG006', detail = json_build_object(
      'line', v_bad.ordinal, 'countedAt', v_bad.last_counted_at)::text;
  end if;
  select d.ordinal, d.delta, f.occurred_at, f.balance into v_bad
  from ledger_entries d
  cross join lateral (
    select r.occurred_at, r.balance
    from (
      select h.occurred_at,
        sum(h.delta) over (order by h.occurred_at, h.sequence) as balance
      from ledger_entries h
      where h.tenant_id = d.tenant_id and h.inventory_item_id = d.inventory_item_id
    ) r
    where r.balance < 0 and r.occurred_at >= d.occurred_at
    order by r.occurred_at limit 1
  ) f
  where d.tenant_id = stock_tenant() and d.posting_id = p_id and d.is_backdated
  order by d.ordinal limit 1;
  if found then
    raise exception 'on hand would have been negative' using errcode = 'SG001',
      detail = json_build_object('line', v_bad.ordinal, 'onHand', v_bad.balance - v_bad.delta,
        'delta', v_bad.delta, 'at', v_bad.occurred_at)::text;
  end if;
end $$;

create or replace function stock_check_line(
  p_ordinal integer, p_delta numeric, p_after numeric, p_expected numeric
) returns boolean
language plpgsql immutable as $$
begin
  if p_expected is not null and p_after - p_delta <> p_expected then
    raise exception 'not the expected quantity' using errcode = 'SG002', detail = json_build_object(
      'line', p_ordinal, 'expected', p_expected, 'onHand', p_after - p_delta)::text;
  end if;
  if p_after < 0 then
    raise exception 'on hand would be negative' using errcode = 'SG001', detail = json_build_object(
      'line', p_ordinal, 'onHand', p_after - p_delta, 'delta', p_delta)::text;
  end if;
  return true;
end $$;

-- TRANSFER, MOVE and LOT_CORRECTION move units between accounts, of which a transfer's transit is one;
-- every other kind names the account outside that its units come from or go to.
create or replace function stock_check_sum(p_id text, p_kind text) returns void
language plpgsql as $$
declare v_sum numeric;
begin
  if p_kind not in ('TRANSFER', 'MOVE', 'LOT_CORRECTION') then return; end if;
  select sum(a.delta) into v_sum
  from (
    select e.product_id, e.delta from ledger_entries e
    where e.tenant_id = stock_tenant() and e.posting_id = p_id
    union all
    select l.product_id, t.delta from transit_entries t
    join transfer_lines l on l.tenant_id = t.tenant_id and l.id = t.line_id
    where t.tenant_id = stock_tenant() and t.posting_id = p_id
  ) a
  group by a.product_id having sum(a.delta) <> 0
  limit 1;
  if found then
    raise exception 'the entries of a % must sum to zero for each product, not %', p_kind, v_sum
      using errcode = 'SG003';
  end if;
end $$;

-- Give buckets the mark of expired stock, or take it from them; the ids of those that changed. The
-- caller has locked their level rows, and refreshes them afterwards.
create or replace function stock_mark_items(p_ids text[], p_marked boolean) returns text[]
language plpgsql as $$
declare v_changed text[];
begin
  insert into former_marks (inventory_item_id, marked_at, ended_at)
  select i.id, i.marked_expired_at, stock_now()
  from inventory_items i
  where not p_marked and i.tenant_id = stock_tenant() and i.id = any(p_ids)
    and i.marked_expired_at < stock_now()
  on conflict do nothing;
  with changed as (
    update inventory_items i
    set marked_expired_at = case when p_marked then stock_now() end, version = i.version + 1,
        updated_at = stock_now()
    where i.tenant_id = stock_tenant() and i.id = any(p_ids)
      and (i.marked_expired_at is null) = p_marked
    returning i.id
  )
  select array_agg(c.id order by c.id) into v_changed from changed c;
  return coalesce(v_changed, '{}');
end $$;

-- Say since when buckets are known to hold what the book says: the moment at which they were counted,
-- and not that at which the count was posted. The caller has locked their level rows.
create or replace function stock_set_counted(p_items text[], p_counted timestamptz[]) returns void
language sql as $$
  update inventory_items i set last_counted_at = m.counted_at
  from unnest(p_items, p_counted) as m (item, counted_at)
  where i.tenant_id = stock_tenant() and i.id = m.item
$$;

-- Set when these buckets were last counted to what the counts that still stand say. The caller has
-- locked their level rows.
create or replace function stock_count_again(p_items text[]) returns void
language sql as $$
  update inventory_items i
  set last_counted_at = (
    select max(coalesce((
      select c.counted_at from count_lines c
      where c.tenant_id = e.tenant_id and c.count_id = p.document_id and c.posting_id = p.id
        and c.inventory_item_id = i.id), e.occurred_at))
    from ledger_entries e
    join postings p on p.tenant_id = e.tenant_id and p.id = e.posting_id
    where e.tenant_id = stock_tenant() and e.inventory_item_id = i.id and e.kind = 'COUNT'
      and p.reverses_id is null and not exists (
        select 1 from postings r
        where r.tenant_id = stock_tenant() and r.reverses_id = p.id))
  where i.tenant_id = stock_tenant() and i.id = any(p_items)
$$;
