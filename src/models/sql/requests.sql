-- What stock requests come to, each in one statement: the dashboard, and what lists can be filtered by.

-- A share of a whole, to four decimals; null of nothing.
create or replace function request_share(p_part numeric, p_whole numeric) returns numeric
language sql immutable as $$
  select round(p_part / nullif(p_whole, 0), 4)
$$;

-- The mean of some intervals in hours, to two decimals; null of none.
create or replace function request_hours(p_mean interval) returns numeric
language sql immutable as $$
  select round(extract(epoch from p_mean)::numeric / 3600, 2)
$$;

-- Requests that a location asks for or fulfils (all where it is null), made between two moments that
-- may be open. `p_key` is who looks: what waits for a decision counts without their own.
--
-- Fill rates are over requests of which something was sent, or that are done: units sent of units
-- asked for, and lines of which all that was asked for was sent. Ages are of what was submitted and
-- has not arrived, in days since then. The trend is of the days of the range, or of the last 30; a
-- range of more than 366 days shows the last 366.
create or replace function request_dashboard(
  p_location text, p_from timestamptz, p_to timestamptz, p_key text
) returns jsonb
language sql stable as $$
  with requests as materialized (
    select r.* from stock_requests r
    where r.tenant_id = stock_tenant()
      and (p_location is null or p_location in (r.requesting_location_id, r.fulfilling_location_id))
      and (p_from is null or r.created_at >= p_from) and (p_to is null or r.created_at <= p_to)
  ),
  lines as materialized (
    select l.*, r.status from requests r
    join stock_request_lines l on l.tenant_id = stock_tenant() and l.request_id = r.id
  ),
  sums as (
    select
      request_share(sum(l.issued) filter (where l.status in ('ISSUED', 'RECEIVED', 'CLOSED')),
        sum(l.requested) filter (where l.status in ('ISSUED', 'RECEIVED', 'CLOSED'))) as units,
      request_share(
        count(*) filter (
          where l.status in ('ISSUED', 'RECEIVED', 'CLOSED') and l.issued >= l.requested),
        count(*) filter (where l.status in ('ISSUED', 'RECEIVED', 'CLOSED'))) as whole,
      count(*) filter (
        where l.status in ('ALLOCATED', 'ISSUED', 'RECEIVED')
          and l.approved > l.allocated + l.issued) as back_ordered
    from lines l
  ),
  heads as (
    select count(*) as total,
      count(*) filter (where r.status = 'SUBMITTED' and r.created_by ->> 'id' <> p_key) as pending,
      count(*) filter (
        where r.needed_by < (select stock_today())
          and r.status in ('SUBMITTED', 'APPROVED', 'ALLOCATED', 'ISSUED')) as overdue,
      request_hours(avg(r.decided_at - r.submitted_at) filter (where r.status <> 'REJECTED'))
        as submit_to_approve,
      request_hours(avg(r.issued_at - r.decided_at)) as approve_to_issue,
      request_hours(avg(r.received_at - r.submitted_at)) as submit_to_receive
    from requests r
  ),
  ages as (
    select extract(epoch from (select stock_now()) - r.submitted_at) / 86400 as days
    from requests r where r.status in ('SUBMITTED', 'APPROVED', 'ALLOCATED', 'ISSUED')
  ),
  ends as (
    select least((coalesce(p_to, (select stock_now())) at time zone (select stock_time_zone()))::date,
        (select stock_today())) as last,
      (p_from at time zone (select stock_time_zone()))::date as first
  ),
  days as (
    select d::date as day from ends e,
      generate_series(greatest(coalesce(e.first, e.last - 29), e.last - 365, date '0001-01-01'), e.last,
        interval '1 day') d
  ),
  made as (
    select (r.created_at at time zone (select stock_time_zone()))::date as day, count(*) as n
    from requests r group by 1
  ),
  done as (
    select (r.closed_at at time zone (select stock_time_zone()))::date as day, count(*) as n
    from requests r where r.status = 'CLOSED' group by 1
  ),
  top as (
    select l.product_id, count(*) as requests, sum(l.requested) as requested,
      sum(l.issued) as issued
    from lines l group by l.product_id
    order by sum(l.requested) desc, l.product_id limit 10
  )
  select jsonb_build_object(
    'total', h.total,
    'byStatus', (select coalesce(jsonb_object_agg(k.status, k.n), '{}') from
      (select r.status, count(*) as n from requests r group by 1) k),
    'byType', (select coalesce(jsonb_object_agg(k.type, k.n), '{}') from
      (select r.type, count(*) as n from requests r group by 1) k),
    'byPriority', (select coalesce(jsonb_object_agg(k.priority, k.n), '{}') from
      (select r.priority, count(*) as n from requests r group by 1) k),
    'pendingApprovals', h.pending,
    'overdue', h.overdue,
    'backOrderLines', s.back_ordered,
    'ageing', (select jsonb_agg(jsonb_build_object('bucket', b.bucket, 'count',
        (select count(*) from ages a where a.days >= b.low and (b.high is null or a.days < b.high)))
        order by b.low)
      from (values ('0-1', 0, 1), ('1-3', 1, 3), ('3-7', 3, 7), ('7-14', 7, 14), ('14+', 14, null))
        as b (bucket, low, high)),
    'fillRate', s.units,
    'lineFillRate', s.whole,
    'submitToApprove', h.submit_to_approve,
    'approveToIssue', h.approve_to_issue,
    'submitToReceive', h.submit_to_receive,
    'topProducts', (select coalesce(jsonb_agg(jsonb_build_object('productId', t.product_id,
        'name', p.name, 'sku', p.sku, 'requests', t.requests, 'requested', t.requested,
        'issued', t.issued) order by t.requested desc, t.product_id), '[]')
      from top t join products p on p.tenant_id = stock_tenant() and p.id = t.product_id),
    'trend', (select coalesce(jsonb_agg(jsonb_build_object('date', d.day,
        'created', coalesce(m.n, 0), 'closed', coalesce(c.n, 0)) order by d.day), '[]')
      from days d left join made m on m.day = d.day left join done c on c.day = d.day)
  )
  from heads h cross join sums s
