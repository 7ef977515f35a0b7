"""What an act on a transfer gives: all of it as it stands after the act."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.machines.transfers import TRANSFERS
from models import transfers
from models.session import Session
from services import documents
from services.stock import changes
from services.stock.posting import Posted
from services.transfers import reading

Pair = tuple[str, str]  # location id, product id

REGISTER = documents.Register(TRANSFERS, transfers.transfers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A transfer with all that belongs to it, what was posted, and a sentence about the act."""

    transfer: Any
    lines: Sequence[Any]
    allocations: Sequence[Any]
    events: Sequence[Any]
    posting: Any
    entries: Sequence[Any]
    message: str
    touched: Sequence[Pair]


async def of(
    session: Session,
    transfer_id: str,
    message: str,
    *,
    posted: Posted | None = None,
    touched: Sequence[Pair] = (),
) -> Outcome:
    """The transfer as it stands now, with the posting that was made."""
    ids = [transfer_id]
    change = None if posted is None else await changes.of(session, posted, message)
    return Outcome(
        transfer=(await reading.transfers.by_ids(session, ids))[transfer_id],
        lines=(await reading.lines_of(session, ids)).get(transfer_id, []),
        allocations=(await reading.allocations_of(session, ids)).get(transfer_id, []),
        events=(await documents.events_of(session, ids, TRANSFERS.kind))[transfer_id],
        posting=change and change.posting,
        entries=change.entries if change else [],
        message=message,
        touched=sorted({*touched, *(change.touched if change else [])}),
    )
