"""Recalling lots."""

from typing import Any

import strawberry

from domain.permissions import Permission
from resolvers.fields import given, input_, output
from resolvers.holds import Hold
from resolvers.holds_writes import AffectedReservation
from resolvers.lots import LotTrace
from resolvers.scalars import Position
from resolvers.stock_payloads import StockPreview
from resolvers.writes import Act, acts
from services.holds import recalling as service


@input_
class RecallLotInput:
    """A lot to be recalled."""

    lot_id: strawberry.ID
    """The lot."""

    reason: str
    """Why, in one line."""

    reference: str | None = strawberry.UNSET
    """Your own name for it, such as the number of the maker's notice."""

    displace_reservations: bool | None = strawberry.UNSET
    """Whether reservations on the lot are put on other free inventory items of the product at the
    same location, where they fit whole. They stay where they are otherwise, and are told."""


@output
class RecallLotPayload:
    """A recall: the hold on the lot everywhere, whom it touches, and where the lot is and went."""

    hold: Hold
    """The hold of type `RECALL` on the lot, at all locations and for what comes of it later."""

    affected_reservations: list[AffectedReservation]
    """Reservations of which units are on hold now, at most 500."""

    trace: LotTrace
    """Where units of it are, and where they went."""

    message: str
    """What was done, in a sentence."""

    preview: StockPreview | None
    """What it would do to promises; only of a dry run."""

    position: Position
    """The first position at which it holds."""

    @classmethod
    def of(cls, outcome: Any, position: Position, seen: Any) -> "RecallLotPayload":
        """This outcome as the graph shows it."""
        return cls(
            hold=Hold.of(outcome.hold),
            affected_reservations=[
                AffectedReservation.of(one) for one in outcome.affected_reservations
            ],
            trace=LotTrace.of(outcome.trace),
            message=outcome.message,
            preview=None if seen is None else StockPreview.of(seen),
            position=position,
        )


@output
class LotRecallMutations:
    """Recalling lots."""

    @acts(RecallLotInput, RecallLotPayload, needs=Permission.INVENTORY_WRITE)
    def recall_lot(self, input: RecallLotInput) -> Act:
        """Recall a lot: hold it at all locations at once, and tell where it is and where it went.

        Releasing the hold ends the recall.
        """
        wish = given(input)
        wish["displace_reservations"] = wish.get("displace_reservations") or False
        return (service.recall, service.Recall(**wish))
