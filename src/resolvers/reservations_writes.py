"""Writes of reservations: made, extended, firmed up, consumed, released."""

from datetime import date
from typing import Any

import strawberry
from typing_extensions import override

from domain.permissions import Permission
from resolvers.fields import given, input_, output, plain_given
from resolvers.nodes import Shown
from resolvers.reservations import Reservation
from resolvers.scalars import Position, Quantity
from resolvers.stock_acts import IssueStockPayload
from resolvers.stock_inputs import CauseInput
from resolvers.stock_payloads import StockPreview
from resolvers.writes import Act, acts
from services import reservations as service
from services.preview import Preview

_NEEDS = Permission.INVENTORY_WRITE


@input_
class ReservationLineInput:
    """Units of a product that an order wants from a location."""

    product_id: strawberry.ID
    """The product."""

    location_id: strawberry.ID
    """The location."""

    quantity: Quantity
    """How many."""

    needed_on: date | None = strawberry.UNSET
    """The day for which they are wanted, at most 180 days ahead: what arrives before it counts, and
    stock of now is left to others as far as that covers it. At once when left out."""


@input_
class ReserveStockInput:
    """What an order wants of a channel."""

    channel_id: strawberry.ID
    """The channel that promises it."""

    lines: list[ReservationLineInput]
    """What is wanted, 1 to 500 lines; those of one product at one location are summed."""

    reference: str | None = strawberry.UNSET
    """Your own name for it, such as the order's number."""

    ttl_seconds: int | None = strawberry.UNSET
    """How long it lasts; as the channel's policies say when left out, 15 minutes by default."""

    firm: bool | None = strawberry.UNSET
    """Whether it stands on inventory items at once, and has no end; false when left out."""

    allow_partial: bool | None = strawberry.UNSET
    """Whether what can be promised is reserved when it is not all; false when left out."""


@input_
class ExtendReservationInput:
    """A soft reservation that is to last longer."""

    reservation_id: strawberry.ID
    """The reservation."""

    ttl_seconds: int
    """How long it lasts from now."""


@input_
class FirmUpReservationInput:
    """A soft reservation that is to stand on inventory items."""

    reservation_id: strawberry.ID
    """The reservation."""


@input_
class ReservationPartInput:
    """Units of a line of a reservation."""

    number: int
    """The line's number."""

    quantity: Quantity | None = strawberry.UNSET
    """How many; all that is open when left out."""


@input_
class ConsumeReservationInput(CauseInput):
    """A reservation that is handed out."""

    reservation_id: strawberry.ID
    """The reservation."""

    lines: list[ReservationPartInput] | None = strawberry.UNSET
    """Which units; all that is open when left out."""


@input_
class ReleaseReservationInput:
    """A reservation that is given back."""

    reservation_id: strawberry.ID
    """The reservation."""

    lines: list[ReservationPartInput] | None = strawberry.UNSET
    """Which units; all that is open when left out."""


@output
class ReservedLine(Shown):
    """What became of one line that was asked for."""

    index: int
    """Its place among them, from 0."""

    asked: Quantity
    """What was asked for."""

    reserved: Quantity
    """What was promised."""

    shortfall: Quantity
    """What was not."""

    atp: Quantity
    """What the channel could promise before it for its day, beside the lines before it."""

    earliest: date | None
    """The first day for which what it lacks could be promised too; absent where it lacks nothing,
    or that lies beyond 180 days."""


@output
class ReservationPayload:
    """A reservation after an act."""

    reservation: Reservation
    """The reservation, as it stood when it was done."""

    message: str
    """What was done, in a sentence."""

    preview: StockPreview | None
    """What it would do to promises; only of a dry run."""

    position: Position
    """The first position at which the act is seen."""

    @classmethod
    def of(cls, outcome: Any, position: Position, seen: Preview | None) -> "ReservationPayload":
        """This outcome as the graph shows it."""
        return cls(
            reservation=Reservation.of(outcome.reservation),
            message=outcome.message,
            preview=None if seen is None else StockPreview.of(seen),
            position=position,
        )


@output
class ReserveStockPayload(ReservationPayload):
    """A reservation that was made."""

    lines: list[ReservedLine]
    """What became of each line that was asked for."""

    @classmethod
    @override
    def of(cls, outcome: Any, position: Position, seen: Preview | None) -> "ReserveStockPayload":
        """This outcome as the graph shows it."""
        whole = ReservationPayload.of(outcome, position, seen)
        lines = [ReservedLine.of(line) for line in outcome.lines]
        return cls(**vars(whole), lines=lines)


@output
class ConsumeReservationPayload(IssueStockPayload):
    """A reservation that was handed out, and the issue that did it."""

    reservation: Reservation
    """The reservation, as it stood when it was done."""

    @classmethod
    @override
    def of(
        cls, outcome: Any, position: Position, seen: Preview | None
    ) -> "ConsumeReservationPayload":
        """This outcome as the graph shows it."""
        whole = IssueStockPayload.of(outcome, position, seen)
        return cls(**vars(whole), reservation=Reservation.of(outcome.reservations[0]))


@output
class ReservationMutations:
    """Writes of reservations."""

    @acts(ReserveStockInput, ReserveStockPayload, needs=_NEEDS)
    def reserve_stock(self, input: ReserveStockInput) -> Act:
        """Promise stock to an order through a channel: all lines, or what can be promised.

        `INSUFFICIENT_ATP` refuses what the channel may not promise. It ends by the clock unless it
        is firm.
        """
        wish = given(input)
        lines = [service.LineWish(**given(line)) for line in wish.pop("lines")]
        wish["firm"] = bool(wish.get("firm"))
        wish["allow_partial"] = bool(wish.get("allow_partial"))
        return (service.reserve, service.ReserveWish(lines=lines, **wish))

    @acts(ExtendReservationInput, ReservationPayload, needs=_NEEDS)
    def extend_reservation(self, input: ExtendReservationInput) -> Act:
        """Have a soft reservation last so long from now."""
        return (service.extend, service.Extension(**given(input)))

    @acts(FirmUpReservationInput, ReservationPayload, needs=_NEEDS)
    def firm_up_reservation(self, input: FirmUpReservationInput) -> Act:
        """Put a soft reservation on inventory items, what expires first; it has no end then."""
        return (service.firm_up, input.reservation_id)

    @acts(ConsumeReservationInput, ConsumeReservationPayload, needs=_NEEDS)
    def consume_reservation(self, input: ConsumeReservationInput) -> Act:
        """Hand a reservation out: the units leave the stock and the reservation together.

        One that has just ended is reserved again within the grace of the channel's policies;
        later `RESERVATION_EXPIRED` refuses it.
        """
        wish = plain_given(input)
        id, lines = wish.pop("reservation_id"), wish.pop("lines", None)
        return (service.consume, id, _parts(lines), wish)

    @acts(ReleaseReservationInput, ReservationPayload, needs=_NEEDS)
    def release_reservation(self, input: ReleaseReservationInput) -> Act:
        """Give a reservation back, whole or in part; the quota gets back what it gave last."""
        wish = plain_given(input)
        parts = _parts(wish.get("lines"))
        return (service.release, service.Release(reservation_id=input.reservation_id, lines=parts))


def _parts(lines: Any) -> list[service.LinePart]:
    return [service.LinePart(**line) for line in lines or ()]
