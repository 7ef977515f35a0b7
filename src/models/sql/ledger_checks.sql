-- The ledger's health: every derived number against what it is derived from (docs/operations.md).
--
-- One function an invariant; it gives what has drifted: what it is, what is kept, what is right.
-- Each is one statement over whole sets, so that its time grows with the number of rows alone.

-- The sums of all products at all locations, from their buckets: live_level for whole sets.
create or replace view live_levels with (security_invoker = true) as
select tenant_id, location_id, product_id, coalesce(q.on_hand, 0) as on_hand,
  coalesce(q.expired, 0) as expired,
  coalesce(q.held, 0) + least(coalesce(o.units, 0),
    coalesce(q.on_hand - q.expired - q.held, 0)) as held,
  coalesce(q.reserved, 0) + coalesce(s.soft, 0) as reserved,
  least(q.next_expiry, o.next_expiry, s.next_expiry) as next_expiry
from stock_levels k
full join (
  select i.tenant_id, i.location_id, i.product_id, sum(i.on_hand) as on_hand,
    sum(i.expired) as expired, sum(i.held) as held, sum(i.reserved) as reserved,
    min(i.next_expiry) as next_expiry
  from item_quantities i group by i.tenant_id, i.location_id, i.product_id
) q using (tenant_id, location_id, product_id)
left join (
  select h.tenant_id, h.location_id, h.scope_id as product_id,
    sum(h.quantity - h.quantity_released) as units, min(h.expires_at) as next_expiry
  from holds h
  where h.state = 'ACTIVE' and h.scope = 'QUANTITY'
    and (h.expires_at is null or h.expires_at > (select stock_now()))
  group by h.tenant_id, h.location_id, h.scope_id
) o using (tenant_id, location_id, product_id)
left join (
  select r.tenant_id, r.location_id, r.product_id, sum(r.quantity) as soft,
    min(r.expires_at) as next_expiry
  from reservations r
  where r.state = 'ACTIVE' and r.kind = 'SOFT'
    and (r.expires_at is null or r.expires_at > (select stock_now()))
  group by r.tenant_id, r.location_id, r.product_id
) s using (tenant_id, location_id, product_id);

do $$ begin
  create type ledger_drift as (id text, kept text, derived text, size numeric);
exception when duplicate_object then null;
end $$;

-- A bucket's balance is the sum of its entries.
create or replace function ledger_check_balances() returns setof ledger_drift
language sql stable as $$
  select i.id, trim_scale(i.on_hand)::text, trim_scale(coalesce(e.total, 0))::text,
    abs(i.on_hand - coalesce(e.total, 0))
  from inventory_items i
  left join (
    select l.inventory_item_id, sum(l.delta) as total from ledger_entries l
    where l.tenant_id = stock_tenant() group by l.inventory_item_id
  ) e on e.inventory_item_id = i.id
  where i.tenant_id = stock_tenant() and i.on_hand <> coalesce(e.total, 0)
$$;

-- The entries of a bucket are numbered 1, 2, 3 … and the bucket knows how many there are, and how
-- many of them are adjustments.
create or replace function ledger_check_sequences() returns setof ledger_drift
language sql stable as $$
  select i.id, format('%s, %s adjustments', i.entry_count, i.adjustment_count),
    format('%s, %s adjustments', coalesce(e.entries, 0), coalesce(e.adjustments, 0)),
    greatest(abs(i.entry_count - coalesce(e.entries, 0)), e.highest - e.entries, 1)::numeric
  from inventory_items i
  left join (
    select l.inventory_item_id, count(*) as entries, count(distinct l.sequence) as numbers,
      max(l.sequence) as highest, min(l.sequence) as lowest,
      count(*) filter (where stock_is_adjustment(l.kind)) as adjustments
    from ledger_entries l where l.tenant_id = stock_tenant() group by l.inventory_item_id
  ) e on e.inventory_item_id = i.id
  where i.tenant_id = stock_tenant() and (i.entry_count <> coalesce(e.entries, 0)
    or i.adjustment_count <> coalesce(e.adjustments, 0)
    or e.numbers <> e.entries or e.highest <> e.entries or e.lowest <> 1)
$$;

-- Each entry begins with the quantity that the one before it left, the first one with none.
create or replace function ledger_check_quantities() returns setof ledger_drift
language sql stable as $$
  select c.posting_id || ':' || c.ordinal, trim_scale(c.quantity_after)::text,
    trim_scale(c.before + c.delta)::text, abs(c.quantity_after - c.before - c.delta)
  from (
    select l.posting_id, l.ordinal, l.delta, l.quantity_after,
      coalesce(lag(l.quantity_after) over bucket, 0) as before
    from ledger_entries l where l.tenant_id = stock_tenant()
    window bucket as (partition by l.inventory_item_id order by l.sequence)
  ) c
  where c.quantity_after <> c.before + c.delta
