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

-- Up to when records are known to the session: the present, however far back it looks, or the
-- moment of the position at which it was told to stop knowing.
create or replace function stock_known_when() returns timestamptz
language sql stable parallel safe as $$
  select coalesce(nullif(current_setting('app.known_when', true), '')::timestamptz, now())
$$;

-- The snapshot in which postings are known to the session; null: all that it sees.
create or replace function stock_known_in() returns pg_snapshot
language sql stable parallel safe as $$
  select nullif(current_setting('app.known_in', true), '')::pg_snapshot
$$;

-- Whether what a transaction has written was seen in a snapshot.
create or replace function stock_was_known(p_xid bigint, p_snapshot pg_snapshot) returns boolean
language sql immutable parallel safe as $$
  select pg_visible_in_snapshot(p_xid::text::xid8, p_snapshot)
$$;
