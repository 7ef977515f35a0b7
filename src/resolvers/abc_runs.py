"""Classifications that were kept, pinned classes, and why a product has its class."""

from datetime import date, datetime
from typing import Any

import strawberry

from domain.permissions import Permission
from domain.quantities import money
from resolvers import kinds
from resolvers.authors import Author
from resolvers.fields import guarded, output, plain
from resolvers.filters.abc import AbcClass, AbcMetric
from resolvers.kinds import AbcRunRef
from resolvers.lists import Info, linked, listed, load
from resolvers.nodes import Node, Shown
from resolvers.scalars import Money, Quantity
from services import abc as service

_COUNT, _READ = Permission.INVENTORY_CYCLECOUNT, Permission.INVENTORY_READ


@output
class AbcRun(Node):
    """A classification that was kept, with what went in, so that a class can be explained."""

    metric: AbcMetric
    """By what products were ranked."""

    from_date: date
    """The first day whose use counted."""

    to_date: date
    """The last day whose use counted."""

    cutoff_a: Quantity
    """The part of the whole before which a product was A."""

    cutoff_b: Quantity
    """The part of the whole before which it was B."""

    basis: str
    """`LOCATION_USE`, `TENANT_USE` or `CURRENT_STOCK`."""

    total: Money
    """The whole by the metric: an amount, units or lines."""

    product_count: int
    """How many products were classified."""

    count_a: int
    """How many were A."""

    count_b: int
    """How many were B."""

    count_c: int
    """How many were C."""

    created_at: datetime
    """When it was made."""

    location_id: strawberry.Private[str | None]
    created_by_id: strawberry.Private[str]
    created_by_name: strawberry.Private[str]

    @plain
    def created_by(self) -> Author:
        """Who made it."""
        return Author(id=strawberry.ID(self.created_by_id), name=self.created_by_name)

    @linked(kinds.LOCATION)
    def location(self) -> str | None:
        """The location; absent for one of the whole company."""
        return self.location_id

    @listed(kinds.ABC_RUN_CLASS, "run_id")
    def classes(self) -> str:
        """What it made of each product."""
        return str(self.id)


@output
class AbcRunClass(Shown):
    """What a kept classification made of one product."""

    rank: int
    """Its place, from 1."""

    abc_class: AbcClass
    """Its class."""

    units: Quantity
    """Units issued or consumed in the window."""

    hits: Quantity
    """Lines that took units out in the window."""

    measure: Money
    """What it was ranked by: an amount, units or lines."""

    non_moving: bool
    """Whether nothing of it was used."""

    total: strawberry.Private[Any]
    before: strawberry.Private[Any]
    product_id: strawberry.Private[str]

    @plain
    def share_before(self) -> Quantity:
        """The part of the whole that those ranked before it made together."""
        return Quantity(service.share(self.before, self.total))

    @linked(kinds.PRODUCT)
    def product(self) -> str:
        """The product."""
        return self.product_id


@output
class AbcPin(Node):
    """A class that stands whatever a classification says."""

    abc_class: AbcClass
    """The class."""

    reason: str | None
    """What was said about it."""

    version: int
    """Raised with each change."""

    created_at: datetime
    """When it was made."""

    updated_at: datetime
    """When it last changed."""

    product_id: strawberry.Private[str]
    location_id: strawberry.Private[str | None]
    created_by_id: strawberry.Private[str]
    created_by_name: strawberry.Private[str]

    @plain
    def created_by(self) -> Author:
        """Who pinned it last."""
        return Author(id=strawberry.ID(self.created_by_id), name=self.created_by_name)

    @linked(kinds.PRODUCT)
    def product(self) -> str:
        """The product."""
        return self.product_id

    @linked(kinds.LOCATION)
    def location(self) -> str | None:
        """Where it holds; absent where it holds everywhere."""
        return self.location_id


@output
class AbcExplanation:
    """Why a product has its class."""

    abc_class: AbcClass | None
    """The class; absent where no classification was kept and none is pinned."""

    source: str
    """What decided it: `LOCATION_PIN`, `LEVEL` (its settings at the location), `PIN`, `RUN`, or
    `NONE`."""

    reason: str | None
    """What was said when it was pinned."""

    rank: int | None
    """Its place in the kept run."""

    measure: Money | None
    """What it was ranked by there."""

    share_before: Quantity | None
    """The part of the whole that those ranked before it made together."""

    text: str
    """All of it in a sentence."""

    run_id: strawberry.Private[str | None]

    @linked(kinds.ABC_RUN)
    def run(self) -> str | None:
        """The newest run that was kept for the location, else for the company."""
        return self.run_id


@output
class AbcRunQueries:
    """Reads of kept classifications and pins."""

    @guarded(needs=(_COUNT, _READ))
    async def abc_run(self, info: Info, id: strawberry.ID) -> AbcRunRef | None:
        """The kept classification with this id; null when there is none.

        Args:
            id: Its id.
        """
        run: AbcRun | None = await load(info, kinds.ABC_RUN, id)
        return run

    @listed(kinds.ABC_RUN, needs=(_COUNT, _READ))
    def abc_runs(self) -> None:
        """Classifications that were kept, a part of the list at a time."""

    @listed(kinds.ABC_PIN, needs=_COUNT)
    def abc_pins(self) -> None:
        """Pinned classes, a part of the list at a time."""

    @guarded(needs=(_COUNT, _READ))
    async def explain_abc_class(
        self, info: Info, product_id: strawberry.ID, location_id: strawberry.ID | None = None
    ) -> AbcExplanation:
        """Why a product has the class by which it is counted.

        Args:
            product_id: The product.
            location_id: Where; the class for the whole company unless told.
        """
        key = (str(product_id), None if location_id is None else str(location_id))
        found: service.Explained = await info.context.loaders.load(service.explain, key)
        return AbcExplanation(
            abc_class=None if found.abc_class is None else AbcClass(found.abc_class),
            source=found.source,
            reason=found.reason,
            rank=found.rank,
            measure=None if found.measure is None else Money(money(found.measure)),
            share_before=None if found.share_before is None else Quantity(found.share_before),
            text=found.text,
            run_id=found.run_id,
        )
