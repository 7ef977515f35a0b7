"""What was corrected: the ledger's adjustments, the newest first."""

from datetime import datetime

import strawberry

from domain.errors import Invalid, LimitExceeded
from domain.permissions import Permission
from resolvers.fields import given, guarded, input_, output
from resolvers.ledger import LedgerEntry
from resolvers.lists import Info
from services.stock import history

LIMIT_MAX = 200
OFFSET_MAX = 1_000_000


@input_
class AdjustmentFilter:
    """Which adjustments are wanted; all conditions together."""

    inventory_item_id: list[strawberry.ID] | None = strawberry.UNSET
    """Of one of these buckets."""

    product_id: list[strawberry.ID] | None = strawberry.UNSET
    """Of one of these products."""

    location_id: list[strawberry.ID] | None = strawberry.UNSET
    """At one of these locations."""

    reason_code_id: list[strawberry.ID] | None = strawberry.UNSET
    """For one of these reasons."""

    occurred_from: datetime | None = strawberry.UNSET
    """That happened at this moment or later."""

    occurred_to: datetime | None = strawberry.UNSET
    """That happened at this moment or earlier."""


@output
class AdjustmentHistory:
    """A part of the adjustments, by number."""

    entries: list[LedgerEntry]
    """The entries of this part, the newest first."""

    total: int
    """How many there are in all."""

    limit: int
    """The most entries of a part."""

    offset: int
    """How many newer ones were passed over."""


@output
class AdjustmentQueries:
    """Reads of adjustments."""

    @guarded(needs=Permission.INVENTORY_ADJUST)
    async def adjustments(
        self,
        info: Info,
        filter: AdjustmentFilter | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> AdjustmentHistory:
        """Entries of adjustments, counts and lot corrections, the newest first.

        `ledgerEntries` pages through all kinds of entries by cursor.

        Args:
            filter: Which are wanted; all conditions together.
            limit: At most so many, up to 200.
            offset: How many of the newest are passed over.
        """
        if limit > LIMIT_MAX:
            raise LimitExceeded("limit", f"limit must be at most {LIMIT_MAX}.", max=LIMIT_MAX)
        if limit < 1:
            raise Invalid("limit", "limit must be at least 1.")
        if not 0 <= offset <= OFFSET_MAX:
            raise Invalid("offset", f"offset must be from 0 to {OFFSET_MAX:,}.")
        values = given(filter) if filter else {}
        rows, total = await info.context.read(history.adjustments, values, limit, offset)
        entries = [LedgerEntry.of(row) for row in rows]
        return AdjustmentHistory(entries=entries, total=total, limit=limit, offset=offset)
