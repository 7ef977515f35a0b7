"""Statements about the books as a whole: periods, reversals, and what lies between two moments."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    case,
    cast,
    func,
    literal_column,
    select,
    true,
)

from domain.pages import PageWish
from models import keyset
from models.base import Quantity, texts, this_tenant
from models.lists.ledger import LEDGER_ENTRIES
from models.lists.stock import item_quantities, stock_levels_now
from models.past import Past
from models.stock import inventory_items, ledger_entries, postings

_entry, _item, _now = ledger_entries.c, item_quantities.c, stock_levels_now.c


COUNT_AGAIN = "select stock_count_again($1)"


def lock_period() -> Select[Any]:
    """Wait until no posting is under way, and let none begin until the transaction ends."""
    key = func.hashtextextended(cast(this_tenant(), Text) + "period", 0)
    return select(func.pg_advisory_xact_lock(key))


def now() -> Select[Any]:
    """The session's clock."""
    return select(func.stock_now())


def effects(posting_ids: Sequence[str], entries_max: int) -> Select[Any]:
    """What each bucket of these postings got from them, beside what it and its level hold now.

    Postings with more entries than `entries_max` are left out.
    """
    got = _got(posting_ids, entries_max)
    bucket = and_(_item.tenant_id == this_tenant(), _item.id == got.c.inventory_item_id)
    own = and_(
        inventory_items.c.tenant_id == this_tenant(),
        inventory_items.c.id == got.c.inventory_item_id,
    )
    level = _level()
    return (
        select(
            *got.c,
            *(_item[name] for name in ("location_id", "product_id", "last_counted_at")),
            *(_item[name] for name in ("on_hand", "reserved", "expired", "held")),
            inventory_items.c.marked_expired_at.is_not(None).label("is_marked"),
            *(level.c[name].label(f"level_{name}") for name in level.c.keys()),  # noqa: SIM118 - a collection of columns
        )
        .select_from(
            got.join(item_quantities, bucket).join(inventory_items, own).join(level, true())
        )
        .order_by(got.c.posting_id, got.c.inventory_item_id)
    )


def _got(posting_ids: Sequence[str], entries_max: int) -> Any:
    return (
        select(
            _entry.posting_id,
            _entry.inventory_item_id,
            func.sum(_entry.delta, type_=Quantity).label("delta"),
            func.max(_entry.occurred_at).label("occurred_at"),
            func.bool_or(_entry.delta != 0).label("is_change"),
        )
        .join(
            postings,
            and_(postings.c.tenant_id == this_tenant(), postings.c.id == _entry.posting_id),
        )
        .where(
            _entry.tenant_id == this_tenant(),
            _entry.posting_id == func.any(texts(posting_ids)),
            postings.c.entry_count <= entries_max,
        )
        .group_by(_entry.posting_id, _entry.inventory_item_id)
        .subquery("got")
    )


def _level() -> Any:
    # OFFSET 0 keeps the view inside the nested loop: one index probe a bucket.
    return (
        select(*(_now[name] for name in ("on_hand", "reserved", "expired", "held")))
        .where(
            _now.tenant_id == this_tenant(),
            _now.location_id == _item.location_id,
            _now.product_id == _item.product_id,
        )
        .offset(literal_column("0"))
        .lateral("level")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """Two moments, and which buckets are looked at: columns with the ids that they may have."""

    first: Past
    second: Past
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()


class Difference:
    """The entries that are seen at one of two moments and not at the other.

    An entry that is seen at the first moment alone counts the other way round.
    """

    def __init__(self, between: Between) -> None:
        self._ends = (between.first, between.second)
        self._filters = between.filters
        in_first, in_second = _is_seen(between.first), _is_seen(between.second)
        self._change = case((in_second, _entry.delta), else_=-_entry.delta)
        self._where = [in_first != in_second, *self._bounds(), *self._buckets()]

    def postings(self, part: PageWish) -> Select[Any]:
        """A part of their postings, the newest first: `posting_id`, and what their entries change.

        The place of a row is `key_0`.
        """
        grouped = (
            self._of(
                _entry.posting_id.label("key_0"), _entry.posting_id, self._sum().label("change")
            )
            .group_by(_entry.posting_id)
            .subquery("grouped")
        )
        return keyset.part(select(grouped), [grouped.c.key_0], part, descending=True)

    def count(self) -> Select[Any]:
        """How many postings they are of."""
        return self._of(func.count(_entry.posting_id.distinct()))

    def total(self) -> Select[Any]:
        """By how many units they change what is on hand, over everything."""
        return self._of(func.coalesce(self._sum(), 0))

    def levels(self, limit: int) -> Select[Any]:
        """By how many units they change each product at each location, most first."""
        change = self._sum()
        keys = (_entry.location_id, _entry.product_id)
        return (
            self._of(*keys, change.label("change"))
            .group_by(*keys)
            .having(change != 0)
            .order_by(func.abs(change).desc(), *keys)
            .limit(limit)
        )

    def entries(self, posting_ids: Sequence[str]) -> Select[Any]:
        """Those of these postings, in order, as the ledger lists them.

        `change` is what each counts.
        """
        return (
            LEDGER_ENTRIES.rows.add_columns(self._change.label("change"))
            .where(_entry.posting_id == func.any(texts(posting_ids)), *self._where)
            .order_by(_entry.posting_id, _entry.ordinal)
        )

    def _of(self, *columns: Any) -> Select[Any]:
        source = ledger_entries.join(postings, _OF_POSTING)
        if any(name in ("bin_id", "lot_id") for name, _ in self._filters):
            bucket = and_(
                inventory_items.c.tenant_id == this_tenant(),
                inventory_items.c.id == _entry.inventory_item_id,
            )
            source = source.join(inventory_items, bucket)
        here = _entry.tenant_id == this_tenant()
        return select(*columns).select_from(source).where(here, *self._where)

    def _sum(self) -> ColumnElement[Any]:
        return func.sum(self._change, type_=Quantity)

    def _bounds(self) -> list[ColumnElement[bool]]:
        """What follows from the moments, in terms that an index answers."""
        moments = [end.as_of for end in self._ends if end.as_of is not None]
        if len(moments) < len(self._ends):
            return []
        low, high = min(moments), max(moments)
        found = [_entry.occurred_at <= high]
        if all(end.known_in is None for end in self._ends):
            found.append(_entry.occurred_at > low)
        return found

    def _buckets(self) -> list[ColumnElement[bool]]:
        columns = {**_entry, "bin_id": inventory_items.c.bin_id, "lot_id": inventory_items.c.lot_id}
        return [columns[name] == func.any(texts(ids)) for name, ids in self._filters]


_OF_POSTING = and_(postings.c.tenant_id == this_tenant(), postings.c.id == _entry.posting_id)


def _is_seen(moment: Past) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = [true()]
    if moment.as_of is not None:
        parts.append(_entry.occurred_at <= moment.as_of)
    if moment.known_in is not None:
        snapshot = cast(moment.known_in, Text).op("::")(literal_column("pg_snapshot"))
        parts.append(func.stock_was_known(postings.c.xid, snapshot))
    return and_(*parts)
