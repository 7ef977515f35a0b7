"""Decisions on stock requests: submitted, approved line by line, rejected."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from domain.actor import SYSTEM, Author
from domain.errors import Invalid, NotFound
from domain.machines.stock_requests import StockRequestAction
from domain.quantities import ZERO, money, plain
from domain.request_errors import (
    ApprovalLimitExceeded,
    EmptyRequest,
    OverApproval,
    OwnRequest,
    ReasonRequired,
)
from models import catalog, locations
from models import records as statements
from models.requesting import approvers
from models.requesting import lines as line_statements
from models.session import Session
from services import checks, records, tenants
from services.documents import Advance
from services.requests import allocating, steps
from services.requests.steps import Change, Row, Values
from services.stock import acting

A = StockRequestAction
UNASKED = "No approval is needed."


async def submit(session: Session, author: Author, id: str, comment: str | None = None) -> Change:
    """Ask for a decision; where none is needed the request is approved at once, as it was asked.

    Raises:
        NotFound, IllegalStep: there is no such request, or it is no draft.
        EmptyRequest: it has no lines.
    """
    checks.notes({"comment": comment}, "comment")
    request = await steps.locked(session, id, A.SUBMIT)
    lines = await steps.lines_of(session, request)
    if not lines:
        raise EmptyRequest("The request has no lines.", field="lines")
    step = Advance(action=A.SUBMIT, comment=comment)
    request = await steps.advance(session, author, request, step, "submitted_at")
    if await _needs_approval(session, request):
        return await steps.shown(session, id, f"{request.number} waits for a decision.")
    rows = [_row(line, {}) for line in lines]
    return await _approve(session, SYSTEM, request, rows, UNASKED)


async def approve(
    session: Session,
    author: Author,
    id: str,
    wishes: Sequence[Values],
    comment: str | None,
    expected_version: int | None = None,
) -> Change:
    """Approve a request: of each line that a wish names so much or another product, else all.

    With the company's setting, stock is set aside for it at once as far as it is there.

    Raises:
        NotFound, StaleVersion, IllegalStep: there is none, not at that version, or it does not
            wait for a decision.
        OwnRequest: the author has made it, and the company does not allow that.
        UnknownLine, DuplicateLine, ReasonRequired, QuantityRefused: a wish breaks a rule.
        OverApproval, ApprovalLimitExceeded: it is beyond what the author's key may decide.
        EmptyRequest: nothing of it would be approved.
    """
    checks.notes({"comment": comment}, "comment")
    request = await steps.locked(session, id, A.APPROVE, expected_version)
    await _check_own(session, author, request)
    lines = await steps.lines_of(session, request)
    said = steps.by_line(wishes, lines)
    products = await _substitutes(session, lines, wishes)
    limits = await session.one_or_none(approvers.get(author.id))
    rows = [
        _decided(line, *said.get(line.id, ("", {})), products=products, limits=limits)
        for line in lines
    ]
    if not any(row["approved"] for row in rows):
        raise EmptyRequest("Nothing of it would be approved: reject it instead.", field="lines")
    value = sum((row["approved"] * row.pop("cost") for row in rows), ZERO)
    _check_limit(limits, money(value))
    return await _approve(session, author, request, rows, comment)


async def reject(
    session: Session, author: Author, id: str, reason: str, comment: str | None
) -> Change:
    """Refuse a request, for a reason.

    Raises:
        NotFound, IllegalStep: there is no such request, or it does not wait for a decision.
        OwnRequest: the author has made it, and the company does not allow that.
        ReasonRequired: no reason is told.
    """
    check_reason(reason)
    checks.notes({"comment": comment}, "comment")
    request = await steps.locked(session, id, A.REJECT)
    await _check_own(session, author, request)
    step = Advance(
        action=A.REJECT,
        values={"decided_by": _actor(author)},
        comment=comment,
        reason=reason.strip(),
    )
    request = await steps.advance(session, author, request, step, "decided_at")
    return await steps.shown(session, id, f"{request.number} was rejected.")


def check_reason(reason: str, field: str = "reason") -> None:
    """Refuse a reason that says nothing or is too long.

    Raises:
        ReasonRequired: it says nothing; Invalid: it is too long.
    """
    if not reason.strip():
        raise ReasonRequired(field)
    checks.notes({field: reason}, field)


async def _approve(
    session: Session,
    author: Author,
    request: Row,
    rows: Sequence[dict[str, Any]],
    comment: str | None,
) -> Change:
    await session.run(line_statements.decide(rows))
    told = [
        {"lineId": row["id"], "approved": row["approved"], "substitute": row[_SUBSTITUTE]}
        for row in rows
    ]
    step = Advance(
        action=A.APPROVE,
        values={"decided_by": _actor(author)},
        comment=comment,
        told={"lines": told},
    )
    request = await steps.advance(session, author, request, step, "decided_at")
    message = f"{request.number} was approved."
    if not (await tenants.settings(session)).request_reservation:
        return await steps.shown(session, request.id, message)
    done = await allocating.allocate_what_is_there(session, author, request)
    if done is None:
        return await steps.shown(session, request.id, f"{message} Nothing of it is there now.")
    return steps.told(done, f"{message} {done.message}")


_SUBSTITUTE = "substitute_product_id"


def _row(line: Row, wish: Values) -> dict[str, Any]:
    quantity = wish.get("approved_quantity")
    return {
        "id": line.id,
        "approved": line.requested if quantity is None else quantity,
        _SUBSTITUTE: wish.get(_SUBSTITUTE),
        "substitution_reason": wish.get("substitution_reason"),
        "decision_comment": wish.get("comment"),
    }


def _decided(
    line: Row, field: str, wish: Values, *, products: dict[str | None, Row], limits: Row | None
) -> dict[str, Any]:
    """What is decided of a line, with what a unit of it costs."""
    row = _row(line, wish)
    product = products.get(row[_SUBSTITUTE])
    _check_line(row, line, wish, product, field)
    if row["approved"] > line.requested and not (limits and limits.may_exceed_request):
        raise _over(row, line, field)
    cost = line.product_cost if product is None else product.unit_cost
    return row | {"cost": cost or ZERO}


async def _needs_approval(session: Session, request: Row) -> bool:
    if request.type == "E_REQUEST":
        return False
    place = await records.get(
        session, locations.locations, "Location", request.fulfilling_location_id
    )
    if place.request_approval is not None:
        return bool(place.request_approval)
    return bool((await tenants.settings(session)).request_approval)


async def _check_own(session: Session, author: Author, request: Row) -> None:
    if request.created_by["id"] != author.id:
        return
    if not (await tenants.settings(session)).request_self_approval:
        raise OwnRequest


async def _substitutes(
    session: Session, lines: Sequence[Row], wishes: Sequence[Values]
) -> dict[str | None, Row]:
    """The products that are to be sent instead, by id.

    Raises:
        NotFound: there is no such product.
        Invalid: it is on the request already, or is to be sent for two lines.
    """
    ids = [wish[_SUBSTITUTE] for wish in wishes if wish.get(_SUBSTITUTE) is not None]
    if not ids:
        return {}
    found = {row.id: row for row in await session.all(statements.by_ids(catalog.products, ids))}
    asked = {line.product_id for line in lines}
    for index, wish in enumerate(wishes):
        id, field = wish.get(_SUBSTITUTE), f"lines[{index}].substituteProductId"
        if id is None:
            continue
        if id not in found:
            raise NotFound("Product", field)
        if id in asked or not found[id].active:
            why = "on the request already" if id in asked else "not traded any more"
            raise Invalid(field, f"The product is {why}.")
        asked.add(id)
    return {**found}


def _check_line(
    row: dict[str, Any], line: Row, wish: Values, product: Row | None, field: str
) -> None:
    checks.notes({f"{field}comment": row["decision_comment"]}, f"{field}comment")
    if product is not None:
        check_reason(wish.get("substitution_reason") or "", f"{field}substitutionReason")
    elif wish.get("substitution_reason") is not None:
        name = f"{field}substitutionReason"
        raise Invalid(name, f"{name} goes with a substituteProductId.")
    if field or product is not None:
        sent = line if product is None else product
        name = f"{field}approvedQuantity"
        row["approved"] = acting.quantity(sent, row["approved"], name, least=ZERO)


def _over(row: dict[str, Any], line: Row, field: str) -> OverApproval:
    asked = plain(line.requested)
    return OverApproval(
        f"{plain(row['approved'])} would be approved and {asked} were asked for.",
        field=f"{field}approvedQuantity",
        details={"lineId": line.id, "requested": asked},
    )


def _check_limit(limits: Row | None, value: Decimal) -> None:
    if limits is None or limits.value_limit is None or value <= limits.value_limit:
        return
    limit = plain(limits.value_limit)
    raise ApprovalLimitExceeded(
        f"What would be approved is worth {value}, and this key may approve {limit}.",
        details={"value": value, "limit": limit},
    )


def _actor(author: Author) -> dict[str, str]:
    return {"id": author.id, "name": author.name}
