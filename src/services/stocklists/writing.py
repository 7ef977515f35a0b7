"""Makes, changes, publishes and clones stocklists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.actor import Author
from domain.errors import Conflict, DuplicateLine, Invalid, LimitExceeded, NotFound, QuantityRefused
from domain.quantities import exact, plain
from models import catalog, locations, stocklisting
from models import records as statements
from models.session import Session
from models.stocklists import stocklists
from services import checks, outbox, records
from services.stocklists import reading

LINES_MAX = 500
PERIOD_DAYS_MAX = 3_660
TYPES = ("PULL", "PUSH")
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A stocklist as it stands after an act, with its lines."""

    stocklist: Any
    lines: Sequence[Any]
    message: str
    touched: Sequence[tuple[str, str]] = ()


async def create(session: Session, author: Author, values: Values) -> Change:
    """Make a stocklist as a draft.

    Raises:
        Invalid and its kinds: a value breaks a rule.
        NotFound: it names what is not there.
        AlreadyExists: the name is taken.
    """
    head = {name: value for name, value in values.items() if name != "lines"}
    await _check(session, {"period_days": None, **head})
    made = {**head, "created_by": {"id": author.id, "name": author.name}}
    row = await records.add(session, stocklists, "Stocklist", "slist_", made)
    await _set_lines(session, row.id, values.get("lines") or [])
    return await _changed(session, author, row, "created", f"The stocklist {row.name} was made.")


async def update(
    session: Session, author: Author, id: str, values: Values, expected_version: int | None
) -> Change:
    """Change a stocklist, in use or not; lines that are given take the place of those there are.

    Raises:
        NotFound, StaleVersion: there is none, or not at that version.
        Invalid and its kinds, AlreadyExists: as when it is made.
        Conflict: it is retired.
    """
    row = await _locked(session, id, expected_version)
    if row.state == "RETIRED":
        raise Conflict("The stocklist is retired: clone it.", details={"state": row.state})
    head = {name: value for name, value in values.items() if name != "lines"}
    checks.given(head, stocklists)
    kept = {name: getattr(row, name) for name in (*_PLACES, "period_days")}
    await _check(session, {**kept, **head})
    if head.get("period_days", row.period_days) is None:
        head["next_on"] = None
    lines = values.get("lines")
    if lines is not None:
        if row.state == "PUBLISHED" and not lines:
            raise Conflict("A stocklist in use has at least one line.", field="lines")
        await session.run(stocklisting.remove_lines(id))
        await _set_lines(session, id, lines)
    row = await records.change(session, stocklists, row, head, touched=lines is not None)
    return await _changed(session, author, row, "changed", f"The stocklist {row.name} was changed.")


async def publish(
    session: Session, author: Author, id: str, expected_version: int | None = None
) -> Change:
    """Put a stocklist to use: requests are made from it, by call and by its period.

    One with a period is due at once, unless it names its next day.

    Raises:
        NotFound, StaleVersion: there is none, or not at that version.
        Conflict: it is in use already, or has no lines.
    """
    row = await _locked(session, id, expected_version)
    if row.state == "PUBLISHED":
        raise Conflict("The stocklist is published already.", details={"state": row.state})
    if not (await reading.lines_of(session, [id])).get(id):
        raise Conflict("The stocklist has no lines.", field="lines")
    values = {"state": "PUBLISHED", "next_on": row.next_on}
    if row.period_days is not None and row.next_on is None:
        values["next_on"] = await session.scalar(stocklisting.today())
    row = await records.change(session, stocklists, row, values)
    message = f"The stocklist {row.name} is in use."
    return await _changed(session, author, row, "published", message)


async def retire(
    session: Session, author: Author, id: str, expected_version: int | None = None
) -> Change:
    """Put a stocklist out of use; requests that were made from it go on.

    Raises:
        NotFound, StaleVersion: there is none, or not at that version.
        Conflict: it is not in use.
    """
    row = await _locked(session, id, expected_version)
    if row.state != "PUBLISHED":
        raise Conflict("The stocklist is not in use.", details={"state": row.state})
    row = await records.change(session, stocklists, row, {"state": "RETIRED", "next_on": None})
    message = f"The stocklist {row.name} is out of use."
    return await _changed(session, author, row, "retired", message)


