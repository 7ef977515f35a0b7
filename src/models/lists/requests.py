"""The list of stock requests."""

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, func, select, true, type_coerce
from sqlalchemy.orm import aliased

from models.base import Money, Quantity, this_tenant
from models.catalog import products
from models.lists.listing import Condition, Listing, between, one_of, words
from models.locations import locations
from models.requests import (
    stock_request_allocations,
    stock_request_lines,
    stock_requests,
)
from models.tenants import tenant_settings

PRIORITIES = ("LOW", "NORMAL", "HIGH", "URGENT")  # the least urgent first

_request, _line = stock_requests.c, stock_request_lines.c
_product, _taken = products.c, stock_request_allocations.c
_requesting, _fulfilling = aliased(locations, name="asks"), aliased(locations, name="gives")


def _place(location: Any, id: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(location.c.tenant_id == this_tenant(), location.c.id == id)


def units_wanted(line: Any) -> ColumnElement[Any]:
    """What is to be sent of a line, or was asked for while nobody has decided."""
    wanted: ColumnElement[Any] = func.coalesce(line.approved, line.requested)
    return wanted


def product_sent(line: Any) -> ColumnElement[Any]:
    """The id of the product that is sent for a line."""
    sent: ColumnElement[Any] = func.coalesce(line.substitute_product_id, line.product_id)
    return sent


def _sum(units: ColumnElement[Any], name: str) -> ColumnElement[Any]:
    return func.coalesce(func.sum(units), 0, type_=Quantity).label(name)


# What a line is worth comes from the present cost of the product that is sent.
_totals = (
    select(
        func.count().label("line_count"),
        _sum(_line.requested, "total_requested"),
        _sum(_line.approved, "total_approved"),
        _sum(_line.allocated, "total_allocated"),
        _sum(_line.issued, "total_issued"),
        _sum(_line.received, "total_received"),
        func.coalesce(
            func.round(func.sum(units_wanted(_line) * _product.unit_cost), 6), 0, type_=Money
        ).label("total_value"),
    )
    .select_from(
        stock_request_lines.outerjoin(
            products,
            and_(_product.tenant_id == this_tenant(), _product.id == product_sent(_line)),
        )
    )
    .where(_line.tenant_id == this_tenant(), _line.request_id == _request.id)
    .lateral("totals")
)
_transfer = (
    select(func.max(_taken.transfer_id))
    .where(_taken.tenant_id == this_tenant(), _taken.request_id == _request.id)
    .scalar_subquery()
)
_may_decide_own = (
    select(tenant_settings.c.request_self_approval)
    .where(tenant_settings.c.tenant_id == this_tenant())
    .scalar_subquery()
)
_shown: list[Any] = [
    column for column in _request if column.name not in ("created_by", "decided_by")
]
_rank = type_coerce(
    case({name: n for n, name in enumerate(PRIORITIES)}, value=_request.priority), Integer
)


def _on_line(column: ColumnElement[Any]) -> Condition:
    """The condition that a line of the request has one of some values."""

    def holds(values: Any) -> ColumnElement[bool]:
        return (
            select(1)
            .select_from(
                stock_request_lines.join(
                    products,
                    and_(_product.tenant_id == this_tenant(), _product.id == _line.product_id),
                )
            )
            .where(
                _line.tenant_id == this_tenant(),
                _line.request_id == _request.id,
                one_of(column)(values),
            )
            .exists()
        )

    return holds


STOCK_REQUESTS = Listing(
    rows=select(
        *_shown,
        _request.created_by["id"].astext.label("created_by_id"),
        _request.created_by["name"].astext.label("created_by_name"),
        _request.decided_by["id"].astext.label("decided_by_id"),
        _request.decided_by["name"].astext.label("decided_by_name"),
        _requesting.c.name.label("requesting_location_name"),
        _requesting.c.code.label("requesting_location_code"),
        _fulfilling.c.name.label("fulfilling_location_name"),
        _fulfilling.c.code.label("fulfilling_location_code"),
        *_totals.c,
        _transfer.label("transfer_id"),
        _may_decide_own.label("may_decide_own"),
    )
    .select_from(
        stock_requests.join(_totals, true())
        .join(_requesting, _place(_requesting, _request.requesting_location_id))
        .join(_fulfilling, _place(_fulfilling, _request.fulfilling_location_id))
    )
    .where(_request.tenant_id == this_tenant()),
    places=select(stock_requests).where(_request.tenant_id == this_tenant()),
    id=[_request.id],
    orders={
        "id": [],
        "number": [_request.number],
        "priority": [_rank],
        "status": [_request.status],
        "needed_by": [_request.needed_by],
        "created_at": [_request.created_at],
        "submitted_at": [_request.submitted_at],
        "updated_at": [_request.updated_at],
    },
    filters={
        "id_in": one_of(_request.id),
        "number_in": one_of(_request.number),
        "search": words(_request.number, _request.description, _request.created_by["name"].astext),
        "status_in": one_of(_request.status),
        "type_in": one_of(_request.type),
        "priority_in": one_of(_request.priority),
        "requesting_location_id_in": one_of(_request.requesting_location_id),
        "fulfilling_location_id_in": one_of(_request.fulfilling_location_id),
        "stocklist_id_in": one_of(_request.stocklist_id),
        "created_by_in": one_of(_request.created_by["id"].astext),
        "product_id_in": _on_line(_line.product_id),
        "category_id_in": _on_line(_product.category_id),
        "needed_by": between(_request.needed_by),
        "created_at": between(_request.created_at),
        "submitted_at": between(_request.submitted_at),
    },
    parents={
        name: _request[name]
        for name in ("requesting_location_id", "fulfilling_location_id", "stocklist_id")
    },
)

# The same for a queue that leaves out what one key has made.
REQUESTS_OF_OTHERS = replace(
    STOCK_REQUESTS,
    filters={
        **STOCK_REQUESTS.filters,
        "created_by_other_than": lambda key: _request.created_by["id"].astext != key,
    },
)
