"""The lists of kept classifications, of what they made of products, and of pins."""

from sqlalchemy import and_, select

from models.abc import abc_pins, abc_run_classes, abc_runs
from models.base import this_tenant
from models.catalog import products
from models.lists.listing import Listing, between, is_, one_of
from models.search import matching

_run, _result, _pin = abc_runs.c, abc_run_classes.c, abc_pins.c

ABC_RUNS = Listing(
    rows=select(
        abc_runs,
        _run.created_by["id"].astext.label("created_by_id"),
        _run.created_by["name"].astext.label("created_by_name"),
    ).where(_run.tenant_id == this_tenant()),
    id=[_run.id],
    orders={"id": [], "created_at": [_run.created_at]},
    filters={
        "id_in": one_of(_run.id),
        "location_id_in": one_of(_run.location_id),
        "metric_in": one_of(_run.metric),
        "created_at": between(_run.created_at),
    },
    parents={"location_id": _run.location_id},
)

ABC_RUN_CLASSES = Listing(
    rows=select(abc_run_classes, _run.total)
    .select_from(
        abc_run_classes.join(
            abc_runs, and_(_run.tenant_id == this_tenant(), _run.id == _result.run_id)
        ).join(
            products,
            and_(products.c.tenant_id == this_tenant(), products.c.id == _result.product_id),
        )
    )
    .where(_result.tenant_id == this_tenant()),
    id=[_result.run_id, _result.rank],
    orders={"rank": [], "sku": [products.c.sku]},
    filters={
        "search": matching,
        "product_id_in": one_of(_result.product_id),
        "abc_class_in": one_of(_result.abc_class),
        "non_moving": is_(_result.non_moving),
    },
    parents={"run_id": _result.run_id},
)

ABC_PINS = Listing(
    rows=select(
        abc_pins,
        _pin.created_by["id"].astext.label("created_by_id"),
        _pin.created_by["name"].astext.label("created_by_name"),
    ).where(_pin.tenant_id == this_tenant()),
    id=[_pin.id],
    orders={"id": [], "created_at": [_pin.created_at]},
    filters={
        "id_in": one_of(_pin.id),
        "product_id_in": one_of(_pin.product_id),
        "location_id_in": one_of(_pin.location_id),
        "abc_class_in": one_of(_pin.abc_class),
    },
    parents={"product_id": _pin.product_id, "location_id": _pin.location_id},
)
