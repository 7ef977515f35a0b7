-- One line posted live to a bucket that is there: the shape of nearly all postings, in a handful of
-- statements on single rows. What is set up for any number of lines costs several times as much
-- (docs/decisions/0011-one-line-postings.md).

-- What the kept sums of a level become when this bucket goes from p_before to p_after, or null where
-- only the buckets can tell: the clock has passed next_expiry, something may be held, or the bucket
-- was what the next expiry hung on. The caller has locked the level row.
create or replace function stock_shifted_level(
  p_level stock_levels, p_item inventory_items, p_after numeric, p_now timestamptz
) returns stock_levels
language plpgsql stable as $$
declare
  v_delta numeric := p_after - p_item.on_hand;
  v_expiry date;
  v_marked timestamptz;
  v_zone text;
begin
  if p_level.next_expiry <= p_now or p_item.marked_expired_at is not null or exists (
    select 1 from holds h
    where h.tenant_id = p_item.tenant_id and h.state = 'ACTIVE'
      and h.scope_id = any(array[p_item.id, p_item.product_id, p_item.lot_id, p_item.bin_id]))
  then
    return null;
  end if;
  if p_item.bin_id is not null and (
    select b.type in ('HOLD', 'QUARANTINE', 'DAMAGE') from bins b
    where b.tenant_id = p_item.tenant_id and b.id = p_item.bin_id)
  then
    return null;
  end if;
  p_level.on_hand := p_level.on_hand + v_delta;
  if p_item.lot_id is null then return p_level; end if;
  select t.expiry_date, t.marked_expired_at into v_expiry, v_marked
  from lots t where t.tenant_id = p_item.tenant_id and t.id = p_item.lot_id;
  if v_marked is not null or v_expiry is not null and p_after = 0 then return null; end if;
  if v_expiry is null then return p_level; end if;
  v_zone := stock_time_zone();
  if v_expiry < (p_now at time zone v_zone)::date then
    p_level.expired := p_level.expired + v_delta;
  else
    p_level.next_expiry := least(
      p_level.next_expiry, (v_expiry + 1)::timestamp at time zone v_zone);
  end if;
  return p_level;
end $$;

-- As stock_post, for one live line. Gives null when the bucket is not there yet, with nothing locked,
-- and when the line is to be refused, with its level locked: the general way does what is left.
create or replace function stock_post_one(p_head jsonb, p_line posting_line, p_kind text)
returns jsonb
language plpgsql set enable_seqscan = off as $$
declare
  v_tenant uuid := stock_tenant();
  v_id text := p_head ->> 'id';
  v_reason text := p_head ->> 'reasonCodeId';
  v_reference text := p_head ->> 'reference';
  v_now timestamptz;
  v_moment timestamptz;
  v_closed timestamptz;
  v_item inventory_items;
  v_level stock_levels;
  v_delta numeric;
  v_after numeric;
  v_entries jsonb;
begin
  -- Buckets are never deleted: one that is there before its level is locked is there afterwards.
  select i.id into v_item.id from inventory_items i
  where i.tenant_id = v_tenant and i.location_id = p_line.location
    and i.product_id = p_line.product and i.bin_id is not distinct from p_line.bin
    and i.lot_id is not distinct from p_line.lot;
  if not found then return null; end if;
  select s.* into v_level from stock_levels s
  where s.tenant_id = v_tenant and s.location_id = p_line.location
    and s.product_id = p_line.product
  for no key update;
  if not found then return null; end if;
  perform pg_advisory_xact_lock_shared(hashtextextended(v_tenant::text || 'period', 0));
  v_now := coalesce(nullif(current_setting('app.now', true), '')::timestamptz, clock_timestamp());
  -- Whoever changes a bucket holds its level, so that what is read here is the latest.
  select i.* into v_item from inventory_items i
  where i.tenant_id = v_tenant and i.id = v_item.id;
  select s.closed_through into v_closed from tenant_settings s where s.tenant_id = v_tenant;
  v_after := coalesce(v_item.on_hand + p_line.delta, p_line.target);
  v_delta := v_after - v_item.on_hand;
  if v_after < 0 or v_item.on_hand <> p_line.expected or v_closed >= v_now then return null; end if;
  v_moment := greatest(v_now, v_item.last_occurred_at);
  v_level := stock_shifted_level(v_level, v_item, v_after, v_now);

  update inventory_items i
  set on_hand = v_after, version = i.version + 1, entry_count = i.entry_count + 1,
    adjustment_count = i.adjustment_count + stock_is_adjustment(p_kind)::integer,
    last_occurred_at = v_moment, updated_at = v_now,
    last_counted_at = case when p_kind = 'COUNT' then v_moment else i.last_counted_at end
  where i.tenant_id = v_tenant and i.id = v_item.id;
  insert into postings (tenant_id, id, kind, reason_code_id, root_cause, reference, comment,
    document_type, document_id, actor, occurred_at, recorded_at, xid, entry_count, reverses_id,
    import_id)
  values (v_tenant, v_id, p_kind, v_reason, p_head ->> 'rootCause', v_reference,
    p_head ->> 'comment', p_head ->> 'documentType', p_head ->> 'documentId', p_head -> 'actor',
    v_now, v_now, pg_current_xact_id()::text::bigint, 1, p_head ->> 'reversesId',
    p_head ->> 'importId');
  insert into ledger_entries (tenant_id, posting_id, ordinal, inventory_item_id, sequence,
    product_id, location_id, kind, delta, quantity_after, reason_code_id, unit_cost, unit_price,
    channel_id, reference, occurred_at, recorded_at)
  values (v_tenant, v_id, 1, v_item.id, v_item.entry_count + 1, v_item.product_id,
    v_item.location_id, p_kind, v_delta, v_after, v_reason, p_line.unit_cost, p_line.unit_price,
    p_line.channel, coalesce(p_line.reference, v_reference), v_moment, v_now);
  if v_level.tenant_id is null then
    perform stock_refresh_levels(array[p_line.location], array[p_line.product]);
  else
    update stock_levels s
    set on_hand = v_level.on_hand, expired = v_level.expired, next_expiry = v_level.next_expiry
    where s.tenant_id = v_tenant and s.location_id = p_line.location
      and s.product_id = p_line.product;
  end if;
  v_entries := jsonb_build_array(jsonb_build_object(
    'ordinal', 1, 'inventoryItemId', v_item.id, 'sequence', v_item.entry_count + 1,
    'productId', v_item.product_id, 'locationId', v_item.location_id, 'kind', p_kind,
    'delta', v_delta, 'quantityBefore', v_item.on_hand, 'quantityAfter', v_after,
    'occurredAt', v_moment));
  insert into outbox (tenant_id, id, topic, aggregate_id, payload, created_at)
  values (v_tenant, v_id, 'stock.posted', v_id,
    jsonb_strip_nulls(p_head) || jsonb_build_object('recordedAt', v_now, 'entries', v_entries),
    v_now);
  return v_entries;
end $$;
