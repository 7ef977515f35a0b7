"""Statements of stocklists and their lines."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Delete,
    Insert,
    Integer,
    Numeric,
    Select,
    Update,
    and_,
    cast,
    delete,
    func,
    insert,
    select,
    true,
    update,
)

from models.base import Quantity, recordset, texts, this_tenant
from models.catalog import products
from models.lists.requests import product_sent, units_wanted
from models.lists.stock import stock_levels_now
from models.locations import locations
from models.requests import stock_request_lines, stock_requests
from models.stocklists import stocklist_lines, stocklists

_list, _line, _product, _level = (
    stocklists.c,
    stocklist_lines.c,
    products.c,
    stock_levels_now.c,
)
_asked, _request, _place = stock_request_lines.c, stock_requests.c, locations.c
_PLACES = (_list.requesting_location_id, _list.fulfilling_location_id)
_NAMES = ("stocklist_id", "product_id", "ordinal", "max_quantity", "pack_size")
_there = (
    select(_level.on_hand)
    .where(
        _level.tenant_id == this_tenant(),
        _level.location_id == _list.requesting_location_id,
        _level.product_id == _line.product_id,
    )
    .lateral("there")
)


# What open requests of the same location still bring of the product; a draft brings nothing yet.
_coming = (
    select(func.sum(units_wanted(_asked) - _asked.received - _asked.lost))
    .select_from(
        stock_request_lines.join(
            stock_requests,
            and_(_request.tenant_id == this_tenant(), _request.id == _asked.request_id),
        )
    )
    .where(
        _asked.tenant_id == this_tenant(),
        product_sent(_asked) == _line.product_id,
        _request.requesting_location_id == _list.requesting_location_id,
        _request.status.in_(("SUBMITTED", "APPROVED", "ALLOCATED", "ISSUED", "RECEIVED")),
    )
    .scalar_subquery()
)


def lines_of(stocklist_ids: Sequence[str]) -> Select[Any]:
    """The lines of these stocklists in their order, with their product and its stock where asked.

    `on_hand_at_destination` is what the requesting location has.
    """
    return (
        select(
            stocklist_lines,
            _product.sku,
            _product.name.label("product_name"),
            _product.unit_of_measure,
            _list.type.label("stocklist_type"),
            func.coalesce(_there.c.on_hand, 0, type_=Quantity).label("on_hand_at_destination"),
            func.coalesce(_coming, 0, type_=Quantity).label("on_order_at_destination"),
            _product.active.label("is_traded"),
        )
        .select_from(
            stocklist_lines.join(
                stocklists,
                and_(_list.tenant_id == this_tenant(), _list.id == _line.stocklist_id),
            )
            .join(
                products,
                and_(_product.tenant_id == this_tenant(), _product.id == _line.product_id),
            )
            .outerjoin(_there, true())
        )
        .where(
            _line.tenant_id == this_tenant(), _line.stocklist_id == func.any(texts(stocklist_ids))
        )
        .order_by(_line.stocklist_id, _line.ordinal, _line.product_id)
    )


def add_lines(rows: Sequence[Mapping[str, Any]]) -> Insert:
    """Insert lines; keys are the columns' names."""
    new = recordset("new", rows, *(_line[name] for name in _NAMES))
    return insert(stocklist_lines).from_select([*_NAMES], select(*new.c))


def remove_lines(stocklist_id: str) -> Delete:
    """Delete all lines of a stocklist."""
    return delete(stocklist_lines).where(
        _line.tenant_id == this_tenant(), _line.stocklist_id == stocklist_id
    )


def today() -> Select[Any]:
    """The tenant's calendar day."""
    return select(func.stock_today())


_places_used = (
    select(func.count() == len(_PLACES))
    .where(
        _place.tenant_id == this_tenant(),
        _place.id.in_(_PLACES),
        _place.active,
    )
    .scalar_subquery()
)


def due(limit: int) -> Select[Any]:
    """Lock some stocklists in use whose day has come, leaving out those that others hold.

    One with a location that is not used any more is never due.
    """
    return (
        select(stocklists)
        .where(
            _list.tenant_id == this_tenant(),
            _list.state == "PUBLISHED",
            _list.next_on <= func.stock_today(),
            _places_used,
        )
        .order_by(_list.next_on, _list.id)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    )


def locked(ids: Sequence[str]) -> Select[Any]:
    """These stocklists, locked in one order until the transaction ends.

    `places_used` says whether both of its locations are used.
    """
    return (
        select(stocklists, _places_used.label("places_used"))
        .where(_list.tenant_id == this_tenant(), _list.id == func.any(texts(ids)))
        .order_by(_list.id)
        .with_for_update(key_share=True)
    )


def used(ids: Sequence[str]) -> Update:
    """Move the next day of these stocklists on by their period, beyond today."""
    periods = func.ceil((func.stock_today() - _list.next_on + 1) / cast(_list.period_days, Numeric))
    return (
        update(stocklists)
        .where(
            _list.tenant_id == this_tenant(),
            _list.id == func.any(texts(ids)),
            _list.next_on <= func.stock_today(),
        )
        .values(
            next_on=_list.next_on + cast(periods * _list.period_days, Integer),
            version=_list.version + 1,
            updated_at=func.stock_now(),
        )
    )
