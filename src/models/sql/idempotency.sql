-- Claims of idempotency keys, and the outcomes that are kept under them. They travel with BEGIN and
-- with COMMIT (docs/decisions/0014-writes-in-few-messages.md), so that each is one call.

-- Take the key; false when another act has it. While another transaction is about to take it this
-- waits for that one's end.
create or replace function stock_claim(p_key text, p_operation text, p_fingerprint bytea)
returns boolean
language plpgsql as $$
begin
  insert into idempotency_keys as k (tenant_id, key, operation, fingerprint, expires_at)
  values (stock_tenant(), p_key, p_operation, p_fingerprint, stock_now() + interval '24 hours')
  on conflict (tenant_id, key) do update
  set operation = excluded.operation, fingerprint = excluded.fingerprint, outcome = null,
    created_at = stock_now(), expires_at = excluded.expires_at
  where k.expires_at <= stock_now();
  return found;
end $$;

-- Keep the outcome of the act that has claimed the key.
create or replace function stock_keep_outcome(p_key text, p_outcome json) returns void
language plpgsql as $$
begin
  update idempotency_keys k set outcome = p_outcome
  where k.tenant_id = stock_tenant() and k.key = p_key;
  assert found, 'who keeps an outcome has claimed its key';
end $$;
