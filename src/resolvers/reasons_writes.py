"""Writes of reason codes."""

from typing import Any

import strawberry

from domain.permissions import Permission
from resolvers import kinds
from resolvers.fields import given, input_, output
from resolvers.filters.reasons import ReasonDirection
from resolvers.reasons import ReasonCode
from resolvers.scalars import Position
from resolvers.writes import Act, acts, creates, updates
from services.stock import reasons as service

_NEEDS = Permission.ADMIN_SETTINGS


@input_
class CreateReasonCodeInput:
    """A reason code to be made."""

    id: strawberry.ID | None = strawberry.UNSET
    """An id to keep, 1 to 64 of A-Z a-z 0-9 _ -; made when left out."""

    code: str
    """The company's own code for it; unique."""

    name: str
    """Its name."""

    direction: ReasonDirection | None = strawberry.UNSET
    """Which changes it explains; both when left out."""

    category: str | None = strawberry.UNSET
    """What it is about, such as `DAMAGE`."""

    requires_comment: bool | None = strawberry.UNSET
    """Whether a change for this reason needs a comment."""

    contexts: list[str] | None = strawberry.UNSET
    """The acts that it is for; all when left out."""


@input_
class UpdateReasonCodeInput:
    """What is to be changed of a reason code; null clears what may be absent."""

    code: str | None = strawberry.UNSET
    """The company's own code for it; unique."""

    name: str | None = strawberry.UNSET
    """Its name."""

    direction: ReasonDirection | None = strawberry.UNSET
    """Which changes it explains."""

    category: str | None = strawberry.UNSET
    """What it is about, such as `DAMAGE`."""

    requires_comment: bool | None = strawberry.UNSET
    """Whether a change for this reason needs a comment."""

    contexts: list[str] | None = strawberry.UNSET
    """The acts that it is for; null for all."""

    active: bool | None = strawberry.UNSET
    """Whether it may be used."""


@input_
class RetireReasonCodeInput:
    """A reason code that is not to be used any more."""

    id: strawberry.ID
    """Its id."""

    expected_version: int | None = strawberry.UNSET
    """Refused with `STALE_VERSION` when it stands at another version."""


@output
class ReasonCodePayload:
    """A reason code after a write, as it then stands."""

    reason_code: ReasonCode
    """The reason code."""

    position: Position
    """The first position at which the write is seen."""

    @classmethod
    def of(cls, outcome: Any, position: Position, _seen: Any) -> "ReasonCodePayload":
        """This outcome as the graph shows it."""
        return cls(reason_code=ReasonCode.of(outcome.reason_code), position=position)


@output
class ReasonMutations:
    """Writes of reason codes."""

    @creates(kinds.REASON_CODE, CreateReasonCodeInput, ReasonCodePayload, needs=_NEEDS)
    def create_reason_code(self, input: CreateReasonCodeInput) -> Act:
        """Make a reason code."""
        return (service.create, _values(input))

    @updates(kinds.REASON_CODE, UpdateReasonCodeInput, ReasonCodePayload, needs=_NEEDS)
    def update_reason_code(self, id: str, input: UpdateReasonCodeInput, version: int | None) -> Act:
        """Change a reason code; what was done for it before keeps it."""
        return (service.update, id, _values(input), version)

    @acts(RetireReasonCodeInput, ReasonCodePayload, needs=_NEEDS)
    def retire_reason_code(self, input: RetireReasonCodeInput) -> Act:
        """Let a reason code be used no more; it stays in the history, and may be taken up again."""
        return (service.retire, input.id, given(input).get("expected_version"))


def _values(input: Any) -> dict[str, Any]:
    values = given(input)
    if values.get("direction") is not None:
        values["direction"] = values["direction"].value
    return values
