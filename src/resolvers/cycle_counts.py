"""Cycle counts: what is to be counted, by whom, and what was found."""

from dataclasses import field
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, ClassVar

import strawberry
from typing_extensions import override

from domain.documents import Machine
from domain.machines.cycle_counts import CYCLE_COUNTS, CycleCountAction, CycleCountStatus
from domain.permissions import Permission
from domain.quantities import money
from resolvers import kinds
from resolvers.authors import Author
from resolvers.count_lines import CountLine, is_hidden
from resolvers.documents import Document, allowed
from resolvers.fields import guarded, output, plain
from resolvers.filters.cycle_counts import CycleCountType
from resolvers.kinds import CycleCountRef
from resolvers.lists import Info, linked, listed, load, named
from resolvers.scalars import Money, Quantity
from services import cycle_counts
from services.cycle_counts import reading as service

_TOLD = (
    "ordinal",
    "action",
    "from_status",
    "to_status",
    "comment",
    "reason",
    "created_at",
    "actor_id",
    "actor_name",
)
_COUNT, _READ = Permission.INVENTORY_CYCLECOUNT, Permission.INVENTORY_READ


@output
class CountAccuracy:
    """How well the book agrees with what was counted. Lines are buckets, and are not netted."""

    counted_lines: int
    """Lines that have a number."""

    lines_within: int
    """Lines within tolerance, of those that were judged."""

    hit_rate: Quantity | None
    """Their part, from 0 to 1; absent before the count is completed."""

    unit_accuracy: Quantity | None
    """1 less the units that lines are off by, either way, as a part of those expected; at least 0.
    Absent where none are expected."""

    net_value: Money
    """What all variances come to, gains less losses."""

    absolute_value: Money
    """What they come to without regard to their sign."""

    shrinkage_value: Money
    """What is missing is worth."""

    @classmethod
    def of(cls, found: cycle_counts.Accuracy) -> "CountAccuracy":
        """These figures as the graph shows them."""
        parts = (found.hit_rate, found.unit_accuracy)
        hit_rate, unit_accuracy = (None if part is None else Quantity(part) for part in parts)
        return cls(
            counted_lines=found.counted,
            lines_within=found.within,
            hit_rate=hit_rate,
            unit_accuracy=unit_accuracy,
            net_value=Money(money(found.net_value)),
            absolute_value=Money(money(found.absolute_value)),
            shrinkage_value=Money(money(found.shrinkage_value)),
        )


@output
class CycleCount(Document):
    """Stock that is counted while work goes on, and what became of the differences."""

    machine: ClassVar[Machine] = CYCLE_COUNTS

    status: CycleCountStatus
    """Where it stands."""

    type: CycleCountType
    """How much it covers."""

    blind: bool
    """Whether those who count are not told what is expected. Who may not read stock never is."""

    auto_adjust: bool
    """Whether what is within tolerance is posted without a decision."""

    count_date: date
    """The day for which it is planned."""

    notes: str | None
    """What is to be known about it."""

    line_count: int
    """How many lines it has."""

    location_name: str
    """The name of its location."""

    started_at: datetime | None
    """When counting began."""

    completed_at: datetime | None
    """When it was last completed."""

    posted_at: datetime | None
    """When nothing was left to decide."""

    location_id: strawberry.Private[str]
    abc_run_id: strawberry.Private[str | None]
    assigned_to_id: strawberry.Private[str | None]
    assigned_to_name: strawberry.Private[str | None]
    kept_lines: strawberry.Private[Any] = field(default=None, init=False)  # of a write's outcome
    kept_totals: strawberry.Private[Any] = field(default=None, init=False)

    @classmethod
    def of_outcome(cls, outcome: Any) -> "CycleCount":
        """The count of an act, with all that the act has read of it."""
        count = cls.of(outcome.count)
        count.kept_events, count.kept_lines = outcome.events, outcome.lines
        count.kept_totals = outcome.totals
        return count

    @plain
    def assigned_to(self) -> Author | None:
        """Who is to count: a key, or somebody by a name of their own."""
        return Author.of(self.assigned_to_id, self.assigned_to_name)

    @linked(kinds.LOCATION)
    def location(self) -> str:
        """Where it counts."""
        return self.location_id

    @linked(kinds.ABC_RUN, needs=_READ)
    def abc_run(self) -> str | None:
        """The kept classification that the classes of its lines come from."""
        return self.abc_run_id

    @plain
    async def lines(self, info: Info) -> list[CountLine]:
        """What is to be counted, in the order in which it is walked; at most 10,000."""
        rows = self.kept_lines
        if rows is None:
            rows = await info.context.loaders.load(service.lines_of, str(self.id)) or []
        return [CountLine.of(row) for row in rows]

    @plain
    async def counted_count(self, info: Info) -> int:
        """How many lines have a number."""
        totals = await self._totals(info)
        return totals.counted if totals else 0

    @plain
    async def variance_count(self, info: Info) -> int | None:
        """How many lines differ from what is expected; not told to who may only count."""
        totals = None if self._hidden(info) else await self._totals(info)
        return totals.varied if totals else None

    @plain
    async def net_variance_value(self, info: Info) -> Money | None:
        """What the variances come to, gains less losses; not told to who may only count."""
        totals = None if self._hidden(info) else await self._totals(info)
        return Money(money(totals.net_value)) if totals else None

    @plain
    async def accuracy(self, info: Info) -> CountAccuracy | None:
        """How well the book agrees with what was counted; not told to who may only count."""
        totals = None if self._hidden(info) else await self._totals(info)
        if not totals:
            return None
        return CountAccuracy.of(cycle_counts.accuracy(totals))

    @plain
    def allowed_actions(self, info: Info) -> list[CycleCountAction]:
        """What its state and your key allow."""
        return allowed(self, info)

    @override
    async def _events(self, info: Info) -> Any:
        """Who may not read stock is not led on to what was posted."""
        rows = await super()._events(info)
        if _READ in info.context.actor.permissions:
            return rows
        return [
            SimpleNamespace(**{n: getattr(row, n) for n in _TOLD}, posting_id=None) for row in rows
        ]

    async def _totals(self, info: Info) -> Any:
        if self.kept_totals is not None:
            return self.kept_totals
        return await info.context.loaders.load(service.totals_of, str(self.id))

    def _hidden(self, info: Info) -> bool:
        return is_hidden(
            info,
            blind=self.blind,
            status=str(self.status),
            assigned_to_id=self.assigned_to_id,
        )


