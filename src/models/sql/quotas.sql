-- Take units of channels' quotas, or with a minus give them back, as a posting has done it. The
-- former quotas are kept as history. The caller has locked the level rows of all places.
--
-- p_uses: [{channel, location, product, reference?, quantity, fromQuota}], one a place of a channel;
-- those where it has no quota are left out. A quota
-- that was changed or made anew meanwhile takes back no more than was used of it.
create or replace function stock_use_quotas(p_posting text, p_uses jsonb) returns void
language plpgsql as $$
begin
  insert into quota_uses (tenant_id, posting_id, channel_id, product_id, location_id, reference,
    quantity, from_quota)
  select stock_tenant(), p_posting, u.channel, u.product, u.location, u.reference, u.quantity,
    u."fromQuota"
  from jsonb_to_recordset(p_uses) as u (channel text, location text, product text,
    reference text, quantity numeric, "fromQuota" numeric)
  where exists (
    select 1 from channel_quotas q where q.tenant_id = stock_tenant() and q.channel_id = u.channel
      and q.location_id = u.location and q.product_id = u.product);
  insert into channel_quotas_history
  select q.*, stock_now()
  from channel_quotas q
  join quota_uses u on u.tenant_id = q.tenant_id and u.channel_id = q.channel_id
    and u.location_id = q.location_id and u.product_id = q.product_id
  where u.tenant_id = stock_tenant() and u.posting_id = p_posting and u.from_quota <> 0;
  update channel_quotas q
  set consumed = greatest(least(q.consumed + u.from_quota, q.allocated), 0), version = q.version + 1,
      updated_at = stock_now(), valid_from = stock_now()
  from quota_uses u
  where q.tenant_id = stock_tenant() and u.tenant_id = q.tenant_id and u.posting_id = p_posting
    and u.from_quota <> 0 and u.channel_id = q.channel_id and u.location_id = q.location_id
    and u.product_id = q.product_id;
end $$;
