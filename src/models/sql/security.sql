-- What must be asked before a tenant is known, and the search table. These run with their owner's
-- rights; the application's role may execute them and has no right on the tables behind them.

create or replace function tenant_find(p_code text) returns uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select id from tenants where code = p_code
$$;

create or replace function tenant_list() returns table (id uuid, code text, created_at timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
  select t.id, t.code, t.created_at from tenants t order by t.code
$$;

-- Gives the id of the tenant with this code, which is the given one when it was made just now.
create or replace function tenant_create(p_id uuid, p_code text) returns uuid
language plpgsql security definer set search_path = public, pg_temp as $$
declare v_id uuid;
begin
  insert into tenants (id, code) values (p_id, p_code) on conflict (code) do nothing;
  select id into v_id from tenants where code = p_code;
  return v_id;
end $$;

-- The revision that migrations have brought this database to.
create or replace function schema_revision() returns text
language sql stable security definer set search_path = public, pg_temp as $$
  select version_num from alembic_version
$$;

create or replace function api_key_find(p_hash bytea)
returns table (tenant_id uuid, key_id text)
language sql stable security definer set search_path = public, pg_temp as $$
  select d.tenant_id, d.key_id from api_key_directory d where d.key_hash = p_hash
$$;

create or replace function api_key_put(p_hash bytea, p_key_id text) returns void
language sql security definer set search_path = public, pg_temp as $$
  insert into api_key_directory (key_hash, tenant_id, key_id) values (p_hash, stock_tenant(), p_key_id)
$$;

create or replace function api_key_drop(p_hash bytea) returns void
language sql security definer set search_path = public, pg_temp as $$
  delete from api_key_directory where key_hash = p_hash and tenant_id = stock_tenant()
$$;

create or replace function product_search_put(p_ids text[], p_documents text[]) returns void
language sql security definer set search_path = public, pg_temp as $$
  insert into product_search (tenant_id, product_id, document)
  select stock_tenant(), u.id, u.document from unnest(p_ids, p_documents) as u (id, document)
  on conflict (tenant_id, product_id) do update set document = excluded.document
$$;

create or replace function product_search_drop(p_ids text[]) returns void
language sql security definer set search_path = public, pg_temp as $$
  delete from product_search where tenant_id = stock_tenant() and product_id = any(p_ids)
$$;

-- The ids of the products whose document is like every pattern; the index serves the first.
create or replace function product_search_ids(p_patterns text[]) returns setof text
language sql stable rows 200 security definer set search_path = public, pg_temp as $$
  select product_id from product_search
  where tenant_id = stock_tenant()
    and document like p_patterns[1]
    and document like all (p_patterns)
$$;
