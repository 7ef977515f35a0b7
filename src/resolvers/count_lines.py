"""Lines of cycle counts; who may only count is not told what the book says."""

from datetime import datetime
from typing import Any

import strawberry
from typing_extensions import override

from domain.permissions import Permission
from domain.quantities import money
from resolvers import kinds
from resolvers.authors import Author
from resolvers.fields import guarded, output, plain
from resolvers.filters.count_lines import CountLineStatus, CountResolution
from resolvers.lists import Info, linked
from resolvers.nodes import Shown
from resolvers.scalars import Money, Quantity
from services.cycle_counts import reading as service

_READ = Permission.INVENTORY_READ
OPEN = ("DRAFT", "ASSIGNED", "COUNTING", "COUNTED", "RECOUNT")
# What who may only count sees of a line's state.
_SHOWN = {"PENDING": "PENDING", "RECOUNT_REQUIRED": "PENDING", "SKIPPED": "SKIPPED"}


def is_hidden(info: Info, *, blind: bool, status: str, assigned_to_id: str | None) -> bool:
    """Whether the book is hidden from who asks.

    It is from everybody who may not read stock; and in a blind count that is not completed, from
    the one who is to count it.
    """
    actor = info.context.actor
    if _READ not in actor.permissions:
        return True
    return blind and status in OPEN and assigned_to_id == actor.key_id


@output
class CountTake:
    """A number that somebody wrote down for a line."""

    quantity: Quantity
    """The number."""

    counted_at: datetime
    """When somebody looked."""

    counted_by: Author
    """Who."""

    notes: str | None
    """What was said about it."""

    created_at: datetime
    """When it was written down."""

    @classmethod
    def of(cls, row: Any) -> "CountTake":
        """This number as the graph shows it."""
        return cls(
            quantity=row.quantity,
            counted_at=row.counted_at,
            counted_by=Author(id=strawberry.ID(row.actor_id), name=row.actor_name),
            notes=row.notes,
            created_at=row.created_at,
        )


