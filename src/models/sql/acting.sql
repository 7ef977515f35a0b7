-- What an act on stock asks before and after its posting, in one call each: messages to the database
-- are most of what an act costs (docs/decisions/0014-writes-in-few-messages.md).

-- Lock the levels of these buckets, in the one global order, and give what the buckets then hold. Those
-- that are not there are left out. A bucket that is there has its level, its bin and its lot: there
-- is nothing to make, and nothing else to lock.
create or replace function stock_open(p_items text[]) returns setof item_quantities
language plpgsql rows 1 set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare v_tenant uuid := stock_tenant();
begin
  perform 1
  from (
    select distinct i.location_id collate "C" as l, i.product_id collate "C" as p
    from unnest(p_items) as w (id)
    cross join lateral (
      select f.location_id, f.product_id from inventory_items f
      where f.tenant_id = v_tenant and f.id = w.id
      offset 0
    ) i
    order by 1, 2
  ) k
  cross join lateral (
    select 1 from stock_levels s
    where s.tenant_id = v_tenant and s.location_id = k.l and s.product_id = k.p
    for no key update of s
  ) s;
  -- In a later statement than the lock, so that it sees what whoever held it has written.
  return query
  select q.* from unnest(p_items) as w (id)
  cross join lateral (
    select f.* from item_quantities f where f.tenant_id = v_tenant and f.id = w.id offset 0
  ) q;
end $$;

-- Post one document, as stock_post, and give its entries in their order, each with the document and
-- with its bucket as it stands after all of them.
create or replace function stock_post_shown(
  p_head jsonb, p_lines posting_line[], p_kinds text[] default null
) returns table (entry ledger_entries, posting postings, item item_quantities, unit_cost numeric)
language plpgsql rows 1 set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare v_tenant uuid := stock_tenant();
begin
  perform stock_post(p_head, p_lines, false, p_kinds);
  return query
  select e, d, q.f, c.unit_cost
  from ledger_entries e
  join postings d on d.tenant_id = v_tenant and d.id = e.posting_id
  cross join lateral (
    select f from item_quantities f
    where f.tenant_id = v_tenant and f.id = e.inventory_item_id
    offset 0
  ) q
  join products c on c.tenant_id = v_tenant and c.id = e.product_id
  where e.tenant_id = v_tenant and e.posting_id = p_head ->> 'id'
  order by e.ordinal;
end $$;