$$;

-- A posting has all of its entries, and one that only moves units creates and loses none: what a
-- transfer ships is in its transit account.
create or replace function ledger_check_postings() returns setof ledger_drift
language sql stable as $$
  select p.id, p.entry_count || ' entries', coalesce(e.entries, 0) || ' entries that sum to '
      || trim_scale(coalesce(e.total, 0) + coalesce(t.total, 0)),
    abs(p.entry_count - coalesce(e.entries, 0)) + abs(coalesce(e.total, 0) + coalesce(t.total, 0))
  from postings p
  left join (
    select l.posting_id, count(*) as entries,
      sum(l.delta) filter (where l.kind in ('TRANSFER', 'MOVE', 'LOT_CORRECTION')) as total
    from ledger_entries l where l.tenant_id = stock_tenant() group by l.posting_id
  ) e on e.posting_id = p.id
  left join (
    select x.posting_id, sum(x.delta) as total
    from transit_entries x where x.tenant_id = stock_tenant() and x.posting_id is not null
    group by x.posting_id
  ) t on t.posting_id = p.id
  where p.tenant_id = stock_tenant()
    and (p.entry_count <> coalesce(e.entries, 0)
      or coalesce(e.total, 0) + coalesce(t.total, 0) <> 0)
$$;

-- The kept sums are those of the buckets; where the clock has passed, reads compute them live.
create or replace function ledger_check_levels() returns setof ledger_drift
language sql stable as $$
  select n.location_id || ' ' || n.product_id,
    coalesce(format('%s, %s expired, %s held, %s reserved', trim_scale(k.on_hand),
      trim_scale(k.expired), trim_scale(k.held), trim_scale(k.reserved)), 'none'),
    format('%s, %s expired, %s held, %s reserved', trim_scale(n.on_hand), trim_scale(n.expired),
      trim_scale(n.held), trim_scale(n.reserved)),
    greatest(abs(n.on_hand - coalesce(k.on_hand, 0)), abs(n.expired - coalesce(k.expired, 0)),
      abs(n.held - coalesce(k.held, 0)), abs(n.reserved - coalesce(k.reserved, 0)))
  from live_levels n
  left join stock_levels k on k.tenant_id = n.tenant_id and k.location_id = n.location_id
    and k.product_id = n.product_id
  where n.tenant_id = stock_tenant()
    and (k.next_expiry is null or k.next_expiry > (select stock_now()))
    and (k.on_hand, k.expired, k.held, k.reserved, k.next_expiry)
      is distinct from (n.on_hand, n.expired, n.held, n.reserved, n.next_expiry)
$$;

-- What is reserved of a bucket is what its active reservations have set aside.
create or replace function ledger_check_reserved() returns setof ledger_drift
language sql stable as $$
  select i.id, trim_scale(i.reserved)::text, trim_scale(coalesce(r.total, 0))::text,
    abs(i.reserved - coalesce(r.total, 0))
  from inventory_items i
  left join (
    select o.inventory_item_id, sum(o.quantity) as total from reservations o
    where o.tenant_id = stock_tenant() and o.state = 'ACTIVE' and o.kind = 'HARD'
    group by o.inventory_item_id
  ) r on r.inventory_item_id = i.id
  where i.tenant_id = stock_tenant() and i.reserved <> coalesce(r.total, 0)
$$;

-- Of each line of a reservation what is not resolved yet is what its active rows set aside.
create or replace function ledger_check_reservations() returns setof ledger_drift
language sql stable as $$
  select l.header_id || ' line ' || l.number, trim_scale(l.open)::text,
    trim_scale(coalesce(r.total, 0))::text, abs(l.open - coalesce(r.total, 0))
  from (
    select header_id, number, reserved - consumed - released - expired as open
    from reservation_lines where tenant_id = stock_tenant()
  ) l
  left join (
    select o.header_id, o.line_number as number, sum(o.quantity) as total from reservations o
    where o.tenant_id = stock_tenant() and o.state = 'ACTIVE' and o.header_id is not null
    group by o.header_id, o.line_number
  ) r using (header_id, number)
  where l.open <> coalesce(r.total, 0)
$$;

