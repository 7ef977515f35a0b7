"""Acts on the books as a whole: a period is closed, a posting taken back."""

from datetime import datetime
from typing import Any

import strawberry
from typing_extensions import override

from domain.permissions import Permission
from resolvers.fields import input_, output
from resolvers.ledger import Posting
from resolvers.scalars import Position
from resolvers.stock_payloads import StockChangePayload
from resolvers.tenants import TenantSettings
from resolvers.writes import Act, acts
from services import books
from services.preview import Preview


@input_
class ClosePeriodInput:
    """Through when the books are closed."""

    through: datetime
    """Nothing happens at this moment or before it any more; not in the future, and after the last
    closing."""

    comment: str | None = None
    """Why it was done."""


@output
class ClosePeriodPayload:
    """The settings as they stand since."""

    settings: TenantSettings
    """The settings, with the moment through which the books are closed."""

    message: str
    """What was done, in a sentence."""

    position: Position
    """The first position at which the closing is seen."""

    @classmethod
    def of(cls, outcome: Any, position: Position, _seen: Preview | None) -> "ClosePeriodPayload":
        """This outcome as the graph shows it."""
        settings = TenantSettings.of(outcome.settings)
        return cls(settings=settings, message=outcome.message, position=position)


@input_
class ReversePostingInput:
    """Which posting is taken back, and why."""

    posting_id: strawberry.ID
    """The posting."""

    reason: str
    """Why, in words; it is the comment of the new posting."""


@output
class ReversePostingPayload(StockChangePayload):
    """The posting that takes another back, as it stood when it was done."""

    reversed: Posting
    """The posting that was taken back."""

    @classmethod
    @override
    def of(cls, outcome: Any, position: Position, seen: Preview | None) -> "ReversePostingPayload":
        """This outcome as the graph shows it."""
        whole = StockChangePayload.of(outcome, position, seen)
        return cls(**vars(whole), reversed=Posting.of(outcome.original))


@output
class BookMutations:
    """Acts on the books as a whole."""

    @acts(ClosePeriodInput, ClosePeriodPayload, needs=Permission.ADMIN_SETTINGS)
    def close_period(self, input: ClosePeriodInput) -> Act:
        """Close the books through a moment: what had happened by then stays as it is, for good.

        A posting that would happen at or before it is refused with `PERIOD_CLOSED`.
        """
        return books.close, books.Closing(through=input.through, comment=input.comment)

    @acts(ReversePostingInput, ReversePostingPayload, needs=Permission.INVENTORY_ADJUST)
    def reverse_posting(self, input: ReversePostingInput) -> Act:
        """Take a posting back: post the opposite of it, now, and link the two.

        Refused with `NOT_REVERSIBLE`, whose `details.blockers` say why, when it was taken back
        already, or its units are gone, promised, on hold, or were counted since.
        """
        return books.reverse, books.Reversal(posting_id=input.posting_id, reason=input.reason)
