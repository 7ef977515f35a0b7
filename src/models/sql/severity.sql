-- The places that events name, for the watch over severity: in their entries or lines, or as the
-- place of what was changed. What changes many places at once names none; the walk finds those.
create or replace function severity_touched(p_after bigint, p_through bigint)
returns table (location_id text, product_id text)
language sql stable as $$
  select distinct k.location_id, k.product_id
  from outbox o
  cross join lateral (
    select e.value ->> 'locationId' as location_id, e.value ->> 'productId' as product_id
    from jsonb_array_elements(
      case when jsonb_typeof(o.payload -> 'entries') = 'array' then o.payload -> 'entries'
        else '[]' end
      || case when jsonb_typeof(o.payload -> 'lines') = 'array' then o.payload -> 'lines'
        else '[]' end
    ) e
    union all
    select r.value ->> 'locationId', r.value ->> 'productId'
    from (values (o.payload -> 'before'), (o.payload -> 'after')) r (value)
    where jsonb_typeof(r.value) = 'object'
  ) k
  where o.tenant_id = stock_tenant() and o.number > p_after and o.number <= p_through
    and k.location_id is not null and k.product_id is not null
$$;
