"""What would let the application see rows of another tenant, asked of the catalogue at once."""

from typing import Any

from sqlalchemy import Select, TextClause, func, select, text

from models.base import UNSECURED

# A table is guarded when row security is on and forced, and each of its policies is the tenant's:
# policies add up, so that one which lets more through would undo the others.
_FAULTS = """
with relations as (
  select c.oid, c.relname, c.relowner, c.relkind, c.reloptions,
    c.relrowsecurity and c.relforcerowsecurity as forced
  from pg_class c
  where c.relnamespace = any ('{public, past}'::regnamespace[]) and c.relkind in ('r', 'p', 'v')
), policies as (
  select p.polrelid,
    bool_and(pg_get_expr(p.polqual, p.polrelid) = '(tenant_id = stock_tenant())'
      and coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') in
        ('', '(tenant_id = stock_tenant())')) as of_tenant
  from pg_policy p
  group by p.polrelid
)
select r.rolname as role, r.rolsuper as is_superuser, r.rolbypassrls as is_exempt,
  array(
    select c.relname::text from relations c
    where not r.rolsuper and pg_has_role(r.oid, c.relowner, 'member') order by 1
  ) as owned,
  array(
    select c.relname::text from relations c left join policies p on p.polrelid = c.oid
    where c.relkind <> 'v' and c.relname <> all (:unsecured)
      and not (c.forced and coalesce(p.of_tenant, false))
    order by 1
  ) as unguarded,
  array(
    select c.relname::text from relations c
    where c.relname = any (:unsecured) and c.relkind <> 'v'
      and has_table_privilege(r.oid, c.oid, 'select, insert, update, delete') order by 1
  ) as exposed,
  array(
    select c.relname::text from relations c
    where c.relkind = 'v' and not coalesce('security_invoker=true' = any (c.reloptions), false)
    order by 1
  ) as definers
from pg_roles r
where r.rolname = current_user
"""


def faults() -> TextClause:
    """The present role and, in sorted arrays, the relations through which it would see too much.

    `owned` are its own; `unguarded` lack forced row security or the tenant's policy alone;
    `exposed` have no row security and must be reached by functions only; `definers` are views
    that read with their owner's rights.
    """
    return text(_FAULTS).bindparams(unsecured=sorted(UNSECURED))


def revision() -> Select[Any]:
    """The schema's revision; needs no tenant to be set."""
    return select(func.schema_revision())
