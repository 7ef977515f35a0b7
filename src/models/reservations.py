"""What channels have promised to orders: headers, their lines, and the statements about them.

The units of a line that are open stand in `reservations`, one row while they are soft, one a bucket
when they are firm.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Date,
    Index,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import JSONB

from models.base import (
    Instant,
    Key,
    Quantity,
    at_least_zero,
    created_at,
    optional,
    required,
    tenant_table,
    texts,
    this_tenant,
    to,
    updated_at,
    version,
)
from models.stock import reservations

# A SOFT one that has passed `expires_at` promises nothing, whatever its state says: the clock
# decides, and the sweeper only writes it down.
reservation_headers = tenant_table(
    "reservation_headers",
    required("id", Key),
    required("state", Text, "'ACTIVE'"),
    required("kind", Text, "'SOFT'"),
    required("channel_id", Key),
    optional("reference", Text),
    optional("expires_at", Instant),
    required("created_by", JSONB),  # {"id": ..., "name": ...}
    version(),
    created_at(),
    updated_at(),
    to("channels", "channel_id"),
    CheckConstraint("kind in ('HARD', 'SOFT')", name="kind_known"),
    CheckConstraint("state in ('ACTIVE', 'CONSUMED', 'RELEASED', 'EXPIRED')", name="state_known"),
    CheckConstraint("(kind = 'SOFT') = (expires_at is not null)", name="soft_ends"),
    Index("ix_reservation_headers_channel", "tenant_id", "channel_id"),
    Index("ix_reservation_headers_reference", "tenant_id", "reference"),
    Index(
        "ix_reservation_headers_expiring",
        "tenant_id",
        "expires_at",
        postgresql_where="state = 'ACTIVE' and expires_at is not null",
    ),
    history=True,
)

# Each unit that was reserved resolves once: it is consumed, released or expired, or still open.
reservation_lines = tenant_table(
    "reservation_lines",
    required("header_id", Key),
    required("number", Integer),
    required("product_id", Key),
    required("location_id", Key),
    required("asked", Quantity),
    required("reserved", Quantity),
    required("consumed", Quantity, "0"),
    required("released", Quantity, "0"),
    required("expired", Quantity, "0"),
    optional("needed_on", Date),  # for which day; absent for at once
    required("atp_before", Quantity),  # what the channel could promise when it was accepted
    version(),
    to("reservation_headers", "header_id"),
    to("products", "product_id"),
    to("locations", "location_id"),
    CheckConstraint("asked > 0", name="asked_positive"),
    *(at_least_zero(name) for name in ("reserved", "consumed", "released", "expired")),
    CheckConstraint("consumed + released + expired <= reserved", name="resolved_once"),
    Index("ix_reservation_lines_product", "tenant_id", "product_id", "location_id"),
    key=("header_id", "number"),
    history=True,
)

# Calls of the functions of sql/reservations.sql.
MAKE = "select reservation_make($1::jsonb, $2::jsonb)"
RESOLVE = "select reservation_resolve($1::jsonb, $2)"
FIRM_UP = "select reservation_firm_up($1::jsonb)"
REVIVE = "select reservation_revive($1, $2::jsonb)"
EXTEND = "select reservation_extend($1, $2::timestamptz)"


def moment() -> Select[Any]:
    """The moment at which this statement runs: after the locks that its transaction has waited for.

    By the beginning of a transaction that waited, what ended meanwhile would still hold.
    """
    return select(func.reservation_moment(type_=Instant))


def seconds_until_end(day: date) -> Select[Any]:
    """For how many seconds the tenant's calendar has not passed this day."""
    return select(func.reservation_seconds_until_end(bindparam(None, day, type_=Date)))


def locked(ids: Sequence[str]) -> Select[Any]:
    """Lock these headers, in the order of their ids."""
    header = reservation_headers.c
    return (
        select(reservation_headers)
        .where(header.tenant_id == this_tenant(), header.id == func.any(texts(ids)))
        .order_by(header.id)
        .with_for_update(key_share=True)
    )


def lines_of(ids: Sequence[str]) -> Select[Any]:
    """The lines of these headers, in order."""
    line = reservation_lines.c
    return (
        select(reservation_lines)
        .where(line.tenant_id == this_tenant(), line.header_id == func.any(texts(ids)))
        .order_by(line.header_id, line.number)
    )


def open_parts(ids: Sequence[str]) -> Select[Any]:
    """What is open of the lines of these headers, the oldest first."""
    part = reservations.c
    return (
        select(reservations)
        .where(
            part.tenant_id == this_tenant(),
            part.header_id == func.any(texts(ids)),
            part.state == "ACTIVE",
        )
        .order_by(part.header_id, part.line_number, part.id)
    )


def behind(ids: Sequence[str]) -> Select[Any]:
    """Soft units, open now, at the places of these reservations that may wait for each of them.

    They are its own, and those of reservations that were made after it; `of` is its id.
    """
    mine, other = reservation_headers.alias("mine"), reservation_headers.alias("other")
    line, part = reservation_lines.c, reservations.c
    at = (
        select(line.header_id, line.location_id, line.product_id)
        .where(line.tenant_id == this_tenant(), line.header_id == func.any(texts(ids)))
        .distinct()
        .subquery("at")
    )
    own = and_(mine.c.tenant_id == this_tenant(), mine.c.id == at.c.header_id)
    here = and_(
        part.tenant_id == this_tenant(),
        part.location_id == at.c.location_id,
        part.product_id == at.c.product_id,
        part.state == "ACTIVE",
        part.inventory_item_id.is_(None),
        or_(part.expires_at.is_(None), part.expires_at > func.stock_now()),
    )
    theirs = and_(other.c.tenant_id == this_tenant(), other.c.id == part.header_id)
    return (
        select(mine.c.id.label("of"), part.location_id, part.product_id, part.quantity)
        .select_from(at.join(mine, own).join(reservations, here).join(other, theirs))
        .where(
            tuple_(other.c.created_at, other.c.id) >= tuple_(mine.c.created_at, mine.c.id),
        )
    )


def due(limit: int) -> Select[Any]:
    """Lock some headers that the clock has ended, leaving out those that others hold."""
    header = reservation_headers.c
    return (
        select(reservation_headers)
        .where(
            header.tenant_id == this_tenant(),
            header.state == "ACTIVE",
            header.expires_at <= func.stock_now(),
        )
        .order_by(header.id)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    )
