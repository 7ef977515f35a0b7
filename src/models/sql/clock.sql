-- The session's tenant and clock. Both are set by the door with SET LOCAL and end with the transaction.

create or replace function stock_tenant() returns uuid
language sql stable parallel safe as $$
  select nullif(current_setting('app.tenant_id', true), '')::uuid
$$;

-- The moment of the transaction, or the one to which a test has turned the clock.
create or replace function stock_now() returns timestamptz
language sql stable parallel safe as $$
  select coalesce(nullif(current_setting('app.now', true), '')::timestamptz, now())
$$;
