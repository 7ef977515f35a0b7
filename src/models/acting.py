"""What an act on stock asks around its posting: what its buckets hold, and what it has made."""

from collections.abc import Mapping, Sequence
from functools import cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, bindparam, func, select

from models.availability import MOMENT_OF_WRITE
from models.base import Key, texts_named, this_tenant
from models.bound import Bound
from models.catalog import products
from models.lists.stock import item_quantities
from models.lots import lots
from models.stock import ledger_entries, postings, reason_codes

_JOINED = {"product": products, "lot": lots, "reason": reason_codes}


def opened(item_ids: Sequence[str], reason_id: str | None, reason_code: str | None) -> Bound:
    """Lock the levels of these buckets in the global order, and give what the buckets then hold.

    `joined` takes each one's product, its lot, and the reason with this id or code from the row.
    """
    named = {"reason_id": reason_id or None, "reason_code": reason_code or None}
    return Bound(_opened(), {"items": list(item_ids), **named})


@cache
def _opened() -> Select[Any]:
    names = [column.name for column in item_quantities.c]
    item = func.stock_open(texts_named("items")).table_valued(*names, name="item")
    coded = select(reason_codes.c.id).where(
        reason_codes.c.tenant_id == this_tenant(),
        reason_codes.c.code == bindparam("reason_code", type_=Key),
    )
    reason = func.coalesce(bindparam("reason_id", type_=Key), coded.scalar_subquery())
    labelled = (
        column.label(f"{name}_{column.name}")
        for name, table in _JOINED.items()
        for column in table.c
    )
    own = [item.c[name].label(f"item_{name}") for name in names]
    return select(*own, *labelled).select_from(
        item.join(products, _of_tenant(products, item.c.product_id))
        .outerjoin(lots, _of_tenant(lots, item.c.lot_id))
        .outerjoin(reason_codes, _of_tenant(reason_codes, reason))
    )


def _of_tenant(table: Table, id: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(table.c.tenant_id == this_tenant(), table.c.id == id)


def joined(row: Any, name: str) -> Any:
    """The `item` that was opened, its `product`, its `lot` or the `reason`; None where none is."""
    found = _cut(row, *_OPENED[name])
    return None if found.id is None else found


def _cut(row: Any, place: slice, names: Sequence[str]) -> SimpleNamespace:
    return SimpleNamespace(**dict(zip(names, row[place], strict=True)))


def _places(parts: Mapping[str, Sequence[str]]) -> dict[str, tuple[slice, Sequence[str]]]:
    """Where in a row each part stands, and the names of its columns."""
    found: dict[str, tuple[slice, Sequence[str]]] = {}
    start = 0
    for kind, names in parts.items():
        # Names of columns are texts of another class, which JSON writers refuse.
        found[kind] = (slice(start, start + len(names)), [str(name) for name in names])
        start += len(names)
    return found


_OPENED = _places(
    {
        name: [column.name for column in table.c]
        for name, table in (("item", item_quantities), *_JOINED.items())
    }
)

# What the rows of POST_SHOWN have of each: names as in the lists of models/lists.
_SHOWN: Mapping[str, Mapping[str, str]] = {
    "posting": {
        **{column.name: f"(s.posting).{column.name}" for column in postings.c},
        "actor_id": "(s.posting).actor ->> 'id'",
        "actor_name": "(s.posting).actor ->> 'name'",
        "reversed_by_id": "null::text",
    },
    "entry": {
        **{column.name: f"(s.entry).{column.name}" for column in ledger_entries.c},
        "id": "(s.entry).posting_id || '-' || (s.entry).ordinal",
        "quantity_before": "(s.entry).quantity_after - (s.entry).delta",
        "bin_id": "(s.item).bin_id",
        "lot_id": "(s.item).lot_id",
    },
    "item": {
        **{column.name: f"(s.item).{column.name}" for column in item_quantities.c},
        "available": "(s.item).on_hand - (s.item).expired - (s.item).held - (s.item).reserved",
        "unit_cost": "s.unit_cost",
    },
}
_COLUMNS = ", ".join(
    f"{value} as {kind}_{name}" for kind, of in _SHOWN.items() for name, value in of.items()
)
POST_SHOWN = (
    f"select {_COLUMNS}, {MOMENT_OF_WRITE}"  # noqa: S608 - made of names of columns
    " from stock_post_shown($1::jsonb, $2::posting_line[], $3::text[]) as s"
)


def shown(row: Any, kind: str) -> Any:
    """The `posting`, the `entry` or the `item` of a row of POST_SHOWN, as its list shows it."""
    return _cut(row, *_PLACES[kind])


_PLACES = _places({kind: list(of) for kind, of in _SHOWN.items()})
