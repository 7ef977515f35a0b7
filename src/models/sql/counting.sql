-- What counts compare with: the book as of the moment at which somebody looked (docs/counting.md).

-- Lines with what the book held when each was counted: what it holds now less all that has occurred
-- since, which a backdated posting moves as well. Exact for who has locked the levels of their
-- products first. What another count had found by then is in the book although it was posted later:
-- else two counts of one bucket would correct it twice. What a line found is compared when it is
-- resolved, and stands from then on.
create or replace view count_lines_now with (security_invoker = true) as
select l.tenant_id, l.id, l.count_id, l.ordinal,
  coalesce(l.inventory_item_id, i.id) as inventory_item_id,
  l.product_id, l.location_id, l.bin_id, l.lot_id, l.abc_class, l.status, l.counted_qty, l.counted_at,
  l.counted_by, l.count_times, l.notes, l.resolved_qty, l.resolution, l.resolved_by, l.resolved_at,
  l.reason_code_id, l.comment, l.posting_id, l.approved_by, l.approved_at, l.within_tolerance,
  p.sku, p.name as product_name, p.unit_of_measure, p.quantity_step,
  p.regulated or p.serial_tracked as is_strict,
  b.code as bin_code, t.number as lot_number,
  coalesce(l.expected_qty, i.on_hand - i.later, 0) as book,
  l.counted_qty - coalesce(l.expected_qty, i.on_hand - i.later, 0) as variance,
  coalesce(l.unit_cost, p.unit_cost, 0) as cost,
  coalesce(i.on_hand, 0) as present,
  i.last_counted_at,
  c.status as count_status, c.blind, c.assigned_to ->> 'id' as assigned_to_id
from count_lines l
join cycle_counts c on c.tenant_id = l.tenant_id and c.id = l.count_id
join products p on p.tenant_id = l.tenant_id and p.id = l.product_id
left join bins b on b.tenant_id = l.tenant_id and b.id = l.bin_id
left join lots t on t.tenant_id = l.tenant_id and t.id = l.lot_id
left join lateral (
  select f.id, f.on_hand, f.last_counted_at, coalesce((
    select sum(e.delta) from ledger_entries e
    where e.tenant_id = f.tenant_id and e.inventory_item_id = f.id and e.occurred_at > l.counted_at
      and not (e.kind = 'COUNT' and exists (
        select 1 from count_lines o
        where o.tenant_id = e.tenant_id and o.inventory_item_id = e.inventory_item_id
          and o.posting_id = e.posting_id and o.counted_at <= l.counted_at))
  ), 0) as later
  from inventory_items f
  where l.expected_qty is null and f.tenant_id = l.tenant_id and f.location_id = l.location_id
    and f.product_id = l.product_id and f.bin_id is not distinct from l.bin_id
    and f.lot_id is not distinct from l.lot_id
  offset 0
) i on true;

-- Make the lines of a count, in walking order: bins by their pick order and code, then by SKU and
-- lot. Products that are named get a line even where nothing of them is known; empty buckets are
-- left out otherwise, unless they are wanted. Gives how many lines there are; no more than p_most
-- and one are made.
create or replace function count_make_lines(
  p_count text, p_location text, p_run text, p_products text[], p_bins text[], p_empty boolean,
  p_most integer
) returns integer
language sql set enable_mergejoin = off as $$
  with bucket as (
    select i.id as item_id, i.product_id, i.bin_id, i.lot_id
    from inventory_items i
    where i.tenant_id = stock_tenant() and i.location_id = p_location
      and (p_products is null or i.product_id = any(p_products))
      and (p_bins is null or i.bin_id = any(p_bins))
      and (p_empty or i.on_hand <> 0 or p_products is not null)
    union all
    select null, w.product_id, null, null
    from unnest(p_products) as w (product_id)
    where p_bins is null and not exists (
      select 1 from inventory_items i
      where i.tenant_id = stock_tenant() and i.location_id = p_location
        and i.product_id = w.product_id)
  ),
  walked as (
    select k.*, row_number() over (
      order by b.pick_order nulls last, b.code collate "C" nulls last, p.sku collate "C",
        t.number collate "C" nulls first, k.item_id collate "C") as ordinal
    from bucket k
    join products p on p.tenant_id = stock_tenant() and p.id = k.product_id
    left join bins b on b.tenant_id = stock_tenant() and b.id = k.bin_id
    left join lots t on t.tenant_id = stock_tenant() and t.id = k.lot_id
  ),
  made as (
    insert into count_lines (tenant_id, id, count_id, ordinal, inventory_item_id, product_id,
      location_id, bin_id, lot_id, abc_class)
    select stock_tenant(), 'cline_' || substr(p_count, 7) || '_' || w.ordinal, p_count, w.ordinal,
      w.item_id, w.product_id, p_location, w.bin_id, w.lot_id,
      abc_class_of(p_location, w.product_id, p_run)
    from walked w
    where w.ordinal <= p_most + 1
    returning 1
  )
  select count(*)::integer from made
$$;

-- The first count of a bucket at or after a moment, by when somebody looked; null where there is none.
create or replace function count_after(p_item text, p_at timestamptz) returns timestamptz
language sql stable as $$
  select min(m.moment) from (
    select l.counted_at as moment from count_lines l
    where l.tenant_id = stock_tenant() and l.inventory_item_id = p_item
      and l.resolved_qty is not null and l.counted_at >= p_at
    union all
    select e.occurred_at from ledger_entries e
    join postings p on p.tenant_id = stock_tenant() and p.id = e.posting_id
    where e.tenant_id = stock_tenant() and e.inventory_item_id = p_item and e.kind = 'COUNT'
      and e.occurred_at >= p_at and p.document_type is distinct from 'CYCLE_COUNT'
  ) m
$$;
