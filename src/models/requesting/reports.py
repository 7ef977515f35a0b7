"""Statements of what stock requests come to."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select

from models.base import Money, Quantity, this_tenant
from models.catalog import categories, products
from models.lists import listing
from models.lists.requests import STOCK_REQUESTS, units_wanted
from models.requests import stock_request_lines

DASHBOARD = "select request_dashboard($1, $2, $3, $4)"
FILTERS = "select request_filters()"

_line, _product, _category = stock_request_lines.c, products.c, categories.c


def by_category(filters: Sequence[tuple[str, Any]]) -> Select[Any]:
    """What requests under these filters ask for, for each category of what was asked for.

    Values are those of the products that were asked for, at their present costs.
    """
    wanted = listing.ids(STOCK_REQUESTS, filters)
    worth = units_wanted(_line) * _product.unit_cost
    return (
        select(
            _product.category_id,
            func.max(_category.name).label("category_name"),
            func.count(_line.request_id.distinct()).label("request_count"),
            func.count().label("line_count"),
            _sum(_line.requested).label("requested"),
            _sum(_line.approved).label("approved"),
            _sum(_line.issued).label("issued"),
            func.coalesce(func.round(func.sum(worth), 6), 0, type_=Money).label("value"),
        )
        .select_from(
            stock_request_lines.join(
                products,
                and_(_product.tenant_id == this_tenant(), _product.id == _line.product_id),
            ).outerjoin(
                categories,
                and_(_category.tenant_id == this_tenant(), _category.id == _product.category_id),
            )
        )
        .where(_line.tenant_id == this_tenant(), _line.request_id.in_(wanted))
        .group_by(_product.category_id)
        .order_by(func.max(_category.name).asc().nulls_last(), _product.category_id)
    )


def _sum(units: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.coalesce(func.sum(units), 0, type_=Quantity)
