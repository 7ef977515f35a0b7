"""What an act on a transfer gives: all of it as it stands after the act."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.machines.transfers import TRANSFERS
from models import transfers
from models.session import Session
from services import documents
from services.transfers import reading

Pair = tuple[str, str]  # location id, product id

REGISTER = documents.Register(TRANSFERS, transfers.transfers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A transfer with its lines and events, and a sentence about the act."""

    transfer: Any
    lines: Sequence[Any]
    events: Sequence[Any]
    message: str
    touched: Sequence[Pair]


async def of(
    session: Session, transfer_id: str, message: str, touched: Sequence[Pair] = ()
) -> Outcome:
    """The transfer as it stands now."""
    ids = [transfer_id]
    return Outcome(
        transfer=(await reading.transfers.by_ids(session, ids))[transfer_id],
        lines=(await reading.lines_of(session, ids)).get(transfer_id, []),
        events=(await documents.events_of(session, ids, TRANSFERS.kind))[transfer_id],
        message=message,
        touched=list(touched),
    )
