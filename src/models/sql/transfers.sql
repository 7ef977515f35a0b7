-- The transit account of transfers, and what is expected at each location.

-- Refuse to go on when the counters of a transfer's lines and its transit account do not tell the
-- same: shipped = received + damaged + short + returned + still in transit, for every line.
create or replace function transfer_check(p_id text) returns void
language plpgsql as $$
declare v_line text;
begin
  select l.id into v_line
  from transfer_lines l
  left join (
    select t.line_id,
      sum(t.delta) filter (where t.kind = 'SHIPPED') as shipped,
      -sum(t.delta) filter (where t.kind = 'RECEIVED') as received,
      -sum(t.delta) filter (where t.kind = 'DAMAGED') as damaged,
      -sum(t.delta) filter (where t.kind = 'SHORT') as short,
      -sum(t.delta) filter (where t.kind = 'RETURNED') as returned
    from transit_entries t
    where t.tenant_id = stock_tenant() and t.transfer_id = p_id
    group by t.line_id
  ) a on a.line_id = l.id
  where l.tenant_id = stock_tenant() and l.transfer_id = p_id
    and (l.shipped <> coalesce(a.shipped, 0) or l.received <> coalesce(a.received, 0)
      or l.damaged <> coalesce(a.damaged, 0) or l.short <> coalesce(a.short, 0)
      or l.returned <> coalesce(a.returned, 0))
  limit 1;
  if found then
    raise exception 'line % does not tell what its transit account tells', v_line
      using errcode = 'SG003';
  end if;
  select t.line_id into v_line
  from transit_entries t
  where t.tenant_id = stock_tenant() and t.transfer_id = p_id
  group by t.line_id, t.inventory_item_id having sum(t.delta) < 0
  limit 1;
  if found then
    raise exception 'more than was shipped of line % has left its transit', v_line
      using errcode = 'SG003';
  end if;
end $$;

-- Units that are expected at a location and not yet on hand there, each once: those that a transfer
-- is approved to ship (APPROVED), those that it has shipped (IN_TRANSIT), and those that an open line
-- of an order with a vendor has not brought yet (ORDERED; it may not say where they are to arrive).
create or replace view expected_supply with (security_invoker = true) as
select
  t.tenant_id, l.product_id, t.dest_location_id as location_id, e.kind, e.quantity,
  t.expected_on as due_on, 'TRANSFER' as source_type, t.id as source_id, t.number as source_number,
  l.id as source_line_id
from transfers t
join transfer_lines l on l.tenant_id = t.tenant_id and l.transfer_id = t.id
cross join lateral (
  values
    ('APPROVED', l.quantity - l.shipped),
    ('IN_TRANSIT', l.shipped - l.received - l.damaged - l.short - l.returned)
) e (kind, quantity)
where t.status in ('APPROVED', 'PICKED', 'IN_TRANSIT', 'PARTIALLY_RECEIVED') and e.quantity > 0
  and t.source_location_id <> t.dest_location_id
union all
select
  p.tenant_id, p.product_id, p.location_id, 'ORDERED', p.quantity - p.received, p.due_on,
  'PURCHASE_ORDER', p.id, p.order_number, p.id
from purchase_order_lines p
where p.status in ('PENDING', 'APPROVED') and p.quantity > p.received;
