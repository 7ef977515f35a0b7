"""The lines of a draft: put on, changed, taken off; one product has one line."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from domain import ids
from domain.actor import Author
from domain.errors import Invalid, LimitExceeded, NotFound
from domain.machines.stock_requests import StockRequestAction
from domain.quantities import LARGEST, ZERO, plain
from domain.request_errors import NotOnStocklist, UnknownLine
from models import catalog
from models import records as statements
from models.requesting import lines as line_statements
from models.session import Session
from services import checks, stocklists
from services.documents import Advance
from services.requests import steps
from services.requests.steps import Change, Row, Values
from services.stock import acting

LINES_MAX = 500
_EDIT = StockRequestAction.EDIT


async def add(session: Session, author: Author, id: str, line: Values) -> Change:
    """Add a product to a draft; one that is on it already is asked for in the sum of both.

    Raises:
        NotFound, IllegalStep: there is no such request or product, or it is no draft any more.
        Invalid and its kinds: the line breaks a rule.
    """
    request = await steps.locked(session, id, _EDIT)
    there = await steps.lines_of(session, request)
    await put(session, request, there, [line], name=None)
    return await _edited(session, author, request, product_id=line["product_id"])


async def change(session: Session, author: Author, id: str, line_id: str, values: Values) -> Change:
    """Change the quantity or the comment of a line of a draft.

    Raises:
        NotFound, IllegalStep: there is no such request, or it is no draft any more.
        UnknownLine: it has no such line.
        Invalid and its kinds: a value breaks a rule.
    """
    request = await steps.locked(session, id, _EDIT)
    there = await steps.lines_of(session, request)
    line = _line(there, line_id)
    others = [one for one in there if one.id != line_id]
    wanted = {"product_id": line.product_id, "quantity": line.requested, "comment": line.comment}
    await session.run(line_statements.remove(line_id))
    await put(session, request, others, [wanted | dict(values)], name=None, kept=line)
    return await _edited(session, author, request, product_id=line.product_id)


async def remove(session: Session, author: Author, id: str, line_id: str) -> Change:
    """Take a line off a draft.

    Raises:
        NotFound, IllegalStep: there is no such request, or it is no draft any more.
        UnknownLine: it has no such line.
    """
    request = await steps.locked(session, id, _EDIT)
    _line(await steps.lines_of(session, request), line_id)
    await session.run(line_statements.remove(line_id))
    return await _edited(session, author, request)


async def put(
    session: Session,
    request: Row,
    there: Sequence[Row],
    wanted: Sequence[Values],
    *,
    name: str | None = "lines",
    kept: Row | None = None,
) -> None:
    """Put products on a request, each beside or on the line that it has; three statements.

    `there` are the lines that it has. `name` is the list's in the request, if it is one; `kept` is
    the line whose id and place a single product takes.

    Raises:
        NotFound: there is no such product.
        Invalid and its kinds: a line breaks a rule, or there are too many.
    """
    products = await _products(session, {line["product_id"] for line in wanted})
    sums: dict[str, dict[str, Any]] = {}
    for index, line in enumerate(wanted):
        field = f"{name}[{index}]." if name else ""
        units = _units(line, products.get(line["product_id"]), field)
        one = sums.setdefault(line["product_id"], {"requested": ZERO, "comment": None})
        one["requested"] += units
        one["field"] = field
        one["comment"] = line.get("comment") or one["comment"]
    old = {line.product_id: line for line in there}
    rows = [_row(request, id, one, old.get(id), kept) for id, one in sums.items()]
    _check(rows, len({*old, *sums}))
    await check_listed(session, request, rows)
    last = max((line.ordinal for line in there), default=0)
    new = (row for row in rows if row["ordinal"] is None)
    for ordinal, row in enumerate(new, last + 1):
        row["ordinal"] = ordinal
    if rows:
        await session.run(line_statements.put(rows))


async def check_listed(session: Session, request: Row, rows: Sequence[Values]) -> None:
    """Hold the lines of an E-request against its stocklist, since nobody approves them.

    Raises:
        NotOnStocklist: a product is not on it, or is asked for beyond its level in whole packs.
    """
    if request.type != "E_REQUEST":
        return
    listed = (await stocklists.lines_of(session, [request.stocklist_id])).get(request.stocklist_id)
    levels = {line.product_id: stocklists.most(line) for line in listed or ()}
    for row in rows:
        most = levels.get(row["product_id"])
        if most is None:
            name = f"{row['field']}productId"
            raise NotOnStocklist(name, "The product is not on the stocklist.")
        if row["requested"] > most:
            text = f"The stocklist allows {most} of the product at most."
            raise NotOnStocklist(f"{row['field']}quantity", text, most=most)


def _line(there: Sequence[Row], id: str) -> Row:
    line = next((one for one in there if one.id == id), None)
    if line is None:
        raise UnknownLine("lineId")
    return line


def _row(request: Row, product_id: str, one: Values, old: Any, kept: Any) -> dict[str, Any]:
    line = kept if old is None else old
    return {
        "id": ids.new("rline_") if line is None else line.id,
        "request_id": request.id,
        "ordinal": None if line is None else line.ordinal,
        "product_id": product_id,
        "requested": one["requested"] + (ZERO if old is None else old.requested),
        "comment": one["comment"] or (None if old is None else old.comment),
        "field": one["field"],
    }


async def _products(session: Session, ids: set[str]) -> Mapping[str, Row]:
    found = await session.all(statements.by_ids(catalog.products, ids)) if ids else []
    return {row.id: row for row in found}


def _units(line: Values, product: Row | None, field: str) -> Decimal:
    if product is None:
        raise NotFound("Product", f"{field}productId")
    if not product.active:
        raise Invalid(f"{field}productId", "The product is not traded any more.")
    checks.notes({f"{field}comment": line.get("comment")}, f"{field}comment")
    return acting.quantity(product, line["quantity"], f"{field}quantity")


def _check(rows: Sequence[Values], count: int) -> None:
    if count > LINES_MAX:
        message = f"A stock request has at most {LINES_MAX} lines."
        raise LimitExceeded("lines", message, max=LINES_MAX)
    for row in rows:
        if row["requested"] >= LARGEST:
            name = f"{row['field']}quantity"
            raise Invalid(name, f"{name} would reach {LARGEST:,}.")


async def _edited(
    session: Session, author: Author, request: Row, product_id: str | None = None
) -> Change:
    step = Advance(action=_EDIT, told={"changed": ["lines"]})
    await steps.advance(session, author, request, step)
    change = await steps.shown(session, request.id, "The line was taken off.")
    line = next((one for one in change.lines if one.product_id == product_id), None)
    if line is None:
        return change
    message = f"{plain(line.requested)} of {line.sku} are asked for."
    return steps.about(change, line.id, message)