$$;

-- What stock requests can be filtered by: the values that are in use, with a label and a count each.
create or replace function request_filters() returns jsonb
language sql stable as $$
  with requests as materialized (
    select r.id, r.status, r.type, r.priority, r.requesting_location_id, r.fulfilling_location_id,
      r.created_by ->> 'id' as key_id, r.created_by ->> 'name' as key_name, r.created_at
    from stock_requests r where r.tenant_id = stock_tenant()
  ),
  found as (
    select 'statuses' as filter, r.status as value, null as label, count(*) as n
    from requests r group by r.status
    union all
    select 'types', r.type, null, count(*) from requests r group by r.type
    union all
    select 'priorities', r.priority, null, count(*) from requests r group by r.priority
    union all
    select 'requestingLocations', l.id, l.name, k.n from
      (select r.requesting_location_id as id, count(*) as n from requests r group by 1) k
      join locations l on l.tenant_id = stock_tenant() and l.id = k.id
    union all
    select 'fulfillingLocations', l.id, l.name, k.n from
      (select r.fulfilling_location_id as id, count(*) as n from requests r group by 1) k
      join locations l on l.tenant_id = stock_tenant() and l.id = k.id
    union all
    select 'categories', c.id, c.name, k.n from (
      select p.category_id as id, count(distinct l.request_id) as n from stock_request_lines l
      join products p on p.tenant_id = stock_tenant() and p.id = l.product_id
      where l.tenant_id = stock_tenant() and p.category_id is not null group by p.category_id
    ) k join categories c on c.tenant_id = stock_tenant() and c.id = k.id
    union all
    select 'requesters', r.key_id, (array_agg(r.key_name order by r.created_at desc))[1], count(*)
    from requests r group by r.key_id
  )
  select coalesce(jsonb_agg(jsonb_build_object('filter', f.filter, 'value', f.value,
      'label', f.label, 'count', f.n) order by f.filter, f.n desc, f.label, f.value), '[]')
  from found f
$$;
