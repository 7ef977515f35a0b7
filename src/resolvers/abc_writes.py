"""Keeping classifications, and pinning classes."""

from typing import Any

import strawberry

from domain.permissions import Permission
from resolvers.abc_runs import AbcPin, AbcRun
from resolvers.fields import given, input_, output
from resolvers.filters.abc import AbcClass, AbcTerms
from resolvers.scalars import Position
from resolvers.writes import Act, acts
from services import abc as service

_NEEDS = (Permission.INVENTORY_CYCLECOUNT, Permission.INVENTORY_READ)


@input_
class KeepAbcRunInput:
    """A classification that is to be kept."""

    location_id: strawberry.ID | None = strawberry.UNSET
    """A location; the whole company when left out."""

    terms: AbcTerms | None = strawberry.UNSET
    """How products are classified; as the count settings say when left out."""


@input_
class PinAbcClassInput:
    """A product's class that is to stand whatever a classification says."""

    product_id: strawberry.ID
    """The product."""

    location_id: strawberry.ID | None = strawberry.UNSET
    """Where; everywhere when left out."""

    abc_class: AbcClass | None
    """The class; null takes the pin away."""

    reason: str | None = strawberry.UNSET
    """What is to be said about it, in one line."""


@output
class KeepAbcRunPayload:
    """A classification that was kept."""

    run: AbcRun
    """The run."""

    message: str
    """What was done, in a sentence."""

    position: Position
    """The first position at which it is there."""

    @classmethod
    def of(cls, outcome: Any, position: Position, _seen: Any) -> "KeepAbcRunPayload":
        """This outcome as the graph shows it."""
        return cls(run=AbcRun.of(outcome.run), message=outcome.message, position=position)


@output
class PinAbcClassPayload:
    """A class that was pinned, or is no longer."""

    pin: AbcPin | None
    """The pin; absent where it was taken away."""

    message: str
    """What was done, in a sentence."""

    position: Position
    """The first position at which it holds."""

    @classmethod
    def of(cls, outcome: Any, position: Position, _seen: Any) -> "PinAbcClassPayload":
        """This outcome as the graph shows it."""
        pin = None if outcome.pin is None else AbcPin.of(outcome.pin)
        return cls(pin=pin, message=outcome.message, position=position)


@output
class AbcMutations:
    """Writes of classes."""

    @acts(KeepAbcRunInput, KeepAbcRunPayload, needs=_NEEDS)
    def keep_abc_run(self, input: KeepAbcRunInput) -> Act:
        """Classify products and keep what comes out: counts go by the newest kept run."""
        wish = given(input)
        terms = wish.pop("terms", None)
        return (service.keep, service.Wish(**wish, **(terms.given() if terms else {})))

    @acts(PinAbcClassInput, PinAbcClassPayload, needs=_NEEDS)
    def pin_abc_class(self, input: PinAbcClassInput) -> Act:
        """Pin a product's class at a location or everywhere, or take the pin away."""
        abc_class = None if input.abc_class is None else input.abc_class.value
        return (service.pin, service.Pin(**given(input) | {"abc_class": abc_class}))
