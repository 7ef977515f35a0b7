"""Statements that plan and post stock: each is a function of models/sql/import*.sql."""

from typing import Any

from sqlalchemy import Boolean, Date, Select, Text, bindparam, column, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from models.base import Quantity

WOULD_BE_NEGATIVE = "SG001"  # what the posting raises
REFUSALS = ("22", "23", "SG")  # classes of what will be raised again: numbers, constraints, rules
POST_BATCH = "select import_post_batch($1, $2, $3, $4::jsonb)"


def plan(import_id: str, batch_size: int, *, complete: bool) -> Select[Any]:
    """Plan the counts of stock.csv; how many buckets are made, changed and emptied."""
    planned = func.import_plan_stock(import_id, batch_size, complete).table_valued(
        "made", "changed", "emptied"
    )
    return select(planned.c.made, planned.c.changed, planned.c.emptied)


def identify_movements(import_id: str) -> Select[Any]:
    """Note each movement's identity: its columns and its ordinal among the equal rows."""
    return select(func.import_identify_movements(import_id))


def keep_history(import_id: str, lines: tuple[int, int]) -> Select[Any]:
    """Keep the movements without a location in these lines; how many of them are new."""
    return select(func.import_keep_history(import_id, *lines))


def plan_movements(import_id: str, batch_size: int) -> Select[Any]:
    """Plan the movements at a location; how many are new and how many buckets are opened."""
    planned = func.import_plan_movements(import_id, batch_size).table_valued("made", "opened")
    return select(planned.c.made, planned.c.opened)


def cover(import_id: str, batch: int) -> Select[Any]:
    """Cover what a batch would take that others have taken meanwhile; of how many buckets."""
    return select(func.import_cover(import_id, batch))


def new_transfers(import_id: str) -> Select[Any]:
    """The lines of the transfers that are not there yet, by number and line."""
    columns: Any = (
        *(column(name, Text) for name in ("number", "source_location_id", "dest_location_id")),
        column("product_id", Text),
        column("lot_id", Text),
        column("bin_id", Text),
        column("quantity", Quantity),
        column("in_transit", Boolean),
        column("expected_on", Date),
        column("reference", Text),
    )
    found: Any = func.import_new_transfers(import_id).table_valued(*columns)
    return select(found)


def planned_batches(import_id: str) -> Select[tuple[int]]:
    """How many batches are planned so far."""
    return select(func.import_next_batch(import_id) - 1)


def apply_lots(import_id: str) -> Select[Any]:
    """Make and change the lots that the files name; how many of each."""
    applied = func.import_apply_lots(import_id).table_valued("made", "changed")
    return select(applied.c.made, applied.c.changed)


def refresh_levels_of_bins(bin_ids: list[str]) -> Select[tuple[None]]:
    """Lock and refresh the levels of all that stands in these bins."""
    ids = bindparam(None, bin_ids, type_=ARRAY(Text))
    none = bindparam(None, [], type_=ARRAY(Text))
    return select(func.import_refresh_levels(ids, none))


def apply_packs(import_id: str) -> Select[Any]:
    """Bring the packs of the staged products into line; how many products that alone changes."""
    return select(func.import_apply_packs(import_id))


def refresh_search(import_id: str) -> Select[Any]:
    """Keep the search documents of the staged products that this transaction has touched."""
    return select(func.import_refresh_search(import_id))
