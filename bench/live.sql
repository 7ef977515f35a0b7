-- The same view under another schema, summed from the buckets each time: put first in the search
-- path, the same statements read live sums.
create schema if not exists live;
grant usage on schema live to stockgraph_app;
create or replace view live.stock_levels_now with (security_invoker = true) as
select s.tenant_id, s.location_id, s.product_id, q.on_hand, q.expired, q.held, q.reserved, q.next_expiry
from stock_levels s
cross join lateral live_level(s.tenant_id, s.location_id, s.product_id) q;
grant select on live.stock_levels_now to stockgraph_app;
