"""Makes stock requests, and changes their heads while they are drafts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.actor import Author
from domain.errors import IllegalStep, Invalid
from domain.machines.stock_requests import STOCK_REQUESTS, StockRequestAction
from domain.names import camel
from domain.request_errors import StocklistMismatch
from models import locations
from models.requesting import lines as line_statements
from models.requests import stock_requests
from models.session import Session
from services import checks, documents, records, stocklists
from services.documents import Advance
from services.requests import deciding, lines, steps
from services.requests.steps import REGISTER, Change, Pair, Row, Values

TYPES = ("STOCK", "ADHOC", "E_REQUEST")
PRIORITIES = ("LOW", "NORMAL", "HIGH", "URGENT")
_PLACES = ("requesting_location_id", "fulfilling_location_id")
_HEAD = ("type", "priority", "needed_by", "description", *_PLACES)
_EDIT = StockRequestAction.EDIT


async def create(session: Session, author: Author, values: Values) -> Change:
    """Make a request, as a draft or submitted at once.

    The locations of a stocklist are those of the request unless told; without lines its products
    are asked for in the quantities that it suggests now. One product on two lines adds up.

    Raises:
        Invalid and its kinds: a value breaks a rule.
        NotFound: it names what is not there.
        StocklistNotPublished: its stocklist is not in use.
        EmptyRequest: it is to be submitted and asks for nothing.
    """
    head = {name: values[name] for name in _HEAD if values.get(name) is not None}
    listed = await _listed(session, values)
    if listed is not None:
        head = _at_places_of(listed, head) | {"stocklist_id": listed.id}
    await _check(session, head, today_or_later=True)
    made = {
        **head,
        "number": (await REGISTER.numbers(session, 1))[0],
        "created_by": {"id": author.id, "name": author.name},
    }
    request = await records.add(session, stock_requests, "Stock request", "req_", made)
    await REGISTER.made(session, author, [request])
    wanted = values.get("lines")
    if wanted is None and listed is not None:
        wanted = await _suggested(session, listed)
    await lines.put(session, request, [], wanted or [])
    if values.get("submit"):
        return await deciding.submit(session, author, request.id)
    return await steps.shown(session, request.id, f"{request.number} was made.")


async def update(
    session: Session, author: Author, id: str, values: Values, expected_version: int | None
) -> Change:
    """Change the head of a draft; null clears what may be absent.

    Raises:
        NotFound, StaleVersion: there is none, or not at that version.
        IllegalStep: it is no draft any more.
        Invalid and its kinds: a value breaks a rule.
    """
    request = await steps.locked(session, id, _EDIT, expected_version)
    checks.given(values, stock_requests)
    head = {name: getattr(request, name) for name in _HEAD} | dict(values)
    if request.stocklist_id is not None:
        _at_places_of(await _its_stocklist(session, request), head)
    elif head["type"] == "E_REQUEST":
        raise Invalid("type", "An E_REQUEST is made from a stocklist.")
    await _check(session, head, today_or_later="needed_by" in values)
    different = {name: value for name, value in values.items() if getattr(request, name) != value}
    if different:
        told = {"changed": sorted(camel(name) for name in different)}
        step = Advance(action=_EDIT, values=different, told=told)
        request = await steps.advance(session, author, request, step)
    if different.get("type") == "E_REQUEST":
        asked = await steps.lines_of(session, request)
        rows = [
            {"product_id": one.product_id, "requested": one.requested, "field": f"lines[{n}]."}
            for n, one in enumerate(asked)
        ]
        await lines.check_listed(session, request, rows)
    return await steps.shown(session, id, f"{request.number} was changed.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted:
    """The id of a draft that is gone."""

    id: str
    message: str
    touched: Sequence[Pair] = ()


async def delete(session: Session, author: Author, id: str) -> Deleted:
    """Delete a draft with its lines; its events stay, with one that tells of this.

    Raises:
        NotFound: there is none.
        IllegalStep: it is no draft any more; what is under way is cancelled instead.
    """
    request = await steps.locked(session, id, None)
    if request.status != STOCK_REQUESTS.initial:
        allowed = [step.action for step in STOCK_REQUESTS.at(request.status)]
        raise IllegalStep(STOCK_REQUESTS.thing, "DELETE", request.status, allowed)
    await session.run(line_statements.remove_all(id))
    gone = documents.Event(request, Advance(action="DELETE"), request.status)
    await REGISTER.record(session, author, [gone])
    await records.remove(session, stock_requests, request)
    return Deleted(id=id, message=f"{request.number} was deleted.")


async def comment(session: Session, author: Author, id: str, text: str) -> Change:
    """Add a comment, in any state.

    Raises:
        NotFound: there is no such request.
        Invalid: it says nothing, or is too long.
    """
    request = await steps.locked(session, id, None)
    await REGISTER.comment(session, author, request, text)
    return await steps.shown(session, id, f"The comment on {request.number} was kept.")


async def _listed(session: Session, values: Values) -> Row | None:
    """The stocklist that the values name, if it is in use."""
    id = values.get("stocklist_id")
    if id is not None:
        return await stocklists.in_use(session, id)
    if values["type"] == "E_REQUEST":
        raise Invalid("stocklistId", "stocklistId is required")
    return None


async def _its_stocklist(session: Session, request: Row) -> Row:
    return (await stocklists.stocklists.by_ids(session, [request.stocklist_id]))[
        request.stocklist_id
    ]


def _at_places_of(listed: Row, head: Values) -> dict[str, Any]:
    """The head with the stocklist's locations.

    Raises:
        StocklistMismatch: the head names others.
    """
    for name in _PLACES:
        if head.get(name, getattr(listed, name)) != getattr(listed, name):
            raise StocklistMismatch(camel(name), "The stocklist is of other locations.")
    return {**head, **{name: getattr(listed, name) for name in _PLACES}}


async def _suggested(session: Session, listed: Row) -> list[dict[str, Any]]:
    rows = (await stocklists.lines_of(session, [listed.id])).get(listed.id, [])
    wished = ((row.product_id, stocklists.suggested(row)) for row in rows)
    return [{"product_id": id, "quantity": quantity} for id, quantity in wished if quantity]


async def _check(session: Session, head: Values, *, today_or_later: bool) -> None:
    checks.one_of(head, "type", TYPES)
    checks.one_of(head, "priority", PRIORITIES)
    checks.notes(head, "description")
    for name in _PLACES:
        if head.get(name) is None:
            raise Invalid(camel(name), f"{camel(name)} is required")
        place = await records.require(
            session, locations.locations, "Location", head[name], camel(name)
        )
        if not place.active:
            raise Invalid(camel(name), "The location is not used any more.")
    if head[_PLACES[0]] == head[_PLACES[1]]:
        raise Invalid(camel(_PLACES[1]), "A location asks another one than itself.")
    day = head.get("needed_by")
    if today_or_later and day is not None and day < await session.scalar(line_statements.today()):
        raise Invalid("neededBy", "neededBy is over already.")
