"""The numbers of the one reader for whoever keeps what is reference data of them.

`availability.numbers` in two parts: what changes with stock, packed, and what does not.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, func, select

from models.base import texts_named, this_tenant
from models.bound import Bound
from models.catalog import categories, products
from models.channels import channel_policies, counts_at

# One row a pair, of products that exist, in the pairs' order: `sums` are on hand, expired, held
# and reserved as four big-endian integers of millionths; `more` is the JSON of [quotas, promises,
# lots, promised ahead, supply ahead], or null where there is none of them. Whether there is any
# at all is asked once, not for each pair. `$1` are locations, `$2` products.
NUMBERS = "select sums, more from stock_numbers($1, $2) order by n"
# The same in one message: `$1` is the tenant, `$2` the moment to which a test has turned the clock.
GLANCE = "select reference, seen_at, sums, more from stock_glance($1, $2, $3, $4)"


def terms_of_products(product_ids: Sequence[str]) -> Bound:
    """What of `numbers` is reference data: step, path and own policies of these products."""
    return Bound(_terms(), {"products": list(product_ids)})


@cache
def _terms() -> Select[Any]:
    policy = channel_policies.c
    policies = (
        select(func.jsonb_agg(func.to_jsonb(channel_policies.table_valued())))
        .where(
            policy.tenant_id == this_tenant(),
            policy.product_id == products.c.id,
            counts_at(policy),
        )
        .scalar_subquery()
    )
    category = and_(
        categories.c.tenant_id == this_tenant(), categories.c.id == products.c.category_id
    )
    return (
        select(
            products.c.id, products.c.quantity_step, categories.c.path, policies.label("policies")
        )
        .select_from(products.outerjoin(categories, category))
        .where(
            products.c.tenant_id == this_tenant(),
            products.c.id == func.any(texts_named("products")),
        )
    )
