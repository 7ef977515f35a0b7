"""Reason codes: why stock was changed."""

from datetime import datetime

import strawberry

from domain.permissions import Permission
from resolvers import kinds
from resolvers.fields import guarded, output
from resolvers.filters.reasons import ReasonDirection
from resolvers.lists import Info, listed, load
from resolvers.nodes import Node


@output
class ReasonCode(Node):
    """Why stock is changed, as a code that reports group by.

    A new tenant has those of its industry.
    """

    code: str
    """The company's own code for it; unique."""

    name: str
    """Its name."""

    direction: ReasonDirection
    """Which changes it explains; of others it is refused."""

    category: str | None
    """What it is about: `COUNT`, `DAMAGE`, `EXPIRY`, `LOSS`, `FOUND`, `CONSUMPTION`, `CORRECTION`,
    `RETURN`, `TRANSFER`, or an own word."""

    requires_comment: bool
    """Whether a change for this reason needs a comment."""

    contexts: list[str] | None
    """The acts that it is for, such as `ADJUSTMENT`, `COUNT`, `RECEIPT`, `ISSUE`, `RETURN`, `MOVE`
    or `LOT_CORRECTION`; absent where it is for all."""

    active: bool
    """Whether it may be used; a retired one stays for the history."""

    version: int
    """Raised with each change."""

    created_at: datetime
    """When it was made."""

    updated_at: datetime
    """When it was last changed."""


@output
class ReasonQueries:
    """Reads of reason codes."""

    @guarded(needs=Permission.INVENTORY_ADJUST)
    async def reason_code(self, info: Info, id: strawberry.ID) -> ReasonCode | None:
        """The reason code with this id; null when there is none.

        Args:
            id: Its id.
        """
        reason: ReasonCode | None = await load(info, kinds.REASON_CODE, id)
        return reason

    @listed(kinds.REASON_CODE)
    def reason_codes(self) -> None:
        """Reason codes, a part of the list at a time."""
