"""Put-away: the rules that choose bins, and the tasks that bring goods there."""

from dataclasses import field
from datetime import datetime
from typing import Any, ClassVar

import strawberry

from domain.documents import Machine
from domain.machines.put_away import PUT_AWAY, PutAwayAction, PutAwayStatus
from domain.permissions import Permission
from resolvers import kinds
from resolvers.documents import Document, allowed
from resolvers.fields import choices, given, guarded, input_, output, plain
from resolvers.filters.put_away import PutAwayStrategy
from resolvers.kinds import PutAwayRuleRef, PutAwayTaskRef
from resolvers.lists import Info, linked, listed, load, named
from resolvers.nodes import Node, Shown
from resolvers.scalars import Quantity
from services import put_away as service
from services.put_away import reading
from services.put_away.rules import Why

choices(Why, "PutAwayRejection")


@output
class PutAwayRule(Node):
    """How bins are chosen for goods; what it names must be true of them.

    The most specific rule goes first: one for a product before one for a category, the nearest
    first, before one for a storage class, before one that names none; then one of the location
    before one of all, then the greatest priority. The next one decides where it finds no bin.
    """

    name: str
    """Its name."""

    strategy: PutAwayStrategy
    """How a bin is looked for."""

    priority: int
    """Decides between rules that are as specific, the greatest first."""

    storage_class: str | None
    """Only for products of this storage class."""

    zone: str | None
    """Only bins of this zone are looked at."""

    active: bool
    """Whether it is in use."""

    version: int
    """Raised with each change; an update may name the one that it expects."""

    created_at: datetime
    """When it was made."""

    updated_at: datetime
    """When it was last changed."""

    location_id: strawberry.Private[str | None]
    product_id: strawberry.Private[str | None]
    category_id: strawberry.Private[str | None]
    bin_id: strawberry.Private[str | None]

    @linked(kinds.LOCATION)
    def location(self) -> str | None:
        """The location that it is for; absent of one for all."""
        return self.location_id

    @linked(kinds.PRODUCT)
    def product(self) -> str | None:
        """The product that it is for."""
        return self.product_id

    @linked(kinds.CATEGORY)
    def category(self) -> str | None:
        """The category that it is for, with all below it."""
        return self.category_id

    @linked(kinds.BIN)
    def bin(self) -> str | None:
        """The bin of a `FIXED` rule."""
        return self.bin_id


@output
class RejectedBin:
    """A bin that was looked at before the suggested one."""

    bin_id: strawberry.ID
    """The bin's id."""

    code: str
    """The bin's code, as it was then."""

    why: Why
    """Why the goods are not put there."""


@output
class PutAwayLine(Shown):
    """Units of an inventory item that a task brings into a bin."""

    line_id: strawberry.ID
    """Names the line."""

    ordinal: int
    """1, 2, 3 … within its task."""

    status: str
    """`PENDING`, `PICKED` when somebody has taken it up, `DONE`, or `SHORT` when fewer units
    were put away."""

    product_name: str
    """The product's name."""

    sku: str
    """The product's SKU."""

    lot_number: str | None
    """The lot's number."""

    quantity: Quantity
    """How many base units are to be put away."""

    put_quantity: Quantity
    """How many of them were."""

    source_bin_code: str | None
    """The code of the bin in which they lay."""

    suggested_bin_code: str | None
    """The code of the suggested bin."""

    bin_code: str | None
    """The code of the bin into which they go, or went."""

    strategy: PutAwayStrategy | None
    """By which strategy the bin was suggested; absent where one was named, or none is right."""

    rule_id: strawberry.ID | None
    """The id of the rule that suggested it, as it was then; absent without a rule."""

    rejected: strawberry.Private[Any]
    inventory_item_id: strawberry.Private[str]
    product_id: strawberry.Private[str]
    lot_id: strawberry.Private[str | None]
    source_bin_id: strawberry.Private[str | None]
    suggested_bin_id: strawberry.Private[str | None]
    bin_id: strawberry.Private[str | None]

    @plain
    def rejected_bins(self) -> list[RejectedBin]:
        """The bins that were looked at before and why they are not right, at most 50."""
        return rejected_of(self.rejected)

    @linked(kinds.INVENTORY_ITEM)
    def item(self) -> str:
        """The inventory item from which they are taken."""
        return self.inventory_item_id

    @linked(kinds.PRODUCT)
    def product(self) -> str:
        """The product."""
        return self.product_id

    @linked(kinds.LOT)
    def lot(self) -> str | None:
        """The lot."""
        return self.lot_id

    @linked(kinds.BIN)
    def source_bin(self) -> str | None:
        """The bin in which they lay."""
        return self.source_bin_id

    @linked(kinds.BIN)
    def suggested_bin(self) -> str | None:
        """The bin that was suggested; absent where none is right."""
        return self.suggested_bin_id

    @linked(kinds.BIN)
    def bin(self) -> str | None:
        """The bin into which they go, or went; absent while it is to be chosen."""
        return self.bin_id


def rejected_of(kept: Any) -> list[RejectedBin]:
    """The bins that a suggestion passed over."""
    return [
        RejectedBin(bin_id=strawberry.ID(one["binId"]), code=one["code"], why=Why(one["why"]))
        for one in kept
    ]


