-- The one reader's numbers for a process that keeps what is reference data of them
-- (models/packed.py says what they are).

-- To plan it for each list of pairs anew takes ten times as long as to read a few of them. Every
-- table is looked into by an index, so that a place without promises costs no look at all others'.
create or replace function stock_numbers(p_locations text[], p_products text[])
returns table (n bigint, sums bytea, more text)
language plpgsql stable rows 50 set plan_cache_mode = force_generic_plan
set enable_seqscan = off as $$
#variable_conflict use_column
begin
  return query select w.n, coalesce(l.sums, decode(repeat('00', 32), 'hex')),
    -- Most products have none of them: no JSON is made for these.
    case when num_nonnulls(x.quotas, x.promises, x.lots, x.promised_ahead, x.supply_ahead) > 0 then
      jsonb_build_array(x.quotas, x.promises, x.lots, x.promised_ahead, x.supply_ahead)::text
    end
  from (
    -- Whether the tenant, or one of the places, has any of these at all.
    select exists (
        select from channel_quotas q where q.tenant_id = stock_tenant()
      ) as quotas,
      exists (
        select from (select distinct u.l from unnest(p_locations) as u (l)) d
        cross join lateral (
          select from reservations r
          where r.tenant_id = stock_tenant() and r.state = 'ACTIVE' and r.location_id = d.l
          limit 1
        ) r
      ) as promises,
      exists (
        select from reservations r
        where r.tenant_id = stock_tenant() and r.state = 'ACTIVE' and r.needed_on is not null
      ) as later,
      coalesce(bool_or(p.minimum_shelf_life_days is not null), false) as lives,
      coalesce(bool_or(p.include_inbound), false) as coming
    from channel_policies p
    where p.tenant_id = stock_tenant()
      and (p.minimum_shelf_life_days is not null or p.include_inbound)
      and (p.starts_at is null or p.starts_at <= stock_now())
      and (p.ends_at is null or p.ends_at > stock_now())
  ) f
  cross join unnest(p_locations, p_products) with ordinality as w (l, p, n)
  left join lateral (
    select int8send((s.on_hand * 1000000)::int8) || int8send((s.expired * 1000000)::int8)
      || int8send((s.held * 1000000)::int8) || int8send((s.reserved * 1000000)::int8) as sums
    from stock_levels_now s
    where s.tenant_id = stock_tenant() and s.location_id = w.l and s.product_id = w.p
    offset 0
  ) l on true
  cross join lateral (
    select
      case when f.quotas then (
        select jsonb_agg(jsonb_build_array(q.channel_id, q.allocated, q.consumed))
        from channel_quotas q
        where q.tenant_id = stock_tenant() and q.product_id = w.p and q.location_id = w.l
      ) end as quotas,
      case when f.promises then (
        select jsonb_agg(jsonb_build_array(o.channel_id, o.quantity, o.from_quota))
        from open_promises o
        where o.tenant_id = stock_tenant() and o.location_id = w.l and o.product_id = w.p
      ) end as promises,
      case when f.lives then (
        select jsonb_agg(jsonb_build_array(b.expiry_date - (select stock_today()),
          i.on_hand - i.expired - i.held - i.reserved))
        from item_quantities i
        join lots b on b.tenant_id = stock_tenant() and b.id = i.lot_id
        where i.tenant_id = stock_tenant() and i.location_id = w.l and i.product_id = w.p
          and b.expiry_date is not null and i.on_hand - i.expired - i.held - i.reserved > 0
      ) end as lots,
      case when f.later then (
        select jsonb_agg(jsonb_build_array(a.day, a.quantity)) from promised_ahead a
        where a.tenant_id = stock_tenant() and a.location_id = w.l and a.product_id = w.p
      ) end as promised_ahead,
      case when f.later or f.coming then (
        select jsonb_agg(jsonb_build_array(a.day, a.quantity)) from supply_ahead a
        where a.tenant_id = stock_tenant() and a.location_id = w.l and a.product_id = w.p
      ) end as supply_ahead
    offset 0  -- each is read once
  ) x;
end $$;

-- The same in one message that is a transaction of its own: it says which tenant it is of, and what
-- the reader must know to see that what it keeps is of the same version and moment. One statement
-- reads all of it, so that all is of one snapshot. Only the door calls it.
create or replace function stock_glance(
  p_tenant uuid, p_now text, p_locations text[], p_products text[]
)
returns table (reference bigint, seen_at timestamptz, sums bytea, more text)
language plpgsql as $$
begin
  perform set_config('app.tenant_id', p_tenant::text, true), set_config('app.now', p_now, true);
  return query
    select v.reference, stock_now(), m.sums, m.more
    from tenant_versions v
    left join lateral stock_numbers(p_locations, p_products) m on true
    where v.tenant_id = p_tenant
    order by m.n;
end $$;
