-- Settings and three months of demand for the tenant of bench/data.sql: each of its 800,000 products
-- at locations is replenished by one of the methods, and one in five has been asked for.
set session_replication_role = replica;

insert into inventory_levels (tenant_id, id, location_id, product_id, replenishment_method,
  min_quantity, max_quantity, expected_lead_time_days, replenishment_period_days, service_level,
  cover_days, order_quantity, order_cost, holding_cost, pack_size)
select stock_tenant(), 'lvl_' || right(s.location_id, 2) || right(s.product_id, 5), s.location_id,
  s.product_id,
  (array['MIN_MAX', 'MIN_MAX', 'REORDER_POINT', 'DAYS_OF_COVER', 'EOQ', 'FIXED'])[h.n % 6 + 1],
  case when h.n % 6 < 2 then 20 + h.n % 80 end, case when h.n % 6 < 2 then 120 + h.n % 80 end,
  3 + h.n % 20, 7, case when h.n % 3 = 0 then 0.95 end, 14, 50, 40, 2,
  case when h.n % 4 = 0 then 12 end
from stock_levels s
cross join lateral (select abs(hashtext(s.location_id || s.product_id)) % 10007 as n) h
where s.tenant_id = stock_tenant();

-- A receipt 85 days ago and an issue every 16 days since; of one in ten nothing was there before.
insert into postings (tenant_id, id, kind, actor, occurred_at, recorded_at, xid, entry_count)
select stock_tenant(), 'txn_motion_' || n, case n when 0 then 'RECEIPT' else 'ISSUE' end,
  '{"id": "bench", "name": "Bench"}', t.at, t.at, 3, 160000
from generate_series(0, 5) n
cross join lateral (
  select now() - case n when 0 then 85 else (6 - n) * 16 end * interval '1 day' as at) t;

insert into ledger_entries (tenant_id, posting_id, ordinal, inventory_item_id, sequence, product_id,
  location_id, kind, delta, quantity_after, occurred_at, recorded_at)
select i.tenant_id, p.id, row_number() over (partition by g order by i.id), i.id, 1000 + g,
  i.product_id, i.location_id, p.kind,
  case when g > 0 then -h.asked else 5 * h.asked + case h.n % 10 when 0 then i.on_hand else 0 end end,
  i.on_hand + (5 - g) * h.asked, p.occurred_at, p.recorded_at
from inventory_items i
cross join lateral (select abs(hashtext(i.id || 'asked')) as n, abs(hashtext(i.id)) % 60 + 1 as asked) h
cross join generate_series(0, 5) g
join postings p on p.tenant_id = i.tenant_id and p.id = 'txn_motion_' || g
where i.tenant_id = stock_tenant() and i.id like '%\_1' and h.n / 10 % 5 = 0;
