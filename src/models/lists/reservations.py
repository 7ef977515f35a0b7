"""The list of reservations, each with its lines."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from models.base import texts, this_tenant
from models.lists.listing import Condition, Listing, between, one_of
from models.reservations import reservation_headers, reservation_lines
from models.stock import reservations

_header, _line, _part = reservation_headers.c, reservation_lines.c, reservations.c
# The clock decides; the sweeper only writes it down.
_is_over = and_(_header.state == "ACTIVE", _header.expires_at <= func.stock_now())
_state: ColumnElement[str] = case((_is_over, "EXPIRED"), else_=_header.state)
_open = _line.reserved - _line.consumed - _line.released - _line.expired
_columns: list[Any] = [column for column in _header if column.name != "state"]

_items = (
    select(
        func.jsonb_agg(
            aggregate_order_by(
                func.jsonb_build_object(
                    "inventory_item_id", _part.inventory_item_id, "quantity", _part.quantity
                ),
                _part.id,
            )
        )
    )
    .where(
        _part.tenant_id == this_tenant(),
        _part.header_id == _line.header_id,
        _part.line_number == _line.number,
        _part.state == "ACTIVE",
        _part.kind == "HARD",
    )
    .correlate(reservation_lines)
    .scalar_subquery()
)
_lines = (
    select(
        func.jsonb_agg(
            aggregate_order_by(
                func.jsonb_build_object(
                    *("number", _line.number),
                    *("product_id", _line.product_id),
                    *("location_id", _line.location_id),
                    *("asked", _line.asked),
                    *("reserved", _line.reserved),
                    *("consumed", _line.consumed),
                    *("released", _line.released),
                    *("expired", _line.expired + case((_is_over, _open), else_=0)),
                    *("remaining", case((_is_over, 0), else_=_open)),
                    *("needed_on", _line.needed_on),
                    *("atp_before", _line.atp_before),
                    *("items", func.coalesce(_items, func.jsonb_build_array())),
                ),
                _line.number,
            )
        )
    )
    .where(_line.tenant_id == this_tenant(), _line.header_id == _header.id)
    .correlate(reservation_headers)
    .scalar_subquery()
)


def _has_line(column: ColumnElement[str]) -> Condition:
    """The condition that some line of the header has one of these values."""

    def holds(values: Sequence[str]) -> ColumnElement[bool]:
        return (
            select(_line.header_id)
            .where(
                _line.tenant_id == this_tenant(),
                _line.header_id == _header.id,
                column == func.any(texts(values)),
            )
            .correlate(reservation_headers)
            .exists()
        )

    return holds


RESERVATIONS = Listing(
    rows=select(
        *_columns,
        _state.label("state"),
        _header.created_by["id"].astext.label("created_by_id"),
        _header.created_by["name"].astext.label("created_by_name"),
        _lines.label("lines_"),
    ).where(_header.tenant_id == this_tenant()),
    id=[_header.id],
    orders={
        "id": [],
        "created_at": [_header.created_at],
        "expires_at": [_header.expires_at],
        "updated_at": [_header.updated_at],
    },
    filters={
        "id_in": one_of(_header.id),
        "state_in": one_of(_state),
        "kind_in": one_of(_header.kind),
        "channel_id_in": one_of(_header.channel_id),
        "reference_in": one_of(_header.reference),
        "product_id_in": _has_line(_line.product_id),
        "location_id_in": _has_line(_line.location_id),
        "created_at": between(_header.created_at),
        "expires_at": between(_header.expires_at),
    },
    parents={"channel_id": _header.channel_id},
)
