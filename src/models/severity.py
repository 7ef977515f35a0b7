"""Crossings of severity: which were told, which cells are not OK, and how far the watch has got."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    Delete,
    Index,
    Insert,
    Select,
    Text,
    Update,
    cast,
    delete,
    func,
    insert,
    select,
    tuple_,
    union,
    update,
)
from sqlalchemy.dialects import postgresql

from models import matrix
from models.base import (
    Instant,
    Key,
    Quantity,
    created_at,
    optional,
    required,
    tenant_table,
    this_tenant,
)
from models.channels import channel_policies
from models.feed import outbox
from models.stock import stock_levels

TOPIC = "severity.crossed"

# Each crossing that was told, appended to only. `before` of one is `after` of the one before it.
severity_crossings = tenant_table(
    "severity_crossings",
    required("id", Key),
    required("channel_id", Key),
    required("location_id", Key),
    required("product_id", Key),
    required("before", Text),
    required("after", Text),
    required("atp", Quantity),
    required("threshold", Quantity),
    optional("policy_id", Key),
    required("crossed_at", Instant, "stock_now()"),
    Index("ix_severity_crossings_at", "tenant_id", "crossed_at", "id"),
    Index("ix_severity_crossings_product", "tenant_id", "product_id", "crossed_at"),
)

# Cells that were LOW or CRITICAL when they were last looked at; all others were OK.
severity_states = tenant_table(
    "severity_states",
    required("location_id", Key),
    required("product_id", Key),
    required("channel_id", Key),
    required("severity", Text),
    created_at(),
    key=("location_id", "product_id", "channel_id"),
)

# How far the watch has got: events up to `number` were looked at, and the walk over all places has
# come to a place, of a round that began when the tenant stood at `round_mark`.
severity_watch = tenant_table(
    "severity_watch",
    required("number", BigInteger, "0"),
    optional("location_id", Key),
    optional("product_id", Key),
    required("round_mark", Text, "''"),
    required("is_done", Boolean, "true"),
    required("has_begun", Boolean, "false"),  # a first round has been through all places
    key=(),
)

_watch, _state, _event = severity_watch.c, severity_states.c, outbox.c
Pair = tuple[str, str]  # location id, product id


def begin() -> Insert:
    """Have the tenant's row, if it is not there."""
    return postgresql.insert(severity_watch).values({}).on_conflict_do_nothing()


def watch_locked() -> Select[Any]:
    """Lock the tenant's row; nothing while another process has it."""
    return (
        select(severity_watch)
        .where(_watch.tenant_id == this_tenant())
        .with_for_update(skip_locked=True)
    )


def keep(values: dict[str, Any]) -> Update:
    """Write down how far the watch has got."""
    return update(severity_watch).where(_watch.tenant_id == this_tenant()).values(values)


def last_event() -> Select[Any]:
    """The last number of an event that is no crossing."""
    return (
        select(_event.number)
        .where(_event.tenant_id == this_tenant(), _event.number.is_not(None), _event.topic != TOPIC)
        .order_by(_event.number.desc())
        .limit(1)
    )


def mark() -> Select[Any]:
    """What the clock changes for many places at once: the day, and which policies count."""
    policy = channel_policies.c
    passed = func.greatest(
        *(
            func.max(column).filter(column <= func.stock_now())
            for column in (policy.starts_at, policy.ends_at)
        )
    )
    return select(
        func.concat(cast(func.stock_today(type_=Date), Text), " ", cast(passed, Text))
    ).where(policy.tenant_id == this_tenant())


def touched(after: int, through: int) -> Select[Any]:
    """The places that events with these numbers name."""
    found = func.severity_touched(after, through).table_valued("location_id", "product_id")
    return select(found.c.location_id, found.c.product_id)


def walked(after: Pair | None, limit: int) -> Select[Any]:
    """The next places in order that some matrix lists."""
    level, more = stock_levels.c, matrix.unstocked(None).subquery("more")
    listed = union(
        select(level.location_id, level.product_id).where(level.tenant_id == this_tenant()),
        select(more.c.location_id, more.c.product_id),
    ).subquery("listed")
    place = tuple_(listed.c.location_id, listed.c.product_id)
    statement = select(listed).order_by(listed.c.location_id, listed.c.product_id).limit(limit)
    return statement if after is None else statement.where(place > after)


def states(pairs: Sequence[Pair]) -> Select[Any]:
    """What was last seen of the cells of these places."""
    return select(severity_states).where(
        _state.tenant_id == this_tenant(), tuple_(_state.location_id, _state.product_id).in_(pairs)
    )


def add(rows: Sequence[Mapping[str, Any]]) -> Insert:
    """Write crossings down."""
    return insert(severity_crossings).values(list(rows))


def forget(keys: Sequence[tuple[str, str, str]]) -> Delete:
    """Cells that are OK now, by location, product and channel."""
    place = tuple_(_state.location_id, _state.product_id, _state.channel_id)
    return delete(severity_states).where(_state.tenant_id == this_tenant(), place.in_(keys))


def remember(rows: Sequence[Mapping[str, Any]]) -> Any:
    """Cells that are not OK now."""
    statement = postgresql.insert(severity_states).values(list(rows))
    return statement.on_conflict_do_update(
        index_elements=["tenant_id", *_KEY],
        set_={"severity": statement.excluded.severity, "created_at": func.stock_now()},
    )


_KEY = ("location_id", "product_id", "channel_id")
