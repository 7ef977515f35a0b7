"""Statements of the lines of stock requests, and of what is set aside for them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Delete,
    Select,
    Update,
    and_,
    case,
    delete,
    func,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.orm import aliased

from models.base import Quantity, recordset, texts, this_tenant
from models.catalog import products
from models.lists.requests import product_sent
from models.lists.stock import stock_levels_now
from models.requests import (
    stock_request_lines,
    stock_requests,
)

_line, _request = stock_request_lines.c, stock_requests.c
_level = stock_levels_now.c
_asked, _sent = aliased(products, name="asked"), aliased(products, name="sent")
_TOLD = ("name", "sku", "unit_of_measure")  # of the product that is sent instead
_is_substituted = _line.substitute_product_id.is_not(None)
_NEW = ("id", "request_id", "ordinal", "product_id", "requested", "comment")
_DECIDED = (
    "id",
    "approved",
    "substitute_product_id",
    "substitution_reason",
    "decision_comment",
)
_there = (
    select((_level.on_hand - _level.expired - _level.held - _level.reserved).label("available"))
    .where(
        _level.tenant_id == this_tenant(),
        _level.location_id == _request.fulfilling_location_id,
        _level.product_id == product_sent(_line),
    )
    .lateral("there")
)


def of_requests(request_ids: Sequence[str]) -> Select[Any]:
    """The lines of these requests in their order, with both products and what is available.

    `sent_id` is the product that is sent; `available_at_source` is signed.
    """
    return (
        select(
            stock_request_lines,
            _asked.c.name.label("product_name"),
            _asked.c.sku,
            _asked.c.unit_of_measure,
            *(case((_is_substituted, _sent.c[name])).label(f"substitute_{name}") for name in _TOLD),
            _sent.c.id.label("sent_id"),
            _sent.c.quantity_step.label("quantity_step"),
            _asked.c.unit_cost.label("product_cost"),
            func.coalesce(_there.c.available, 0, type_=Quantity).label("available_at_source"),
            _request.status.label("request_status"),
            _request.fulfilling_location_id,
            _request.needed_by,
        )
        .select_from(
            stock_request_lines.join(
                stock_requests,
                and_(_request.tenant_id == this_tenant(), _request.id == _line.request_id),
            )
            .join(_asked, _is_product(_asked, _line.product_id))
            .join(_sent, _is_product(_sent, product_sent(_line)))
            .outerjoin(_there, true())
        )
        .where(_line.tenant_id == this_tenant(), _line.request_id == func.any(texts(request_ids)))
        .order_by(_line.request_id, _line.ordinal, _line.id)
    )


def put(rows: Sequence[Mapping[str, Any]]) -> Insert:
    """Insert lines, or change those of their products; keys are the columns' names."""
    given = recordset("given", rows, *(_line[name] for name in _NEW))
    new = insert(stock_request_lines).from_select([*_NEW], select(*given.c))
    return new.on_conflict_do_update(
        index_elements=["tenant_id", "request_id", "product_id"],
        set_={
            "requested": new.excluded.requested,
            "comment": new.excluded.comment,
            "updated_at": func.stock_now(),
        },
        where=_line.tenant_id == this_tenant(),
    )


def remove(id: str) -> Delete:
    """Delete a line."""
    return delete(stock_request_lines).where(_line.tenant_id == this_tenant(), _line.id == id)


def remove_all(request_id: str) -> Delete:
    """Delete all lines of a request."""
    return delete(stock_request_lines).where(
        _line.tenant_id == this_tenant(), _line.request_id == request_id
    )


def decide(rows: Sequence[Mapping[str, Any]]) -> Update:
    """Set what was decided of these lines."""
    said = recordset("said", rows, *(_line[name] for name in _DECIDED))
    return (
        update(stock_request_lines)
        .where(_line.tenant_id == this_tenant(), _line.id == said.c.id)
        .values(
            updated_at=func.stock_now(), **{name: said.c[name] for name in _DECIDED if name != "id"}
        )
    )


def undecide(request_id: str) -> Update:
    """Forget what was decided of all lines of a request."""
    nothing: dict[str, Any] = dict.fromkeys(name for name in _DECIDED if name != "id")
    return (
        update(stock_request_lines)
        .where(_line.tenant_id == this_tenant(), _line.request_id == request_id)
        .values(updated_at=func.stock_now(), **nothing)
    )


def move(rows: Sequence[Mapping[str, Any]]) -> Update:
    """Add to what is allocated, issued, received and lost of these lines; below 0 takes away."""
    names = ("allocated", "issued", "received", "lost")
    moved = recordset("moved", rows, *(_line[name] for name in ("id", *names)))
    return (
        update(stock_request_lines)
        .where(_line.tenant_id == this_tenant(), _line.id == moved.c.id)
        .values(
            updated_at=func.stock_now(),
            **{name: _line[name] + func.coalesce(moved.c[name], 0) for name in names},
        )
    )


def _is_product(product: Any, id: Any) -> Any:
    return and_(product.c.tenant_id == this_tenant(), product.c.id == id)


def today() -> Select[Any]:
    """The tenant's calendar day."""
    return select(func.stock_today())