@output
class CountLine(Shown):
    """A bucket that is to be counted: a product in a bin and of a lot.

    What is expected is what the book says of the moment at which somebody looked; while it is to
    be counted, what the book says now. Who may only count is told neither that nor what follows
    from it.
    """

    line_id: strawberry.ID
    """Names the line."""

    ordinal: int
    """Its place in the way that is walked, from 1; stock found beside it comes last."""

    sku: str
    """The product's SKU."""

    product_name: str
    """The product's name."""

    unit_of_measure: str
    """The product's base unit."""

    bin_code: str | None
    """The code of its bin; absent for stock that is in none."""

    lot_number: str | None
    """The number of its lot; absent for stock without one."""

    inventory_item_id: strawberry.ID | None
    """The id of its inventory item; absent while the book knows of none there."""

    counted_qty: Quantity | None
    """How many units were counted; absent while it is to be counted."""

    counted_at: datetime | None
    """When somebody looked."""

    notes: str | None
    """What was said about it."""

    row: strawberry.Private[Any]
    product_id: strawberry.Private[str]
    bin_id: strawberry.Private[str | None]
    lot_id: strawberry.Private[str | None]

    @classmethod
    @override
    def of(cls, row: Any) -> "CountLine":
        """This line as the graph shows it."""
        names = (
            "ordinal",
            "sku",
            "product_name",
            "unit_of_measure",
            "bin_code",
            "lot_number",
            "inventory_item_id",
            "counted_qty",
            "counted_at",
            "notes",
            "product_id",
            "bin_id",
            "lot_id",
        )
        return cls(row=row, line_id=row.id, **{name: getattr(row, name) for name in names})

    @plain
    def status(self, info: Info) -> CountLineStatus:
        """Where it stands."""
        status = self.row.status
        return CountLineStatus(_SHOWN.get(status, "COUNTED") if self._hidden(info) else status)

    @plain
    def expected_qty(self, info: Info) -> Quantity | None:
        """How many units the book says were there; not told to who may only count."""
        return None if self._hidden(info) else Quantity(self.row.book)

    @plain
    def variance(self, info: Info) -> Quantity | None:
        """Counted units less expected ones; absent while it is to be counted."""
        hidden = self._hidden(info) or self.row.variance is None
        return None if hidden else Quantity(self.row.variance)

    @plain
    def variance_value(self, info: Info) -> Money | None:
        """What the variance costs, by the product's unit cost."""
        hidden = self._hidden(info) or self.row.variance is None
        return None if hidden else Money(money(self.row.variance * self.row.cost))

    @plain
    def within_tolerance(self, info: Info) -> bool | None:
        """Whether it is off by no more than it may be; absent before its count is completed."""
        within: bool | None = None if self._hidden(info) else self.row.within_tolerance
        return within

    @plain
    def abc_class(self) -> str | None:
        """The class of the product there when the count was made; absent where it had none."""
        abc_class: str | None = self.row.abc_class
        return abc_class

    @plain
    def counted_by(self) -> Author | None:
        """Who counted it last."""
        return _author(self.row.counted_by)

    @plain
    def count_times(self) -> int:
        """How often a number was written down."""
        times: int = self.row.count_times
        return times

    @plain
    def resolution(self, info: Info) -> CountResolution | None:
        """What was decided on it."""
        found = self.row.resolution
        return None if found is None or self._hidden(info) else CountResolution(found)

    @plain
    def resolved_qty(self, info: Info) -> Quantity | None:
        """What the book was made to have held when it was counted; absent where it was kept."""
        found = self.row.resolved_qty
        return None if found is None or self._hidden(info) else Quantity(found)

    @plain
    def resolved_at(self, info: Info) -> datetime | None:
        """When it was decided on."""
        found: datetime | None = None if self._hidden(info) else self.row.resolved_at
        return found

    @plain
    def resolved_by(self, info: Info) -> Author | None:
        """Who decided."""
        return None if self._hidden(info) else _author(self.row.resolved_by)

    @plain
    def approved_by(self, info: Info) -> Author | None:
        """Who approved so large a variance."""
        return None if self._hidden(info) else _author(self.row.approved_by)

    @plain
    def comment(self, info: Info) -> str | None:
        """What was said with the decision."""
        found: str | None = None if self._hidden(info) else self.row.comment
        return found

    @linked(kinds.PRODUCT)
    def product(self) -> str:
        """The product."""
        return self.product_id

    @linked(kinds.BIN)
    def bin(self) -> str | None:
        """The bin; absent for stock that is in none."""
        return self.bin_id

    @linked(kinds.LOT)
    def lot(self) -> str | None:
        """The lot; absent for stock without one."""
        return self.lot_id

    @linked(kinds.INVENTORY_ITEM, needs=_READ)
    def item(self) -> str | None:
        """The inventory item; absent while the book knows of none there."""
        return self.inventory_item_id

    @linked(kinds.POSTING, needs=_READ)
    def posting(self) -> str | None:
        """The posting that its variance is in; absent where nothing was posted."""
        posting_id: str | None = self.row.posting_id
        return posting_id

    @linked(kinds.REASON_CODE, needs=_READ)
    def reason_code(self) -> str | None:
        """Why the book was changed; absent where it was not."""
        reason_code_id: str | None = self.row.reason_code_id
        return reason_code_id

    @guarded(needs=_READ)
    async def takes(self, info: Info) -> list[CountTake]:
        """Every number that was written down for it, in order."""
        rows = await info.context.loaders.load(service.takes_of, str(self.line_id)) or []
        return [CountTake.of(row) for row in rows]

    def _hidden(self, info: Info) -> bool:
        row = self.row
        return is_hidden(
            info, blind=row.blind, status=row.count_status, assigned_to_id=row.assigned_to_id
        )


def _author(kept: Any) -> Author | None:
    return None if kept is None else Author.of(kept["id"], kept["name"])
