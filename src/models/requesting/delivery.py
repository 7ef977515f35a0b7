"""Statements of what is set aside for stock requests, and of the transfers that bring it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Delete,
    Insert,
    Select,
    Update,
    and_,
    case,
    delete,
    func,
    insert,
    select,
    update,
)

from models.base import Quantity, recordset, texts, this_tenant
from models.lists.requests import product_sent
from models.requests import stock_request_allocations, stock_request_lines
from models.stock import reservations
from models.transfers import transfer_lines, transfers

ORIGIN = "STOCK_REQUEST"  # what a transfer that brings a request's units names as its origin

_taken, _line, _promise = stock_request_allocations.c, stock_request_lines.c, reservations.c
_taken_from = _taken.inventory_item_id
_transfer, _moved = transfers.c, transfer_lines.c
_NAMES = (
    "id",
    "reservation_id",
    "request_id",
    "line_id",
    "inventory_item_id",
    "quantity",
    "transfer_id",
)
_in_transit = _moved.shipped - _moved.received - _moved.damaged - _moved.short - _moved.returned


def allocations_of(request_id: str) -> Select[Any]:
    """What is or was set aside for a request, in the order in which it was.

    A hold may put what is set aside on another bucket: the reservation knows where it is.
    """
    place = case((_taken.transfer_id.is_(None), _promise.inventory_item_id), else_=_taken_from)
    return (
        select(
            *(column for column in _taken if column is not _taken_from),
            place.label("inventory_item_id"),
        )
        .join(
            reservations,
            and_(_promise.tenant_id == this_tenant(), _promise.id == _taken.reservation_id),
        )
        .where(_taken.tenant_id == this_tenant(), _taken.request_id == request_id)
        .order_by(_taken.id)
    )


def add_allocations(rows: Sequence[Mapping[str, Any]]) -> Insert:
    """Note what is set aside or was sent; keys are the columns' names."""
    new = recordset("new", rows, *(_taken[name] for name in _NAMES))
    return insert(stock_request_allocations).from_select([*_NAMES], select(*new.c))


def remove_allocations(ids: Sequence[str]) -> Delete:
    """Forget what was set aside."""
    return delete(stock_request_allocations).where(
        _taken.tenant_id == this_tenant(), _taken.id == func.any(texts(ids))
    )


def cut_allocations(rows: Sequence[Mapping[str, Any]]) -> Update:
    """Set what is left set aside of these; keys are `id` and `quantity`."""
    left = recordset("remaining", rows, _taken.id, _taken.quantity)
    return (
        update(stock_request_allocations)
        .where(_taken.tenant_id == this_tenant(), _taken.id == left.c.id)
        .values(quantity=left.c.quantity)
    )


def transfer_of(transfer_id: str) -> Select[Any]:
    """The origin of a transfer."""
    return select(_transfer.origin_type, _transfer.origin_id).where(
        _transfer.tenant_id == this_tenant(), _transfer.id == transfer_id
    )


def transfers_of(request_id: str) -> Select[Any]:
    """The transfers that bring a request's units, the last first, but for those that came back."""
    return (
        select(
            _transfer.id,
            _transfer.number,
            _transfer.status,
            func.sum(_moved.shipped - _moved.returned, type_=Quantity).label("sent"),
            func.sum(_in_transit, type_=Quantity).label("in_transit"),
            func.sum(_moved.received + _moved.damaged, type_=Quantity).label("arrived"),
        )
        .join(
            transfer_lines,
            and_(_moved.tenant_id == this_tenant(), _moved.transfer_id == _transfer.id),
        )
        .where(
            _transfer.tenant_id == this_tenant(),
            _transfer.origin_type == ORIGIN,
            _transfer.origin_id == request_id,
        )
        .group_by(_transfer.id, _transfer.number, _transfer.status, _transfer.created_at)
        .having(func.sum(_moved.shipped - _moved.returned) > 0)
        .order_by(_transfer.created_at.desc(), _transfer.id.desc())
    )


def coming_to(request_id: str) -> Select[Any]:
    """The lines of transfers with units in transit for a request, the first sent first."""
    return (
        select(
            _moved.id,
            _moved.transfer_id,
            _line.id.label("request_line_id"),
            _in_transit.label("in_transit"),
        )
        .select_from(
            transfer_lines.join(
                transfers,
                and_(_transfer.tenant_id == this_tenant(), _transfer.id == _moved.transfer_id),
            ).join(
                stock_request_lines,
                and_(
                    _line.tenant_id == this_tenant(),
                    _line.request_id == _transfer.origin_id,
                    product_sent(_line) == _moved.product_id,
                ),
            )
        )
        .where(
            _moved.tenant_id == this_tenant(),
            _transfer.origin_type == ORIGIN,
            _transfer.origin_id == request_id,
            _in_transit > 0,
        )
        .order_by(_transfer.created_at, _moved.transfer_id, _moved.ordinal)
    )


def follow(request_id: str) -> Update:
    """Set what the lines of a request have sent, received and lost to what its transfers say."""
    told = (
        select(
            _moved.product_id,
            func.sum(_moved.shipped - _moved.returned, type_=Quantity).label("issued"),
            func.sum(_moved.received + _moved.damaged, type_=Quantity).label("received"),
            func.sum(_moved.short, type_=Quantity).label("lost"),
        )
        .join(
            transfers,
            and_(_transfer.tenant_id == this_tenant(), _transfer.id == _moved.transfer_id),
        )
        .where(
            _moved.tenant_id == this_tenant(),
            _transfer.origin_type == ORIGIN,
            _transfer.origin_id == request_id,
        )
        .group_by(_moved.product_id)
        .subquery("told")
    )
    return (
        update(stock_request_lines)
        .where(
            _line.tenant_id == this_tenant(),
            _line.request_id == request_id,
            product_sent(_line) == told.c.product_id,
        )
        .values(
            issued=told.c.issued,
            received=told.c.received,
            lost=told.c.lost,
            updated_at=func.stock_now(),
        )
    )
