"""What keys may decide of stock requests beyond their permission to approve."""

from typing import Any

import strawberry

from domain.permissions import Permission
from resolvers.fields import guarded, output, plain_given
from resolvers.lists import Info
from resolvers.nodes import Shown
from resolvers.requests_inputs import SetRequestApproverInput
from resolvers.scalars import Money, Position
from resolvers.writes import Act, acts
from services.requests import approvers as service


@output
class RequestApprover(Shown):
    """What a key may decide of stock requests.

    Without such an entry a key may approve any value, and no more than was asked for.
    """

    value_limit: Money | None
    """What one request that it approves may be worth at most; absent for any value."""

    may_exceed_request: bool
    """Whether it may approve more than was asked for."""

    version: int
    """Raised with each change."""

    key_id: strawberry.ID
    """The key."""


@output
class RequestApproverPayload:
    """What a key may decide, after it was set."""

    approver: RequestApprover
    """What it may decide."""

    message: str
    """What was done, in a sentence."""

    position: Position
    """The first position at which the act is seen."""

    @classmethod
    def of(cls, outcome: Any, position: Position, _seen: object) -> "RequestApproverPayload":
        """This outcome as the graph shows it."""
        approver = RequestApprover.of(outcome.approver)
        return cls(approver=approver, message=outcome.message, position=position)


@output
class RequestApproverQueries:
    """Reads of what keys may decide."""

    @guarded(needs=Permission.ADMIN_KEYS)
    async def request_approvers(self, info: Info) -> list[RequestApprover]:
        """Keys of which something was set, in the order of their names."""
        return [RequestApprover.of(row) for row in await info.context.read(service.listed)]


@output
class RequestApproverMutations:
    """Writes of what keys may decide."""

    @acts(SetRequestApproverInput, RequestApproverPayload, needs=Permission.ADMIN_KEYS)
    def set_request_approver(self, input: SetRequestApproverInput) -> Act:
        """Set what a key with the permission to approve may decide of stock requests."""
        values = plain_given(input)
        return (service.set_approver, values.pop("key_id"), values)
