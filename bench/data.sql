-- 20,000 products x 40 locations x 8 channels with 1.5 million buckets, for the tenant of the session.
-- Foreign keys are not checked while loading (what they would check is made here); kept sums are
-- set from the very view that reads them. bench/data.py compares a sample with what stock_post makes.
set session_replication_role = replica;

insert into categories (tenant_id, id, code, name, parent_id, path)
select stock_tenant(), 'cat_' || g, 'C' || g, 'Category ' || g,
  case when g > 5 then 'cat_' || (g % 5 + 1) end,
  case when g > 5 then array['cat_' || (g % 5 + 1), 'cat_' || g] else array['cat_' || g] end
from generate_series(1, 45) g;

-- One word in twelve products is "granite": the broad search. One in a thousand is "zephyr".
insert into products (tenant_id, id, sku, name, category_id, unit_cost, lot_tracked)
select stock_tenant(), 'prod_' || lpad(g::text, 5, '0'), 'SKU-' || lpad((g * 7919 % 20011)::text, 5, '0'),
  initcap((array['amber','basalt','cedar','denim','ember','flint','granite','hazel','indigo','jasper',
    'kelp','linen'])[g % 12 + 1]) || ' ' ||
  (array['anchor','basket','candle','drawer','easel','funnel','goblet','hammer','inkwell','jacket',
    'kettle'])[g % 11 + 1] || case when g % 1000 = 7 then ' zephyr ' else ' ' end || g,
  'cat_' || (6 + g % 40), (g % 900) / 10.0 + 1, g % 5 = 0
from generate_series(1, 20000) g;
insert into product_search (tenant_id, product_id, document)
select stock_tenant(), id, lower(sku || ' ' || name) from products where tenant_id = stock_tenant();

insert into locations (tenant_id, id, code, name, type, path)
select stock_tenant(), 'loc_' || lpad(g::text, 2, '0'), 'L' || g, 'Location ' || g, 'DC_STORAGE',
  array['loc_' || lpad(g::text, 2, '0')]
from generate_series(1, 40) g;
insert into bins (tenant_id, id, location_id, code, type)
select stock_tenant(), l.id || '_bin_' || b, l.id, 'B-' || b, case b when 20 then 'HOLD' else 'STANDARD' end
from locations l, generate_series(1, 20) b where l.tenant_id = stock_tenant();
insert into lots (tenant_id, id, product_id, number, expiry_date)
select stock_tenant(), p.id || '_lot_' || n, p.id, 'N' || n,
  current_date + (n * 200 - 190 + hashtext(p.id) % 10)
from products p, generate_series(1, 3) n where p.tenant_id = stock_tenant() and p.lot_tracked;

insert into channels (tenant_id, id, name, type, position)
select stock_tenant(), 'CH' || g, 'Channel ' || g, 'E_COMMERCE', g from generate_series(1, 8) g;
insert into channel_policies (tenant_id, id, channel_id, mode, share, cap, safety_stock, spill_over)
select stock_tenant(), 'policy_' || g, 'CH' || g,
  (array['SHARED','SHARED','SHARED','CAP','CAP','FENCED','SHARE','SHARE'])[g],
  case when g > 6 then 0.3 end, case when g in (4, 5) then 40 end, g % 3, g = 6
from generate_series(1, 8) g;
insert into channel_policies (tenant_id, id, channel_id, location_id, buffer)
select stock_tenant(), 'policy_' || c.id || l.id, c.id, l.id, 2
from channels c, locations l
where c.tenant_id = stock_tenant() and l.tenant_id = stock_tenant() and hashtext(l.id) % 4 = 0;
insert into channel_policies (tenant_id, id, channel_id, product_id, safety_stock)
select stock_tenant(), 'policy_p' || g, 'CH' || (g % 8 + 1), 'prod_' || lpad((g * 10)::text, 5, '0'), 5
from generate_series(1, 2000) g;
insert into channel_quotas (tenant_id, id, channel_id, product_id, location_id, allocated)
select stock_tenant(), 'quota_' || g, 'CH6', 'prod_' || lpad((g % 20000 + 1)::text, 5, '0'),
  'loc_' || lpad((g / 20000 * 7 % 40 + 1)::text, 2, '0'), 10
from generate_series(0, 59999, 15) g;

-- Most places have one or two buckets of a product, the last location ten times as many.
insert into inventory_items (tenant_id, id, product_id, location_id, bin_id, lot_id, on_hand, version)
select stock_tenant(), 'item_' || right(l.id, 2) || right(p.id, 5) || '_' || k, p.id, l.id,
  l.id || '_bin_' || ((k + hashtext(p.id) % 5 + 5) % 20 + 1),
  case when p.lot_tracked then p.id || '_lot_' || (k % 3 + 1) end,
  (hashtext(p.id || l.id || k) % 100 + 100) / case when l.id = 'loc_40' then 8 else 1 end, 1
from locations l
cross join products p
cross join lateral generate_series(1, case
  when l.id = 'loc_40' then 15
  when hashtext(p.id || l.id) % 100 between -55 and 54 then 2 else 1 end) k
where l.tenant_id = stock_tenant() and p.tenant_id = stock_tenant();

insert into reservations (tenant_id, id, kind, channel_id, product_id, location_id, inventory_item_id,
  quantity)
select stock_tenant(), 'resv_' || i.id, 'HARD', 'CH' || (abs(hashtext(i.id)) % 8 + 1), i.product_id,
  i.location_id, i.id, 1
from inventory_items i
where i.tenant_id = stock_tenant() and i.id like '%1\_1' and i.on_hand > 5 and hashtext(i.id) % 7 = 0;
update inventory_items i set reserved = 1
from reservations r
where i.tenant_id = stock_tenant() and r.tenant_id = i.tenant_id and r.inventory_item_id = i.id;

insert into stock_levels (tenant_id, location_id, product_id, on_hand, expired, held, reserved, next_expiry)
select tenant_id, location_id, product_id, sum(on_hand), sum(expired), sum(held), sum(reserved),
  min(next_expiry)
from item_quantities where tenant_id = stock_tenant()
group by tenant_id, location_id, product_id;
