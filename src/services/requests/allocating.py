"""Sets stock aside for stock requests, what expires first, and gives it free again."""

from collections.abc import Sequence
from decimal import Decimal

from domain.actor import Author
from domain.errors import InsufficientStock, QuantityRefused
from domain.machines.stock_requests import StockRequestAction
from domain.names import counted
from domain.quantities import ZERO, plain
from models.session import Session
from services import availability, checks
from services.availability import Allotment, Demand
from services.documents import Advance
from services.requests import keeping, rules, steps
from services.requests.keeping import Share
from services.requests.steps import Change, Row, Values
from services.stock import acting

A = StockRequestAction


async def allocate(
    session: Session,
    author: Author,
    id: str,
    wishes: Sequence[Values] | None = None,
    comment: str | None = None,
) -> Change:
    """Set units aside for what is not met yet of all lines, or of those that the wishes name.

    What is not there stays on back order. The request, then the level rows of its products where it
    is fulfilled stay locked until the transaction ends.

    Raises:
        NotFound, IllegalStep: there is no such request, or it is not approved, or is done.
        UnknownLine, DuplicateLine, QuantityRefused: a wish breaks a rule.
        InsufficientStock: nothing of it is there; `details.lines` has each line.
    """
    checks.notes({"comment": comment}, "comment")
    request = await steps.locked(session, id, A.ALLOCATE)
    lines = await steps.lines_of(session, request)
    wanted = _wanted(lines, wishes)
    done = await _allocate(session, author, request, wanted, comment)
    if done is None:
        raise _nothing(wanted)
    return done


async def allocate_what_is_there(session: Session, author: Author, request: Row) -> Change | None:
    """Set aside what is there for a locked request that was just approved; None if nothing is."""
    lines = await steps.lines_of(session, request)
    return await _allocate(session, author, request, _wanted(lines, None), None)


Wanted = list[tuple[Row, Decimal]]  # lines with the units that are to be set aside


def _wanted(lines: Sequence[Row], wishes: Sequence[Values] | None) -> Wanted:
    if wishes is None:
        return [(line, rules.short_of(line)) for line in lines if rules.short_of(line)]
    by_id, found = {line.id: line for line in lines}, []
    for id, (field, wish) in steps.named(wishes, lines).items():
        line, name = by_id[id], f"{field}quantity"
        units = acting.quantity(line, wish["quantity"], name)
        open_ = rules.short_of(line)
        if units > open_:
            text = f"{plain(open_)} of the line are neither set aside nor sent."
            raise QuantityRefused(name, text, open=plain(open_))
        found.append((line, units))
    return found


async def _allocate(
    session: Session, author: Author, request: Row, wanted: Wanted, comment: str | None
) -> Change | None:
    """Set aside what is there of the wanted units; None, and nothing is done, if nothing is."""
    demands = [
        Demand(location_id=request.fulfilling_location_id, product_id=line.sent_id, quantity=units)
        for line, units in wanted
    ]
    allotments = await availability.allocate(session, demands) if demands else []
    parts = [
        (line, part)
        for (line, _), allotment in zip(wanted, allotments, strict=True)
        for part in allotment.parts
    ]
    if not parts:
        return None
    shares = [
        Share(line_id=line.id, inventory_item_id=part.inventory_item_id, quantity=part.quantity)
        for line, part in parts
    ]
    await keeping.keep(session, request, shares)
    return await _taken(session, author, request, wanted, allotments, comment)


async def _taken(
    session: Session,
    author: Author,
    request: Row,
    wanted: Wanted,
    allotments: Sequence[Allotment],
    comment: str | None,
) -> Change:
    given = [sum((part.quantity for part in one.parts), ZERO) for one in allotments]
    got = list(zip(wanted, given, strict=True))
    told = [{"lineId": line.id, "allocated": units} for (line, _), units in got if units]
    step = Advance(action=A.ALLOCATE, comment=comment, told={"lines": told})
    request = await steps.advance(session, author, request, step)
    asked = sum((units for _, units in wanted), ZERO)
    message = f"Set aside {plain(sum(given, ZERO))} of {counted(plain(asked), 'unit')}."
    if short := sum(1 for (_, units), part in got if part < units):
        message += f" On back order: {counted(short, 'line')}."
    touched = keeping.pairs_of(line for line, _ in wanted)
    return await steps.shown(session, request.id, message, touched=touched)


def _nothing(wanted: Wanted) -> InsufficientStock:
    lines = [
        {
            "lineId": line.id,
            "asked": plain(units),
            "free": plain(max(ZERO, line.available_at_source)),
        }
        for line, units in wanted
    ]
    text = "Nothing of what is asked for is there." if lines else "Every line is met already."
    return InsufficientStock(text, field="lines", details={"lines": lines})
