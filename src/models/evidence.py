"""What is behind the numbers of a product at a location: buckets, holds, reservations, quotas."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    Text,
    Uuid,
    and_,
    column,
    func,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by as _by

from models.base import Key, Quantity, texts_named, this_tenant
from models.bound import Bound
from models.channels import channel_quotas
from models.holds import holds
from models.lists.stock import item_quantities
from models.stock import inventory_items, reservations

_item, _hold, _promise, _quota = item_quantities.c, holds.c, reservations.c, channel_quotas.c
_bucket = inventory_items.c


def behind(pairs: Sequence[tuple[str, str]]) -> Bound:
    """For each (location, product) pair the ids of what its numbers come from, as JSON lists.

    `stock` has three: items that hold units, those of which some are expired, and those of which
    some are held; `holds` lie on them; `quotas` come with their channels.
    """
    values = {"locations": [pair[0] for pair in pairs], "products": [pair[1] for pair in pairs]}
    return Bound(_behind(), values)


@cache
def _behind() -> Select[Any]:
    wanted = (
        func.unnest(texts_named("locations"), texts_named("products"))
        .table_valued(column("location_id", Key), column("product_id", Key), name="wanted")
        .render_derived()
    )
    return select(
        wanted.c.location_id,
        wanted.c.product_id,
        _items(wanted, _item.on_hand != 0, _item.expired > 0, _item.held > 0).label("stock"),
        _holds(wanted).label("holds"),
        _reservations(wanted).label("reservations"),
        _inbound(wanted).label("inbound"),
        _quotas(wanted).label("quotas"),
    )


def _at(columns: Any, wanted: Any) -> ColumnElement[bool]:
    return and_(
        columns.tenant_id == this_tenant(),
        columns.location_id == wanted.c.location_id,
        columns.product_id == wanted.c.product_id,
    )


def _items(wanted: Any, *conditions: ColumnElement[bool]) -> ColumnElement[Any]:
    """The items there that meet each of the conditions, all from one look at them."""
    ids = func.jsonb_agg(_by(_item.id, _item.id))
    return (
        select(func.jsonb_build_array(*(ids.filter(one) for one in conditions)))
        .where(_at(_item, wanted))
        .scalar_subquery()
    )


def _holds(wanted: Any) -> ColumnElement[Any]:
    # Two levels down nothing is correlated unless it is told.
    buckets, lots, bins = (
        select(part).where(_at(_bucket, wanted)).correlate(wanted)
        for part in (_bucket.id, _bucket.lot_id, _bucket.bin_id)
    )
    scope = or_(
        and_(
            _hold.scope == "QUANTITY",
            _hold.scope_id == wanted.c.product_id,
            _hold.location_id == wanted.c.location_id,
        ),
        and_(_hold.scope == "ITEM", _hold.scope_id.in_(buckets)),
        and_(_hold.scope == "LOT", _hold.scope_id.in_(lots)),
        and_(_hold.scope == "BIN", _hold.scope_id.in_(bins)),
    )
    return (
        select(func.jsonb_agg(_by(_hold.id, _hold.id)))
        .where(
            _hold.tenant_id == this_tenant(),
            _hold.state == "ACTIVE",
            or_(_hold.expires_at.is_(None), _hold.expires_at > func.stock_now()),
            or_(_hold.location_id.is_(None), _hold.location_id == wanted.c.location_id),
            scope,
        )
        .scalar_subquery()
    )


def _is_open() -> ColumnElement[bool]:
    return and_(
        _promise.state == "ACTIVE",
        or_(_promise.expires_at.is_(None), _promise.expires_at > func.stock_now()),
    )


def _reservations(wanted: Any) -> ColumnElement[Any]:
    return (
        select(func.jsonb_agg(_by(_promise.id, _promise.id)))
        .where(_at(_promise, wanted), _is_open())
        .scalar_subquery()
    )


def _inbound(wanted: Any) -> ColumnElement[Any]:
    supply = _supply.c
    return (
        select(func.jsonb_agg(_by(supply.source_id, supply.due_on, supply.source_id)))
        .where(_at(supply, wanted))
        .scalar_subquery()
    )


def _quotas(wanted: Any) -> ColumnElement[Any]:
    return (
        select(func.jsonb_agg(_by(func.jsonb_build_array(_quota.id, _quota.channel_id), _quota.id)))
        .where(_at(_quota, wanted))
        .scalar_subquery()
    )


def open_reservations(location_id: str, product_id: str) -> Select[Any]:
    """The reservations of a product at a location that are open now, by their ids."""
    return (
        select(reservations)
        .where(
            _promise.tenant_id == this_tenant(),
            _promise.location_id == location_id,
            _promise.product_id == product_id,
            _is_open(),
        )
        .order_by(_promise.id)
    )


def inbound(location_id: str, product_id: str) -> Select[Any]:
    """What documents bring of a product to a location, the earliest first, the undated last."""
    supply = _supply.c
    return (
        select(_supply)
        .where(
            supply.tenant_id == this_tenant(),
            supply.location_id == location_id,
            supply.product_id == product_id,
        )
        .order_by(supply.due_on.asc().nulls_last(), supply.source_id, supply.kind)
    )


_supply = table(
    "expected_supply",
    column("tenant_id", Uuid),
    *(column(name, Key) for name in ("location_id", "product_id", "source_id")),
    *(column(name, Text) for name in ("kind", "source_type", "source_number")),
    column("quantity", Quantity),
    column("due_on", Date),
)
