"""Classes of products by their use: pins, and the runs that are kept."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ColumnElement,
    Date,
    Integer,
    Numeric,
    Select,
    Text,
    and_,
    bindparam,
    column,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from domain.pages import PageWish
from models import keyset
from models.base import (
    Instant,
    Key,
    Quantity,
    created_at,
    optional,
    required,
    tenant_table,
    texts,
    this_tenant,
    to,
    unique,
    updated_at,
    version,
)
from models.catalog import products
from models.search import matching
from models.stock import inventory_levels

Exact = Numeric()
_KNOWN = "in ('A', 'B', 'C')"

# A run as it was kept, so that a class can be explained: what went in, and how many came out.
abc_runs = tenant_table(
    "abc_runs",
    required("id", Key),
    optional("location_id", Key),  # absent: of the whole tenant
    required("metric", Text),
    required("from_date", Date),
    required("to_date", Date),
    required("cutoff_a", Quantity),
    required("cutoff_b", Quantity),
    required("basis", Text),
    required("total", Exact),
    required("product_count", Integer),
    required("count_a", Integer),
    required("count_b", Integer),
    required("count_c", Integer),
    required("created_by", JSONB),  # {"id": ..., "name": ...}
    created_at(),
    to("locations", "location_id"),
    CheckConstraint("metric in ('VALUE', 'VELOCITY', 'HITS', 'ONHAND_VALUE')", name="metric_known"),
    CheckConstraint("from_date <= to_date", name="window_in_order"),
)

# What a run made of each product. `before` is the sum of the measures of those ranked before it.
abc_run_classes = tenant_table(
    "abc_run_classes",
    required("run_id", Key),
    required("product_id", Key),
    required("rank", Integer),
    required("units", Exact),
    required("hits", Exact),
    required("measure", Exact),
    required("before", Exact),
    required("abc_class", Text),
    required("non_moving", Boolean),
    to("abc_runs", "run_id"),
    to("products", "product_id"),
    CheckConstraint(f"abc_class {_KNOWN}", name="abc_class_known"),
    unique("uq_abc_run_classes_rank", "run_id", "rank"),
    key=("run_id", "product_id"),
)

# A class that stands whatever a run says: at a location, or everywhere.
abc_pins = tenant_table(
    "abc_pins",
    required("id", Key),
    required("product_id", Key),
    optional("location_id", Key),
    required("abc_class", Text),
    optional("reason", Text),
    required("created_by", JSONB),
    version(),
    created_at(),
    updated_at(),
    to("products", "product_id"),
    to("locations", "location_id"),
    CheckConstraint(f"abc_class {_KNOWN}", name="abc_class_known"),
    unique("uq_abc_pins_scope", "product_id", "location_id", nulls_equal=True),
    history=True,
)

_COLUMNS: dict[str, Any] = {
    "product_id": Key,
    "rank": Integer(),
    "units": Exact,
    "hits": Exact,
    "usage_value": Exact,
    "annual_value": Exact,
    "measure": Exact,
    "total": Exact,
    "before": Exact,
    "computed_class": Text(),
    "pinned_class": Text(),
    "abc_class": Text(),
    "non_moving": Boolean(),
    "basis": Text(),
    "last_counted_at": Instant,
    "interval_days": Integer(),
    "next_count_due": Date(),
    "overdue": Boolean(),
    "priority": Integer(),
    "due_because": Text(),
}
_DAYS: Any = ARRAY(Integer)

# Keep a run with what it makes of each product, and say how many products those are.
KEEP_RUN = (
    "select abc_keep_run($1, $2::jsonb, $3, $4, $5::date, $6::date, $7::numeric, $8::numeric)"
)


@dataclass(frozen=True, slots=True)
class Triggers:
    """For what products are counted again before their days are over; None is no reason.

    `turnover_value` is what may have come and gone of a product since its last count, `accuracy`
    the least part of what was expected at a location that its last counts must have found right;
    `emptied` has what was used up confirmed.
    """

    turnover_value: Decimal | None = None
    accuracy: Decimal | None = None
    emptied: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What a classification is made from; the days are the tenant's, both ends included.

    `days` are those after which products of class A, B and C are counted again.
    """

    location_id: str | None
    metric: str
    from_date: date
    to_date: date
    cutoff_a: Decimal
    cutoff_b: Decimal
    days: tuple[int, int, int]
    triggers: Triggers


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which products of a classification are wanted."""

    classes: tuple[str, ...] = ()
    search: str | None = None
    product_ids: tuple[str, ...] | None = None
    due_only: bool = False


# In what order products are listed. A candidate comes the sooner the more it needs a count: more
# promised than there, never counted, the most overdue, class, rank. The orders `class` and `turn`
# tell nothing of quantities.
ORDERS = {
    "rank": ("rank",),
    "class": ("abc_class", "sku", "product_id"),
    "candidate": ("priority", "next_count_due", "abc_class", "rank"),
    "turn": ("next_count_due", "abc_class", "sku", "product_id"),
}


def classified(inputs: Inputs) -> Any:
    """Every product with its class and when it is due, as a table of a statement."""
    columns: list[Any] = [column(name, type_) for name, type_ in _COLUMNS.items()]
    return (
        func.abc_classify(
            bindparam(None, inputs.location_id, type_=Key),
            bindparam(None, inputs.metric, type_=Text),
            bindparam(None, inputs.from_date, type_=Date),
            bindparam(None, inputs.to_date, type_=Date),
            bindparam(None, inputs.cutoff_a, type_=Exact),
            bindparam(None, inputs.cutoff_b, type_=Exact),
            bindparam(None, list(inputs.days), type_=_DAYS),
            bindparam(None, inputs.triggers.turnover_value, type_=Exact),
            bindparam(None, inputs.triggers.accuracy, type_=Exact),
            bindparam(None, inputs.triggers.emptied, type_=Boolean),
        )
        .table_valued(*columns, name="c")
        .render_derived()
    )


def page(inputs: Inputs, choice: Choice, order: str, part: PageWish) -> Select[Any]:
    """The wished part of the chosen products, each with how many are chosen in all.

    `order` is one of ORDERS.
    """
    found = classified(inputs)
    chosen = (
        select(found, products.c.sku, products.c.name, func.count().over().label("chosen"))
        .select_from(found.join(products, _product(found)))
        .where(*_conditions(found, choice))
        .cte("chosen")
    )
    keys = [chosen.c[name] for name in ORDERS[order]]
    return keyset.part(select(chosen), keys, part)


def count(inputs: Inputs, choice: Choice) -> Select[Any]:
    """How many products are chosen."""
    found = classified(inputs)
    return (
        select(func.count())
        .select_from(found.join(products, _product(found)))
        .where(*_conditions(found, choice))
    )


def summary(inputs: Inputs) -> Select[Any]:
    """For each class how many products, how much of the whole, and how many are due."""
    found = classified(inputs)
    total = func.max(found.c.total)
    parts = []
    for name in ("A", "B", "C"):
        is_in = found.c.abc_class == name
        parts += [
            func.count().filter(is_in).label(f"products_{name}"),
            func.coalesce(func.sum(found.c.measure).filter(is_in), 0).label(f"measure_{name}"),
            func.count().filter(and_(is_in, found.c.overdue)).label(f"overdue_{name}"),
        ]
    return select(
        *parts,
        func.coalesce(total, 0).label("total"),
        func.max(found.c.basis).label("basis"),
    )


def latest_run(location_id: str | None) -> Select[Any]:
    """The newest run for this location, or of the whole tenant."""
    run = abc_runs.c
    is_of = run.location_id.is_(None) if location_id is None else run.location_id == location_id
    return (
        select(abc_runs)
        .where(run.tenant_id == this_tenant(), is_of)
        .order_by(run.created_at.desc(), run.id.desc())
        .limit(1)
    )


def pin_locked(product_id: str, location_id: str | None) -> Select[Any]:
    """The pin of a product at a location or everywhere, locked until the transaction ends."""
    pin = abc_pins.c
    is_at = pin.location_id.is_(None) if location_id is None else pin.location_id == location_id
    return (
        select(abc_pins)
        .where(pin.tenant_id == this_tenant(), pin.product_id == product_id, is_at)
        .with_for_update(key_share=True)
    )


def explained(product_id: str, location_id: str | None) -> Select[Any]:
    """All that may decide the class of a product at a location, in one row.

    The run is the newest of the location, else the newest of the tenant.
    """
    result, setting = abc_run_classes.c, inventory_levels.c
    newest = _newest_run(location_id)
    here, everywhere = abc_pins.alias("here"), abc_pins.alias("everywhere")
    asked = select(literal(product_id, Key).label("product_id")).subquery("asked")

    def of_product(table: Any, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
        same = table.c.product_id == asked.c.product_id
        return and_(table.c.tenant_id == this_tenant(), same, *conditions)

    return select(
        here.c.abc_class.label("location_pin"),
        here.c.reason.label("location_reason"),
        setting.abc_class.label("level_class"),
        everywhere.c.abc_class.label("tenant_pin"),
        everywhere.c.reason.label("tenant_reason"),
        result.abc_class.label("run_class"),
        *(newest.c[n] for n in ("from_date", "to_date", "metric", "cutoff_a", "cutoff_b", "total")),
        *(result[n] for n in ("run_id", "rank", "measure", "before", "non_moving")),
    ).select_from(
        asked.outerjoin(here, of_product(here, here.c.location_id == location_id))
        .outerjoin(
            inventory_levels, of_product(inventory_levels, setting.location_id == location_id)
        )
        .outerjoin(everywhere, of_product(everywhere, everywhere.c.location_id.is_(None)))
        .outerjoin(newest, true())
        .outerjoin(abc_run_classes, of_product(abc_run_classes, result.run_id == newest.c.id))
    )


def _newest_run(location_id: str | None) -> Any:
    """The newest run of the location, else the newest of the tenant."""
    run = abc_runs.c
    is_of = or_(run.location_id.is_(None), run.location_id == location_id)
    return (
        select(abc_runs)
        .where(run.tenant_id == this_tenant(), is_of)
        .order_by(run.location_id.asc().nulls_last(), run.created_at.desc(), run.id.desc())
        .limit(1)
        .subquery("newest")
    )


def _product(found: Any) -> ColumnElement[bool]:
    return and_(products.c.tenant_id == this_tenant(), products.c.id == found.c.product_id)


def _conditions(found: Any, choice: Choice) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if choice.classes:
        conditions.append(found.c.abc_class == func.any(texts(choice.classes)))
    if choice.search is not None:
        conditions.append(matching(choice.search))
    if choice.product_ids is not None:
        conditions.append(found.c.product_id == func.any(texts(choice.product_ids)))
    if choice.due_only:
        conditions.append(found.c.overdue)
    return conditions
