"""Makes requests from stocklists: by call, and by their schedule while the server runs."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from domain import ids
from domain.actor import SYSTEM, Author
from domain.errors import Invalid, LimitExceeded, NotFound
from domain.machines.stock_requests import STOCK_REQUESTS, StockRequestAction, StockRequestStatus
from domain.names import counted
from domain.request_errors import StocklistNotPublished
from models import records, stocklisting
from models.requesting import lines as line_statements
from models.requests import stock_requests
from models.session import Database, Session
from services import stocklists, tenants
from services.documents import Advance, Event
from services.requests import allocating, reading
from services.requests.deciding import UNASKED
from services.requests.steps import REGISTER, Pair, Row

LISTS_MAX = 100  # of one call
_BATCH = 50
S, A = StockRequestStatus, StockRequestAction
Needs = list[tuple[str, Decimal]]  # product id, units


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """The requests that were made, approved, and the stocklists that needed nothing."""

    requests: Sequence[Row]
    idle_ids: Sequence[str]
    message: str
    touched: Sequence[Pair] = ()


async def generate(
    session: Session, author: Author, stocklist_ids: Sequence[str] | None = None
) -> Generated:
    """Make a request from each of these stocklists, or from all that are due.

    What is on its way to the location already is not asked for again. The requests are approved,
    since the stocklists are; a stocklist that was due is due again after its period.

    Raises:
        NotFound: there is no such stocklist.
        StocklistNotPublished: one is not in use.
        Invalid: one of its locations is not used any more.
        LimitExceeded: there are too many.
    """
    if stocklist_ids is None:
        lists = await session.all(stocklisting.due(LISTS_MAX))
    else:
        lists = await _named(session, list(dict.fromkeys(stocklist_ids)))
    made, idle = await _from(session, author, lists)
    rows = await reading.stock_requests.by_ids(session, [row.id for row in made])
    message = f"Made {counted(len(made), 'request')} from {counted(len(lists), 'stocklist')}."
    return Generated(requests=[rows[row.id] for row in made], idle_ids=idle, message=message)


async def sweep(database: Database) -> int:
    """Make the requests of all stocklists that are due, of every tenant; how many requests.

    Any number of processes may do so at once.
    """
    count = 0
    for tenant_id, _code, _made in await tenants.listed(database):
        found = _BATCH
        while found == _BATCH:
            async with database.write(tenant_id) as session:
                lists = await session.all(stocklisting.due(_BATCH))
                made, _idle = await _from(session, SYSTEM, lists)
            found = len(lists)
            count += len(made)
    return count


async def _named(session: Session, ids: Sequence[str]) -> Sequence[Row]:
    if len(ids) > LISTS_MAX:
        message = f"stocklistIds has more than {LISTS_MAX} stocklists."
        raise LimitExceeded("stocklistIds", message, max=LISTS_MAX)
    lists = await session.all(stocklisting.locked(ids))
    there = {row.id: row for row in lists}
    for index, id in enumerate(ids):
        field = f"stocklistIds[{index}]"
        if id not in there:
            raise NotFound("Stocklist", field)
        if there[id].state != "PUBLISHED":
            state = there[id].state
            text = f"The stocklist is {state.lower()}: publish it first."
            raise StocklistNotPublished(text, field=field, details={"state": state})
        if not there[id].places_used:
            raise Invalid(field, "A location of the stocklist is not used any more.")
    return lists


async def _from(
    session: Session, author: Author, lists: Sequence[Row]
) -> tuple[list[Row], list[str]]:
    """Requests from locked stocklists; the statements are as many whatever their number."""
    if not lists:
        return [], []
    lines = await stocklists.lines_of(session, [row.id for row in lists])
    needs = _needs(lists, lines)
    wanted = [row for row in lists if needs[row.id]]
    await session.run(stocklisting.used([row.id for row in lists]))
    idle = [row.id for row in lists if not needs[row.id]]
    if not wanted:
        return [], idle
    made = await _requests(session, author, wanted)
    await _lines(session, made, [needs[row.id] for row in wanted])
    if (await tenants.settings(session)).request_reservation:
        for request in made:
            await allocating.allocate_what_is_there(session, SYSTEM, request)
    return made, idle


def _needs(lists: Sequence[Row], lines: Mapping[str, Sequence[Row]]) -> dict[str, Needs]:
    """What each stocklist needs, after what those before it ask for at the same location."""
    asked: dict[Pair, Decimal] = defaultdict(Decimal)
    needs: dict[str, Needs] = {row.id: [] for row in lists}
    for row in lists:
        for line in lines.get(row.id, ()):
            pair = (row.requesting_location_id, line.product_id)
            units = stocklists.needed(line, asked[pair])
            if units:
                asked[pair] += units
                needs[row.id].append((line.product_id, units))
    return needs


async def _requests(session: Session, author: Author, lists: Sequence[Row]) -> list[Row]:
    now = await session.scalar(records.now())
    numbers = await REGISTER.numbers(session, len(lists))
    heads = [
        {
            "id": ids.new("req_"),
            "number": number,
            "type": "E_REQUEST",
            "status": str(S.APPROVED),
            "requesting_location_id": row.requesting_location_id,
            "fulfilling_location_id": row.fulfilling_location_id,
            "stocklist_id": row.id,
            "created_by": {"id": author.id, "name": author.name},
            "decided_by": {"id": SYSTEM.id, "name": SYSTEM.name},
            "submitted_at": now,
            "decided_at": now,
        }
        for number, row in zip(numbers, lists, strict=True)
    ]
    added = {row.id: row for row in await session.all(records.add_all(stock_requests, heads))}
    made = [added[head["id"]] for head in heads]
    for before, step, after in (
        (None, Advance(action="CREATE"), STOCK_REQUESTS.initial),
        (S.DRAFT, Advance(action=A.SUBMIT), S.SUBMITTED),
        (S.SUBMITTED, Advance(action=A.APPROVE, comment=UNASKED), S.APPROVED),
    ):
        who = SYSTEM if step.action == A.APPROVE else author
        events = [Event(_as(row, after), step, before) for row in made]
        await REGISTER.record(session, who, events)
    return made


def _as(row: Row, status: str) -> Any:
    """The request as it stood after a step."""
    return SimpleNamespace(id=row.id, number=row.number, status=str(status))


async def _lines(session: Session, made: Sequence[Row], needs: Sequence[Needs]) -> None:
    rows = [
        {
            "id": ids.new("rline_"),
            "request_id": request.id,
            "ordinal": ordinal,
            "product_id": product_id,
            "requested": units,
            "approved": units,
        }
        for request, wanted in zip(made, needs, strict=True)
        for ordinal, (product_id, units) in enumerate(wanted, 1)
    ]
    await session.run(line_statements.put(rows))
    await session.run(line_statements.decide(rows))
