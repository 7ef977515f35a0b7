"""Classes of products by their use."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import strawberry

from domain.pages import Page, PageWish
from domain.permissions import Permission
from domain.quantities import money
from resolvers import kinds
from resolvers.fields import guarded, output, plain
from resolvers.filters.abc import AbcClass, AbcFilter, AbcMetric, AbcOrder, AbcTerms, CountReason
from resolvers.lists import Info, conditions, linked, windowed
from resolvers.pages import Listed, Window
from resolvers.scalars import Cursor, Money, Quantity
from services import abc as service
from services.abc import ORDERS, Choice, Inputs

_COUNT, _READ = Permission.INVENTORY_CYCLECOUNT, Permission.INVENTORY_READ


@output
class AbcProduct:
    """A product of a classification. Who may only count is not told what was used of it."""

    abc_class: AbcClass
    """Its class; a pin goes before the computed one."""

    pinned: bool
    """Whether its class is pinned, here, in its settings at the location, or everywhere."""

    computed_class: AbcClass
    """The class that its use gives it."""

    rank: int | None
    """Its place, from 1."""

    units: Quantity | None
    """Units issued or consumed in the window."""

    hits: Quantity | None
    """Lines that took units out in the window."""

    usage_value: Money | None
    """What these units cost, by the product's present unit cost."""

    annual_usage_value: Money | None
    """The same for a year of 365 days."""

    share: Quantity | None
    """Its part of the whole by the metric, from 0 to 1."""

    share_before: Quantity | None
    """The part that those ranked before it make together; it decides the class."""

    cumulative_share: Quantity | None
    """The part that it makes with those ranked before it."""

    non_moving: bool | None
    """Whether nothing of it was used."""

    count_interval_days: int
    """After how many days it is to be counted again."""

    last_counted_at: datetime | None
    """Since when all that is there of it was counted; absent where some of it never was."""

    next_count_due: date | None
    """The day by which it is to be counted; absent where it has no stock and was never counted."""

    overdue: bool
    """Whether it is to be counted by today: it has stock, or has just been used up."""

    due_because: CountReason | None
    """Why it is to be counted by today; absent where it is not."""

    product_id: strawberry.Private[str]

    @classmethod
    def of(cls, row: Any, *, is_blind: bool) -> "AbcProduct":
        """This row as the graph shows it to somebody who may read stock, or may not."""
        hidden: dict[str, Any] = dict.fromkeys(_HIDDEN)
        return cls(
            product_id=row.product_id,
            abc_class=AbcClass(row.abc_class),
            pinned=row.pinned_class is not None,
            computed_class=AbcClass(row.abc_class if is_blind else row.computed_class),
            count_interval_days=row.interval_days,
            last_counted_at=row.last_counted_at,
            next_count_due=row.next_count_due,
            overdue=row.overdue,
            due_because=None if is_blind or not row.overdue else CountReason(row.due_because),
            **(hidden if is_blind else _used(row)),
        )

    @linked(kinds.PRODUCT)
    def product(self) -> str:
        """The product."""
        return self.product_id


_HIDDEN = (
    "rank",
    "units",
    "hits",
    "usage_value",
    "annual_usage_value",
    "share",
    "share_before",
    "cumulative_share",
    "non_moving",
)


def _used(row: Any) -> dict[str, Any]:
    return {
        "rank": row.rank,
        "units": row.units,
        "hits": row.hits,
        "usage_value": money(row.usage_value),
        "annual_usage_value": money(row.annual_value),
        "share": service.share(row.measure, row.total),
        "share_before": service.share(row.before, row.total),
        "cumulative_share": service.share(row.before + row.measure, row.total),
        "non_moving": row.non_moving,
    }


@output
class AbcClassTotals:
    """The products of one class."""

    products: int
    """How many there are."""

    share: Quantity | None
    """Their part of the whole by the metric; not told to who may only count."""

    overdue: int
    """How many of them are to be counted by today."""

    @classmethod
    def of(cls, totals: Any, *, is_blind: bool) -> "AbcClassTotals":
        """These totals as the graph shows them."""
        share = None if is_blind else Quantity(totals.share)
        return cls(products=totals.products, share=share, overdue=totals.overdue)


@output
class AbcSummary:
    """The totals of each class."""

    a: AbcClassTotals
    """Those of class A."""

    b: AbcClassTotals
    """Those of class B."""

    c: AbcClassTotals
    """Those of class C."""


@output
class AbcCutoffs:
    """Up to which part of the whole, ranked products before it counted, a product is in a class."""

    a: Quantity
    """Below it a product is A."""

    b: Quantity
    """Below it a product is B; the others are C."""