@output
class BlindForm:
    """A sheet to count with: where, and what, and never how many."""

    batch_id: strawberry.ID
    """The count."""

    number: str
    """Its number."""

    location_name: str
    """The name of its location."""

    count_date: date
    """The day for which it is planned."""

    rows: strawberry.Private[Any]

    @plain
    def lines(self) -> list["BlindFormLine"]:
        """What is to be counted, in the order in which it is walked."""
        return [
            BlindFormLine(
                line_id=strawberry.ID(row.id),
                bin_code=row.bin_code,
                sku=row.sku,
                product_name=row.product_name,
                lot_number=row.lot_number,
                unit_of_measure=row.unit_of_measure,
            )
            for row in self.rows
        ]


@output
class BlindFormLine:
    """A line of a sheet to count with."""

    line_id: strawberry.ID
    """Names the line."""

    bin_code: str | None
    """The code of its bin."""

    sku: str
    """The product's SKU."""

    product_name: str
    """The product's name."""

    lot_number: str | None
    """The number of its lot."""

    unit_of_measure: str
    """The unit in which it is counted."""


@output
class CycleCountQueries:
    """Reads of counts."""

    @guarded(needs=_COUNT)
    async def cycle_count(
        self, info: Info, id: strawberry.ID | None = None, number: str | None = None
    ) -> CycleCountRef | None:
        """The count with this id or number; null when there is none.

        Args:
            id: Its id. Give one of the two.
            number: Its number.
        """
        count: CycleCount | None = await named(info, kinds.CYCLE_COUNT, id, number=number)
        return count

    @listed(kinds.CYCLE_COUNT)
    def cycle_counts(self) -> None:
        """Counts, a part of the list at a time."""

    @listed(kinds.COUNT_LINE, needs=(_COUNT, _READ))
    def count_lines(self) -> None:
        """Lines of all counts, a part of the list at a time."""

    @guarded(needs=_COUNT)
    async def blind_form(self, info: Info, batch_id: strawberry.ID) -> BlindForm | None:
        """A sheet to count with; null when there is no such count.

        Args:
            batch_id: The count.
        """
        count = await load(info, kinds.CYCLE_COUNT, batch_id)
        if count is None:
            return None
        rows = await info.context.loaders.load(service.lines_of, str(batch_id)) or []
        return BlindForm(
            batch_id=batch_id,
            number=count.number,
            location_name=count.location_name,
            count_date=count.count_date,
            rows=rows,
        )
