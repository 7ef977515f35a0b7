"""What keys may decide of stock requests beyond their permission to approve."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.actor import Author
from models import keys
from models.requesting import approvers
from models.requests import request_approvers
from models.session import Session
from services import checks, outbox, records


@dataclass(frozen=True, slots=True, kw_only=True)
class Set:
    """What a key may decide, as it stands."""

    approver: Any
    message: str
    touched: Sequence[Any] = ()


async def listed(session: Session) -> Sequence[Any]:
    """What was set of keys, in the order of their names."""
    return await session.all(approvers.listed())


async def set_approver(
    session: Session, author: Author, key_id: str, values: Mapping[str, Any]
) -> Set:
    """Set what a key may decide; what is not given stays, or is no limit and no right.

    Raises:
        NotFound: there is no such key.
        Invalid: a value breaks a rule.
    """
    key = await records.require(session, keys.api_keys, "API key", key_id, "keyId")
    checks.given(values, request_approvers)
    checks.amounts(values, "value_limit")
    was = await session.one_or_none(approvers.get(key_id))
    row = await session.one(approvers.put(key_id, values))
    event = {
        "before": outbox.record(was),
        "after": outbox.record(row),
        "actor": {"id": author.id, "name": author.name},
    }
    await outbox.emit(session, "request_approver.changed", key_id, event)
    return Set(approver=row, message=f"What {key.name} may decide was set.")