@output
class AbcClassification:
    """The products of a location, or of the whole company, by their use up to now."""

    inputs: strawberry.Private[Inputs]
    choice: strawberry.Private[Choice]
    order: strawberry.Private[str]
    is_blind: strawberry.Private[bool]

    @plain
    def metric(self) -> AbcMetric:
        """By what they are ranked."""
        return AbcMetric(self.inputs.metric)

    @plain
    def from_date(self) -> date:
        """The first day whose use counts."""
        return self.inputs.from_date

    @plain
    def to_date(self) -> date:
        """The last day whose use counts."""
        return self.inputs.to_date

    @plain
    def cutoffs(self) -> AbcCutoffs:
        """Where the classes end."""
        return AbcCutoffs(a=Quantity(self.inputs.cutoff_a), b=Quantity(self.inputs.cutoff_b))

    @plain
    async def basis(self, info: Info) -> str:
        """What was measured: the use of the location, of the company, or what is on hand.

        `TENANT_USE` also stands where nothing was used at the location in the window;
        the others are `LOCATION_USE` and `CURRENT_STOCK`.
        """
        basis: str = (await self._classes(info)).basis
        return basis

    @plain
    async def daily_quota(self, info: Info) -> Quantity:
        """How many products a day keep each class within its interval."""
        return Quantity((await self._classes(info)).daily_quota)

    @plain
    async def summary(self, info: Info) -> AbcSummary:
        """The totals of each class, whatever is filtered."""
        totals = (await self._classes(info)).totals
        return AbcSummary(
            **{
                name.lower(): AbcClassTotals.of(one, is_blind=self.is_blind)
                for name, one in totals.items()
            }
        )

    @linked(kinds.LOCATION)
    def location(self) -> str | None:
        """The location; absent for the whole company."""
        return self.inputs.location_id

    @windowed(AbcProduct)
    def products(self, info: Info, window: Window) -> Listed[Any]:
        """The products in the wished order."""
        rows = _Products(info, self)
        return rows.listed(window)

    async def _classes(self, info: Info) -> service.Classes:
        classes: service.Classes = await info.context.loaders.load(service.summaries, self.inputs)
        return classes


@dataclass(frozen=True)
class _Products:
    """The products of a classification, as one operation has asked for them."""

    info: Info
    of: AbcClassification

    def listed(self, window: Window) -> Listed[Any]:
        """The wished part."""
        of, cursors = self.of, self.info.context.cursors
        scope = repr(("AbcClassification", of.inputs, of.choice, of.order))
        part = window.wish(lambda text, name: cursors.open(scope, text, name))

        def cursor(row: Any) -> Cursor:
            sealed: Cursor = cursors.seal(scope, tuple(getattr(row, n) for n in ORDERS[of.order]))
            return sealed

        return Listed(
            part=part,
            load=lambda: self._read(part),
            count=self._count,
            node=lambda row: AbcProduct.of(row, is_blind=of.is_blind),
            cursor=cursor,
        )

    async def _read(self, part: PageWish) -> Page[Any]:
        of = self.of
        key = (of.inputs, of.choice, of.order, part)
        page: Page[Any] = await self.info.context.loaders.load(service.pages, key)
        return page

    async def _count(self) -> int:
        key = (self.of.inputs, self.of.choice)
        return int(await self.info.context.loaders.load(service.counts, key))


@output
class AbcQueries:
    """Reads of classes."""

    @guarded(needs=_COUNT)
    async def abc_classification(
        self,
        info: Info,
        location_id: strawberry.ID | None = None,
        terms: AbcTerms | None = None,
        filter: AbcFilter | None = None,
        order_by: AbcOrder = AbcOrder.RANK,
    ) -> AbcClassification:
        """Products by their use up to now: ranked, classified, and when each is to be counted.

        Who may only count, and not read stock, gets the classes in the order of CLASS under the
        company's own terms, and no number that tells of quantities.

        Args:
            location_id: A location; the whole company unless told.
            terms: How they are classified; needs `inventory.read`.
            filter: Which of them are listed.
            order_by: How they are listed.
        """
        given = terms.given() if terms else {}
        if given:
            info.context.actor.require(_COUNT, _READ)
        wish = service.Wish(location_id=location_id, **given)
        inputs = await info.context.read(service.inputs_of, wish)
        if inputs.metric == AbcMetric.ONHAND_VALUE.value:
            info.context.actor.require(_COUNT, _READ)
        is_blind = _READ not in info.context.actor.permissions
        order = order_by.value if not is_blind else _TOLD_ALL[order_by]
        return AbcClassification(
            inputs=inputs, choice=_choice(filter), order=order, is_blind=is_blind
        )


# The orders that tell nothing of quantities.
_TOLD_ALL = {AbcOrder.RANK: "class", AbcOrder.CLASS: "class", AbcOrder.CANDIDATE: "turn"}


def _choice(filter: AbcFilter | None) -> Choice:
    given = dict(conditions(filter)) if filter else {}
    return Choice(
        classes=given.get("class_in", ()),
        search=given.get("search"),
        product_ids=given.get("product_id_in"),
        due_only=bool(given.get("due_only")),
    )