@output
class PutAwayTask(Document):
    """Goods that are to be brought into bins; the room that they need there is kept for them."""

    machine: ClassVar[Machine] = PUT_AWAY

    status: PutAwayStatus
    """Where it stands."""

    line_count: int
    """How many lines it has."""

    strategy: PutAwayStrategy | None
    """The strategy that was asked for in place of the rules."""

    reference: str | None
    """The caller's own name for it."""

    comment: str | None
    """What was said when it was made."""

    started_at: datetime | None
    """When somebody began with it."""

    completed_at: datetime | None
    """When the last of its lines was put away."""

    location_id: strawberry.Private[str]
    kept_lines: strawberry.Private[Any] = field(default=None, init=False)  # of a write's outcome

    @classmethod
    def of_outcome(cls, outcome: Any) -> "PutAwayTask":
        """The task of an act, with all that the act has read of it."""
        task = cls.of(outcome.task)
        task.kept_events, task.kept_lines = outcome.events, outcome.lines
        return task

    @linked(kinds.LOCATION)
    def location(self) -> str:
        """The location."""
        return self.location_id

    @plain
    async def lines(self, info: Info) -> list[PutAwayLine]:
        """Its lines, in order."""
        rows = self.kept_lines
        if rows is None:
            rows = await info.context.loaders.load(reading.lines_of, self.id) or []
        return [PutAwayLine.of(row) for row in rows]

    @plain
    def allowed_actions(self, info: Info) -> list[PutAwayAction]:
        """What its state and your key allow."""
        return allowed(self, info)


@input_
class PutAwayItemInput:
    """Units of an inventory item that are to be put away."""

    inventory_item_id: strawberry.ID
    """The inventory item in which they are."""

    quantity: Quantity
    """How many base units."""

    destination_bin_id: strawberry.ID | None = strawberry.UNSET
    """The bin to put them into; suggested when left out. `BIN_UNFIT` when it is not right."""


@input_
class PutAwaySuggestionsInput:
    """Goods for which bins are wanted."""

    location_id: strawberry.ID
    """The location in which they are."""

    items: list[PutAwayItemInput]
    """The goods, at most 500."""

    strategy: PutAwayStrategy | None = strawberry.UNSET
    """Look for bins in this way alone, in place of the rules."""


@output
class PutAwaySuggestion:
    """Units and the bin that is suggested for them."""

    quantity: Quantity
    """How many base units; goods that no bin takes whole are divided."""

    strategy: PutAwayStrategy | None
    """By which strategy the bin was found."""

    inventory_item_id: strawberry.Private[str]
    bin_id: strawberry.Private[str | None]
    rule_id: strawberry.Private[str | None]
    rejected: strawberry.Private[Any]

    @linked(kinds.INVENTORY_ITEM)
    def item(self) -> str:
        """The inventory item in which they are."""
        return self.inventory_item_id

    @linked(kinds.BIN)
    def bin(self) -> str | None:
        """The bin; absent where none is right."""
        return self.bin_id

    @linked(kinds.PUT_AWAY_RULE)
    def rule(self) -> str | None:
        """The rule that found it; absent where what is usual did."""
        return self.rule_id

    @plain
    def rejected_bins(self) -> list[RejectedBin]:
        """The bins that were looked at before and why they are not right, at most 50."""
        return rejected_of(self.rejected)


@output
class PutAwayQueries:
    """Reads of put-away."""

    @guarded(needs=Permission.INVENTORY_READ)
    async def put_away_task(
        self, info: Info, id: strawberry.ID | None = None, number: str | None = None
    ) -> PutAwayTaskRef | None:
        """The put-away task with this id or number; null when there is none.

        Args:
            id: Its id. Give one of the two.
            number: Its number.
        """
        task: PutAwayTask | None = await named(info, kinds.PUT_AWAY_TASK, id, number=number)
        return task

    @listed(kinds.PUT_AWAY_TASK)
    def put_away_tasks(self) -> None:
        """Put-away tasks, a part of the list at a time."""

    @guarded(needs=Permission.INVENTORY_READ)
    async def put_away_rule(self, info: Info, id: strawberry.ID) -> PutAwayRuleRef | None:
        """The put-away rule with this id; null when there is none.

        Args:
            id: Its id.
        """
        rule: PutAwayRule | None = await load(info, kinds.PUT_AWAY_RULE, id)
        return rule

    @listed(kinds.PUT_AWAY_RULE)
    def put_away_rules(self) -> None:
        """Put-away rules, a part of the list at a time."""

    @guarded(needs=Permission.INVENTORY_READ)
    async def put_away_suggestions(
        self, info: Info, input: PutAwaySuggestionsInput
    ) -> list[PutAwaySuggestion]:
        """Bins for goods, in the order of the items; nothing is written, and no room is kept.

        Args:
            input: The goods.
        """
        found = await info.context.read(service.suggest, wish_of(input))
        return [
            PutAwaySuggestion(
                quantity=one.chosen.quantity,
                strategy=PutAwayStrategy(one.chosen.rule.strategy) if one.chosen.rule else None,
                inventory_item_id=one.source.id,
                bin_id=one.chosen.bin_id,
                rule_id=one.chosen.rule.id if one.chosen.rule else None,
                rejected=one.chosen.rejected,
            )
            for one in found
        ]


def wish_of(input: Any) -> service.Wish:
    """The goods as the use case takes them."""
    values = given(input)
    strategy = values.get("strategy")
    return service.Wish(
        location_id=values["location_id"],
        items=[service.ItemWish(**given(item)) for item in values["items"]],
        strategy=strategy.value if strategy else None,
    )
