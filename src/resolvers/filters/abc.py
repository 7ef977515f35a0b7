"""How classifications, kept runs and pins are asked for, and the words that they use."""

from decimal import Decimal
from enum import Enum
from typing import Any

import strawberry

from resolvers.fields import choices, input_
from resolvers.filters.ranges import DateRange
from resolvers.scalars import Quantity


class AbcClass(Enum):
    """How much of the whole a product makes; the tenant's cutoffs say where a class ends."""

    A = "A"
    """One of the few that make most of it."""

    B = "B"
    """One of those that come next."""

    C = "C"
    """One of the many that make little of it, or did not move."""


choices(AbcClass)


class AbcMetric(Enum):
    """By what products are ranked."""

    VALUE = "VALUE"
    """Units issued or consumed, times the product's unit cost."""

    VELOCITY = "VELOCITY"
    """Units issued or consumed."""

    HITS = "HITS"
    """How many lines took units out."""

    ONHAND_VALUE = "ONHAND_VALUE"
    """What is on hand now, times the product's unit cost."""


choices(AbcMetric)


class CountReason(Enum):
    """Why a product is to be counted."""

    NEVER_COUNTED = "NEVER_COUNTED"
    """Some of its stock never was."""

    INTERVAL = "INTERVAL"
    """The days of its class are over."""

    TURNOVER = "TURNOVER"
    """Much came and went since its last count."""

    ACCURACY = "ACCURACY"
    """The last counts of its location found much to be wrong."""

    EMPTIED = "EMPTIED"
    """A bucket of it was used up: somebody is to confirm that nothing is there."""


choices(CountReason)


class AbcOrder(Enum):
    """In what order the products of a classification are listed; it ends in what is unique."""

    RANK = "rank"
    """By the metric, the greatest first, then by product id."""

    CLASS = "class"
    """By class, then SKU."""

    CANDIDATE = "candidate"
    """Who is to be counted first: more promised than there, never counted, the most overdue, then
    class and rank."""


choices(AbcOrder)


@input_
class AbcTerms:
    """How products are classified; what is left out is as the count settings say."""

    metric: AbcMetric | None = None
    """By what they are ranked."""

    window: DateRange | None = None
    """The days whose use counts; up to today, and as many as the settings say, unless told."""

    cutoff_a: Quantity | None = None
    """The part of the whole, from 0 to 1, before which a product is A."""

    cutoff_b: Quantity | None = None
    """The part of the whole before which it is B; the others are C."""

    def given(self) -> dict[str, Any]:
        """The terms that are given, by the names of the use case."""
        window = self.window or DateRange()
        values: dict[str, Any] = {
            "metric": None if self.metric is None else self.metric.value,
            "from_date": window.from_,
            "to_date": window.to,
            "cutoff_a": None if self.cutoff_a is None else Decimal(self.cutoff_a),
            "cutoff_b": None if self.cutoff_b is None else Decimal(self.cutoff_b),
        }
        return {name: value for name, value in values.items() if value is not None}


@input_
class AbcFilter:
    """Which products of a classification are listed; all conditions together."""

    class_in: list[AbcClass] | None = None
    """In one of these classes."""

    search: str | None = None
    """Words that all must stand in the product's SKU, name or a barcode, in any case and order."""

    product_id_in: list[strawberry.ID] | None = None
    """These products."""

    due_only: bool | None = None
    """Whether only those are listed that are to be counted by today."""