async def clone(session: Session, author: Author, id: str, values: Values) -> Change:
    """Make a draft that is like another stocklist, but for what the values say.

    Raises:
        NotFound: there is none.
        Invalid and its kinds, AlreadyExists: as when it is made.
    """
    row = await records.get(session, stocklists, "Stocklist", id)
    head = {name: getattr(row, name) for name in ("type", "period_days", *_PLACES)}
    lines = (await reading.lines_of(session, [id])).get(id, [])
    copied = [{name: getattr(line, name) for name in _LINE} for line in lines]
    return await create(session, author, {**head, **values, "lines": copied})


async def delete(session: Session, id: str, expected_version: int | None) -> None:
    """Delete a stocklist from which no request was made.

    Raises:
        NotFound, StaleVersion: there is none, or not at that version.
        InUse: requests were made from it; retire it instead.
    """
    row = await _locked(session, id, expected_version)
    await session.run(stocklisting.remove_lines(id))
    await records.remove(session, stocklists, row)


_PLACES = ("requesting_location_id", "fulfilling_location_id")
_LINE = ("product_id", "max_quantity", "pack_size")


async def _locked(session: Session, id: str, expected_version: int | None) -> Any:
    return await records.get_locked(session, stocklists, "Stocklist", id, expected_version)


async def _check(session: Session, values: Values) -> None:
    checks.texts(values, "name")
    checks.one_of(values, "type", TYPES)
    days = values.get("period_days")
    if days is None and values.get("next_on") is not None and "period_days" in values:
        raise Invalid("nextOn", "A stocklist without a period has no next day.")
    if days is not None and not 1 <= days <= PERIOD_DAYS_MAX:
        raise Invalid("periodDays", f"periodDays must be from 1 to {PERIOD_DAYS_MAX:,}.")
    for name, field in zip(_PLACES, ("requestingLocationId", "fulfillingLocationId"), strict=True):
        await records.require(session, locations.locations, "Location", values[name], field)
    if values[_PLACES[0]] == values[_PLACES[1]]:
        raise Invalid("fulfillingLocationId", "A location asks another one than itself.")


async def _set_lines(session: Session, id: str, lines: Sequence[Values]) -> None:
    if len(lines) > LINES_MAX:
        message = f"A stocklist has at most {LINES_MAX} lines."
        raise LimitExceeded("lines", message, max=LINES_MAX)
    found = await session.all(
        statements.by_ids(catalog.products, {line["product_id"] for line in lines})
    )
    products = {row.id: row for row in found}
    first: dict[str, int] = {}
    for index, line in enumerate(lines):
        _check_line(f"lines[{index}].", line, products.get(line["product_id"]))
        other = first.setdefault(line["product_id"], index)
        if other != index:
            text = f"lines[{index}] is about the same product as lines[{other}]."
            raise DuplicateLine(f"lines[{index}].productId", text, line=other)
    rows = [
        {"stocklist_id": id, "ordinal": n, "pack_size": _pack(line, products), **_line(line)}
        for n, line in enumerate(lines, 1)
    ]
    if rows:
        await session.run(stocklisting.add_lines(rows))


def _pack(line: Values, products: Mapping[str, Any]) -> Any:
    """The size of a pack where none is told: the least quantity of the product."""
    return products[line["product_id"]].quantity_step


def _line(line: Values) -> dict[str, Any]:
    return {name: line[name] for name in _LINE if line.get(name) is not None}


def _check_line(field: str, line: Values, product: Any) -> None:
    if product is None:
        raise NotFound("Product", f"{field}productId")
    for name, camel in (("max_quantity", "maxQuantity"), ("pack_size", "packSize")):
        value = line.get(name)
        if value is None:
            continue
        if exact(value, f"{field}{camel}") <= 0:
            raise QuantityRefused(f"{field}{camel}", f"{field}{camel} must be above 0.")
    pack = line.get("pack_size")
    if pack is not None and pack % product.quantity_step:
        step = plain(product.quantity_step)
        text = f"{field}packSize must be a multiple of {step}."
        raise QuantityRefused(f"{field}packSize", text, step=step)


async def _changed(session: Session, author: Author, row: Any, what: str, message: str) -> Change:
    payload = {
        "name": row.name,
        "state": row.state,
        "requestingLocationId": row.requesting_location_id,
        "fulfillingLocationId": row.fulfilling_location_id,
        "actor": {"id": author.id, "name": author.name},
    }
    await outbox.emit(session, f"stocklist.{what}", row.id, payload)
    shown = await reading.stocklists.by_ids(session, [row.id])
    lines = (await reading.lines_of(session, [row.id])).get(row.id, [])
    return Change(stocklist=shown[row.id], lines=lines, message=message)
