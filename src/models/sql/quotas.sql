-- Take units of channels' quotas, or with a minus give them back, as a posting has done it. The
-- former quotas are kept as history. The caller has locked the level rows of all places.
--
-- p_uses: [{channel, location, product, reference?, quantity, fromQuota}], one a place of a channel;
-- those where it has no quota are left out. A quota
-- that was changed or made anew meanwhile takes back no more than was used of it; what is kept is
-- what it took.
create or replace function stock_use_quotas(p_posting text, p_uses jsonb) returns void
language plpgsql as $$
begin
  insert into quota_uses (tenant_id, posting_id, channel_id, product_id, location_id, reference,
    quantity, from_quota, quota_id, quota_version)
  select stock_tenant(), p_posting, u.channel, u.product, u.location, u.reference, u.quantity,
    u.taken, u.id, u.version + (u.taken <> 0)::integer
  from (
    select n.*, q.id, q.version,
      greatest(least(q.consumed + n."fromQuota", q.allocated), 0) - q.consumed as taken
    from jsonb_to_recordset(p_uses) as n (channel text, location text, product text,
      reference text, quantity numeric, "fromQuota" numeric)
    join channel_quotas q on q.tenant_id = stock_tenant() and q.channel_id = n.channel
      and q.location_id = n.location and q.product_id = n.product
  ) u;
  insert into channel_quotas_history
  select q.*, stock_now()
  from channel_quotas q
  join quota_uses u on u.tenant_id = q.tenant_id and u.quota_id = q.id
  where u.tenant_id = stock_tenant() and u.posting_id = p_posting and u.from_quota <> 0;
  update channel_quotas q
  set consumed = q.consumed + u.from_quota, version = q.version + 1, updated_at = stock_now(),
      valid_from = stock_now()
  from quota_uses u
  where q.tenant_id = stock_tenant() and u.tenant_id = q.tenant_id and u.posting_id = p_posting
    and u.from_quota <> 0 and u.quota_id = q.id;
end $$;
