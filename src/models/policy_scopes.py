"""What policies are about, and where two of them are about the same: for rules over several."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, true

from models.base import texts, this_tenant
from models.catalog import categories, products
from models.channels import channel_policies, counts_at

_policy = channel_policies.c


def path_of_product(id: str) -> Select[Any]:
    """The category path of this product; null when it stands in none."""
    return (
        select(categories.c.path)
        .select_from(_in_category(products, products.c.category_id))
        .where(products.c.tenant_id == this_tenant(), products.c.id == id)
    )


def sharing(
    location_id: str | None, product_id: str | None, path: Sequence[str] | None, limit: int
) -> Select[Any]:
    """The scopes of policies about mode or parts that could match together with one of this scope.

    `path` leads to the category of the scope, or of its product; that of each row leads to its
    own. The most general come first.
    """
    return (
        select(_policy.location_id, _policy.product_id, _policy.category_id, categories.c.path)
        .distinct()
        .select_from(_about())
        .where(
            _policy.tenant_id == this_tenant(),
            or_(
                _policy.mode.is_not(None),
                _policy.share.is_not(None),
                _policy.allocation_weight.is_not(None),
            ),
            _same_place(location_id),
            _same_products(product_id, path),
        )
        .order_by(
            _policy.product_id.nulls_first(),
            _policy.category_id.nulls_first(),
            _policy.location_id.nulls_first(),
        )
        .limit(limit)
    )


def without_number() -> Select[Any]:
    """The policies whose mode needs a number that they do not have, and what they are about."""
    return (
        select(channel_policies, categories.c.path)
        .select_from(_about())
        .where(
            _policy.tenant_id == this_tenant(),
            or_(
                and_(_policy.mode == "SHARE", _policy.share.is_(None)),
                and_(_policy.mode == "CAP", _policy.cap.is_(None)),
            ),
        )
    )


def about_products(product_ids: Sequence[str], at: datetime | None = None) -> Select[Any]:
    """The policies about these products as JSON, a list for each product that has some.

    They count at the moment, or now.
    """
    return (
        select(
            _policy.product_id,
            func.jsonb_agg(func.to_jsonb(channel_policies.table_valued())).label("policies"),
        )
        .where(
            _policy.tenant_id == this_tenant(),
            _policy.product_id == func.any(texts(product_ids)),
            counts_at(_policy, at),
        )
        .group_by(_policy.product_id)
    )


def now() -> Select[Any]:
    """The moment that the clock of rules shows."""
    return select(func.stock_now())


def starts(limit: int) -> Select[Any]:
    """The coming moments from which on policies count that have a share or a weight."""
    return (
        select(_policy.starts_at)
        .distinct()
        .where(
            _policy.tenant_id == this_tenant(),
            _policy.starts_at > func.stock_now(),
            or_(
                _policy.mode.is_not(None),
                _policy.share.is_not(None),
                _policy.allocation_weight.is_not(None),
            ),
        )
        .order_by(_policy.starts_at)
        .limit(limit)
    )


def overlapping(row: Any) -> Select[Any]:
    """The first other policy with a time of its own that counts for the same at the same time."""

    def same(column: ColumnElement[Any], value: Any) -> ColumnElement[bool]:
        return column.is_(None) if value is None else column == value

    ends = [_policy.starts_at < row.ends_at] if row.ends_at else []
    starts_ = [_policy.ends_at > row.starts_at] if row.starts_at else []
    return (
        select(_policy.id, _policy.starts_at, _policy.ends_at)
        .where(
            _policy.tenant_id == this_tenant(),
            _policy.id != row.id,
            or_(_policy.starts_at.is_not(None), _policy.ends_at.is_not(None)),
            *(
                same(_policy[name], getattr(row, name))
                for name in ("channel_id", "location_id", "product_id", "category_id", "priority")
            ),
            *(or_(_policy.starts_at.is_(None), one) for one in ends),
            *(or_(_policy.ends_at.is_(None), one) for one in starts_),
        )
        .order_by(_policy.id)
        .limit(1)
    )


def _about() -> Any:
    """Each policy with its category, or that of its product."""
    return _in_category(
        channel_policies.outerjoin(
            products,
            and_(products.c.tenant_id == this_tenant(), products.c.id == _policy.product_id),
        ),
        func.coalesce(products.c.category_id, _policy.category_id),
    )


def _in_category(rows: Any, category_id: ColumnElement[Any]) -> Any:
    same = and_(categories.c.tenant_id == this_tenant(), categories.c.id == category_id)
    return rows.outerjoin(categories, same)


def _same_place(location_id: str | None) -> ColumnElement[bool]:
    if location_id is None:
        return true()
    return or_(_policy.location_id.is_(None), _policy.location_id == location_id)


def _same_products(product_id: str | None, path: Sequence[str] | None) -> ColumnElement[bool]:
    """Whether the policy is about some product of the scope."""
    about_all = and_(_policy.product_id.is_(None), _policy.category_id.is_(None))
    above = _policy.category_id == func.any(texts(list(path or ())))
    if product_id is not None:
        return or_(about_all, above, _policy.product_id == product_id)
    if path is None:
        return true()
    return or_(about_all, above, literal(path[-1]) == func.any(categories.c.path))
