"""What all acts on stock requests share: the locked request, its step, and what is told of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from domain.actor import Author
from domain.errors import DuplicateLine, Invalid
from domain.machines.stock_requests import STOCK_REQUESTS
from domain.request_errors import UnknownLine
from models import records
from models.requests import stock_requests
from models.session import Session
from services import documents
from services.documents import Advance
from services.requests import reading

Row = Any
Values = Mapping[str, Any]
Pair = tuple[str, str]  # location id, product id

REGISTER = documents.Register(STOCK_REQUESTS, stock_requests)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A request as it stands after an act, with its lines and events.

    `transactions` are the ledger entries of what stock the act has moved; `line_id` is the line
    that the act was about, where it was one.
    """

    request: Row
    lines: Sequence[Row]
    events: Sequence[Row]
    message: str
    touched: Sequence[Pair] = ()
    transactions: Sequence[Row] = ()
    line_id: str | None = None


async def locked(
    session: Session, id: str, action: str | None, expected_version: int | None = None
) -> Row:
    """The request, locked until the transaction ends, if its state allows the action.

    Raises:
        NotFound: there is none.
        StaleVersion: it is not at the expected version.
        IllegalStep: its state does not allow the action.
    """
    return await REGISTER.get_locked(session, id, action, expected_version)


async def advance(
    session: Session, author: Author, request: Row, step: Advance, *moments: str
) -> Row:
    """Take a step of a locked request; `moments` are columns that are set to now."""
    now = await session.scalar(records.now())
    (*_, only) = STOCK_REQUESTS.step(request.status, step.action).to
    target = str(step.to or only)
    values = dict.fromkeys(moments, now) | dict(step.values)
    if target != request.status:
        values["status_at"] = now
    about = {
        "type": request.type,
        "priority": request.priority,
        "requestingLocationId": request.requesting_location_id,
        "fulfillingLocationId": request.fulfilling_location_id,
    }
    told = about | dict(step.told)
    return await REGISTER.advance(
        session, author, request, replace(step, to=target, values=values, told=told)
    )


async def shown(session: Session, id: str, message: str, **more: Any) -> Change:
    """The request as it stands now; `more` as of a change."""
    requests = await reading.stock_requests.by_ids(session, [id])
    lines = await reading.lines_of(session, [id])
    events = await documents.events_of(session, [id], STOCK_REQUESTS.kind)
    return Change(
        request=requests[id],
        lines=lines.get(id, []),
        events=events.get(id, []),
        message=message,
        **more,
    )


async def lines_of(session: Session, request: Row) -> list[Row]:
    """The lines of one request, in their order."""
    return (await reading.lines_of(session, [request.id])).get(request.id, [])


def about(change: Change, line_id: str, message: str) -> Change:
    """The same change, told of one line."""
    return replace(change, line_id=line_id, message=message)


def told(change: Change, message: str) -> Change:
    """The same change with another message."""
    return replace(change, message=message)


def named(wishes: Sequence[Values], lines: Sequence[Row]) -> dict[str, tuple[str, Values]]:
    """As `by_line`, where a list that names no line would do nothing.

    Raises:
        Invalid: the list is empty; and as of `by_line`.
    """
    if not wishes:
        raise Invalid("lines", "lines must not be empty: leave it out for all.")
    return by_line(wishes, lines)


def by_line(wishes: Sequence[Values], lines: Sequence[Row]) -> dict[str, tuple[str, Values]]:
    """What is wished of each line, by its id, with the beginning of the wish's field names.

    Raises:
        UnknownLine: a wish names a line that is none of these.
        DuplicateLine: two wishes name one line.
    """
    known = {line.id for line in lines}
    found: dict[str, tuple[str, Values]] = {}
    for index, wish in enumerate(wishes):
        id = wish["line_id"]
        if id not in known:
            raise UnknownLine(f"lines[{index}].lineId")
        if id in found:
            first = list(found).index(id)
            text = f"lines[{index}] is about the same line as lines[{first}]."
            raise DuplicateLine(f"lines[{index}].lineId", text, line=first)
        found[id] = (f"lines[{index}].", wish)
    return found
