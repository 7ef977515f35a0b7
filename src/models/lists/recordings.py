"""The list of recordings of stock: postings that somebody wrote down as such."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select, true

from models.base import Quantity, this_tenant
from models.lists.listing import Listing, between, one_of
from models.locations import locations
from models.stock import ledger_entries, postings

DOCUMENT_TYPE = "STOCK_RECORDING"

_posting, _entry = postings.c, ledger_entries.c
_sums = (
    select(
        func.min(_entry.location_id).label("location_id"),
        func.sum(_entry.delta, type_=Quantity).label("delta"),
    )
    .where(_entry.tenant_id == this_tenant(), _entry.posting_id == _posting.id)
    .lateral("sums")
)


def _has_entry(column: str) -> Any:
    def matches(values: Any) -> ColumnElement[bool]:
        return (
            select(1)
            .where(
                _entry.tenant_id == this_tenant(),
                _entry.posting_id == _posting.id,
                one_of(_entry[column])(values),
            )
            .exists()
        )

    return matches


RECORDINGS = Listing(
    rows=select(
        _posting.id,
        case((_posting.kind == "COUNT", "ABSOLUTE"), else_="RECEIVED").label("mode"),
        _posting.entry_count.label("line_count"),
        _posting.comment,
        _posting.recorded_at.label("created_at"),
        _posting.actor["id"].astext.label("actor_id"),
        _posting.actor["name"].astext.label("actor_name"),
        _sums.c.location_id,
        _sums.c.delta,
        locations.c.name.label("location_name"),
    )
    .select_from(
        postings.join(_sums, true()).outerjoin(
            locations,
            and_(locations.c.tenant_id == this_tenant(), locations.c.id == _sums.c.location_id),
        )
    )
    .where(_posting.tenant_id == this_tenant(), _posting.document_type == DOCUMENT_TYPE),
    id=[_posting.id],
    orders={"created_at": [_posting.recorded_at]},
    filters={
        "location_id_in": _has_entry("location_id"),
        "product_id_in": _has_entry("product_id"),
        "created_at": between(_posting.recorded_at),
    },
)