-- What is consumed of a quota is what postings took of it since somebody last set it: by its
-- versions, of which those that a posting made have their use.
create or replace function ledger_check_quotas() returns setof ledger_drift
language sql stable as $$
  with set_to as (
    select distinct on (q.id) q.id, v.version, v.consumed
    from channel_quotas q
    join (
      select tenant_id, id, version, consumed, valid_from from channel_quotas
      union all
      select tenant_id, id, version, consumed, valid_from from channel_quotas_history
    ) v on v.tenant_id = q.tenant_id and v.id = q.id and v.valid_from >= q.created_at
    where q.tenant_id = stock_tenant() and not exists (
      select 1 from quota_uses u
      where u.tenant_id = q.tenant_id and u.quota_id = q.id and u.quota_version = v.version
        and u.from_quota <> 0 and u.created_at >= q.created_at)
    order by q.id, v.version desc, v.valid_from desc
  ), right_ as (
    select s.id, s.consumed + coalesce(sum(u.from_quota), 0) as consumed
    from set_to s
    join channel_quotas q on q.tenant_id = stock_tenant() and q.id = s.id
    left join quota_uses u on u.tenant_id = q.tenant_id and u.quota_id = q.id
      and u.quota_version > s.version and u.created_at >= q.created_at
    group by s.id, s.consumed
  )
  select q.id, trim_scale(q.consumed)::text, trim_scale(r.consumed)::text,
    abs(q.consumed - r.consumed)
  from channel_quotas q join right_ r on r.id = q.id
  where q.tenant_id = stock_tenant() and q.consumed <> r.consumed
$$;

-- A hold is active while something of it is left, and no longer.
create or replace function ledger_check_holds() returns setof ledger_drift
language sql stable as $$
  select h.id, h.state, case when h.released_at is null then 'ACTIVE' else 'RELEASED' end,
    coalesce(h.quantity - h.quantity_released, 0)
  from holds h
  where h.tenant_id = stock_tenant() and (
    h.state = 'ACTIVE' and (h.quantity_released >= h.quantity or h.released_at is not null)
    or h.state = 'RELEASED' and h.released_at is null)
$$;

-- Each posting has its event, with all of its entries, and no event tells of what was not posted.
create or replace function ledger_check_outbox() returns setof ledger_drift
language sql stable as $$
  select coalesce(p.id, o.id), coalesce(o.entries || ' entries', 'no event'),
    coalesce(p.entry_count || ' entries', 'no posting'),
    abs(coalesce(p.entry_count, 0) - coalesce(o.entries, 0))::numeric
  from (select p.id, p.entry_count from postings p where p.tenant_id = stock_tenant()) p
  full join (
    select o.id, jsonb_array_length(o.payload -> 'entries') as entries from outbox o
    where o.tenant_id = stock_tenant() and o.topic = 'stock.posted'
  ) o on o.id = p.id
  where p.entry_count is distinct from o.entries
$$;

-- The events are numbered 1, 2, 3 …
create or replace function ledger_check_numbers() returns setof ledger_drift
language sql stable as $$
  select n.number::text, n.number::text, (n.before + 1)::text, abs(n.number - n.before - 1)::numeric
  from (
    select o.number, lag(o.number, 1, 0::bigint) over (order by o.number) as before
    from outbox o where o.tenant_id = stock_tenant() and o.number is not null
  ) n
  where n.number <> n.before + 1
$$;

-- Each seal follows the one before it, and is the digest of its events and of that one; the
-- numbers reach as far as the seals.
create or replace function ledger_check_seals() returns setof ledger_drift
language sql stable as $$
  with chain as (
    select s.*, lag(s.sha256) over way as expected,
      lag(s.last_event, 1, 0::bigint) over way + 1 as start,
      lag(s.number, 1, 0::bigint) over way + 1 as turn
    from ledger_seals s where s.tenant_id = stock_tenant()
    window way as (order by s.number)
  ),
  digest as (
    select c.number, sha256(coalesce(c.previous, ''::bytea)
      || coalesce(string_agg(feed_digest(o), ''::bytea order by o.number), ''::bytea)) as sha256
    from chain c
    left join outbox o on o.tenant_id = stock_tenant()
      and o.number between c.first_event and c.last_event
    group by c.number, c.previous
  )
  select c.number::text, encode(c.sha256, 'hex'), encode(d.sha256, 'hex'), 1::numeric
  from chain c join digest d using (number)
  where d.sha256 <> c.sha256 or c.previous is distinct from c.expected
    or c.first_event <> c.start or c.number <> c.turn
  union all
  select 'events ' || min(o.number) || ' to ' || max(o.number), 'no seal', 'a seal',
    count(*)::numeric
  from outbox o
  where o.tenant_id = stock_tenant()
    and o.number > coalesce((select max(c.last_event) from chain c), 0)
  having count(*) > 0
$$;
