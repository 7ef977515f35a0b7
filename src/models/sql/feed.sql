-- The feed: events as they are told, their numbers, and the seals under them (docs/feed.md).

-- The line under which an event is told, sealed and exported: one JSON object, without a newline.
-- Sealed for good: another form of it would break every seal.
create or replace function feed_line(p_event outbox) returns text
language sql stable as $$
  select jsonb_build_object(
    'number', p_event.number, 'id', p_event.id, 'topic', p_event.topic,
    'aggregateId', p_event.aggregate_id,
    'at', to_char(p_event.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'payload', p_event.payload)::text
$$;

create or replace function feed_digest(p_event outbox) returns bytea
language sql stable as $$
  select sha256(convert_to(feed_line(p_event), 'UTF8'))
$$;

-- The tenants with events that have no number yet, and how far each is behind: one call for all of
-- them, since a relay asks several times a second. It looks at each tenant as that tenant.
create or replace function feed_tails()
returns table (tenant_id uuid, unsealed bigint, waiting_seconds double precision)
language plpgsql as $$
declare
  v_id uuid;
  v_before text := coalesce(current_setting('app.tenant_id', true), '');
begin
  for v_id in select l.id from tenant_list() l loop
    perform set_config('app.tenant_id', v_id::text, true);
    if exists (select 1 from outbox o where o.tenant_id = v_id and o.number is null) then
      return query
        select v_id, count(*), extract(epoch from stock_now() - min(o.created_at))::double precision
        from outbox o
        where o.tenant_id = v_id and o.number is null;
    end if;
  end loop;
  perform set_config('app.tenant_id', v_before, true);
end $$;

-- Number and seal the next batch of visible events, in the order of their ordinals; how many.
--
-- Ordinals are drawn after the locks of what changed, and those are held until after COMMIT: so an
-- event that is visible here has every event of the same bucket before it visible too, with a
-- lesser ordinal. What a long transaction wrote down earlier has a lesser ordinal than events that
-- are numbered by now; it is found all the same, since it has no number. One relay of a tenant works
-- at a time; another gives 0 at once. Numbers and seals are read in later statements than the lock.
-- A batch ends at about p_bytes of payload.
create or replace function feed_relay(p_events integer, p_bytes bigint) returns integer
language plpgsql as $$
declare
  v_tenant uuid := stock_tenant();
  v_last bigint;
  v_seal ledger_seals;
  v_digests bytea;
  v_count integer;
begin
  if not exists (select 1 from outbox o where o.tenant_id = v_tenant and o.number is null) then
    return 0;
  end if;
  if not pg_try_advisory_xact_lock(hashtextextended('feed ' || v_tenant::text, 0)) then
    return 0;
  end if;
  select * into v_seal from ledger_seals s
  where s.tenant_id = v_tenant order by s.number desc limit 1;
  v_last := coalesce(v_seal.last_event, 0);
  with waiting as (
    select o.id, o.ordinal, pg_column_size(o.payload) as bytes
    from outbox o where o.tenant_id = v_tenant and o.number is null
    order by o.ordinal limit p_events
  ),
  batch as (
    select w.id, v_last + row_number() over (order by w.ordinal) as number,
      sum(w.bytes) over (order by w.ordinal) - w.bytes as before
    from waiting w
  ),
  numbered as (
    update outbox o set number = b.number from batch b
    where o.tenant_id = v_tenant and o.id = b.id and b.before < p_bytes
    returning o.number, feed_digest(o) as digest
  )
  select string_agg(n.digest, ''::bytea order by n.number), count(*) into v_digests, v_count
  from numbered n;
  if v_count = 0 then return 0; end if;
  insert into ledger_seals (tenant_id, number, first_event, last_event, sha256, previous)
  values (v_tenant, coalesce(v_seal.number, 0) + 1, v_last + 1, v_last + v_count,
    sha256(coalesce(v_seal.sha256, ''::bytea) || v_digests), v_seal.sha256);
  return v_count;
end $$;

-- A record as events show it: names as in the API, without what belongs to the database alone.
create or replace function feed_record(p_row jsonb) returns jsonb
language sql immutable as $$
  select jsonb_object_agg(
    (select string_agg(case when w.place = 1 then w.part else initcap(w.part) end, ''
      order by w.place)
     from string_to_table(f.key, '_') with ordinality as w (part, place)),
    case when jsonb_typeof(f.value) = 'number'
      then to_jsonb(trim_scale((f.value #>> '{}')::numeric)) else f.value end)
  from jsonb_each(p_row) f
  where f.key not in ('tenant_id', 'valid_from', 'valid_to')
$$;

-- Write down one event for each record of a table with history that this transaction has made or
-- changed by an import, with the record before and after it.
create or replace function feed_emit_imported(
  p_table regclass, p_topic text, p_import text, p_actor jsonb
) returns bigint
language plpgsql as $$
declare v_count bigint;
begin
  execute format($sql$
    insert into outbox (id, topic, aggregate_id, payload)
    select 'evt_' || (select import_time_part()) || import_random_part(),
      $1 || case when h.before is null then '.created' else '.changed' end, t.id,
      jsonb_build_object('before', h.before, 'after', feed_record(to_jsonb(t)),
        'actor', $3, 'importId', $2)
    from %1$s t
    left join lateral (
      select feed_record(to_jsonb(f)) as before from %2$I f
      where f.tenant_id = t.tenant_id and f.id = t.id and f.version = t.version - 1
      order by f.valid_from desc limit 1
    ) h on true
    where t.tenant_id = stock_tenant() and t.xmin = pg_current_xact_id()::xid
    order by t.id collate "C"
  $sql$, p_table, p_table::text || '_history') using p_topic, p_import, p_actor;
  get diagnostics v_count = row_count;
  return v_count;
end $$;
