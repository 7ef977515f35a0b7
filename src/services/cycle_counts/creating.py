"""Makes counts: of a location, of products, of bins, or of what is due by its class."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from domain import ids
from domain.actor import Actor
from domain.count_errors import NothingToCount
from domain.errors import BinRefused, Invalid, LimitExceeded, NotFound
from domain.machines.cycle_counts import CYCLE_COUNTS
from domain.pages import PageWish
from domain.permissions import Permission
from models import catalog, counting, cycle_counts, locations, tenants
from models import records as statements
from models.abc import Choice
from models.session import Session
from services import abc, checks, keys, records
from services.cycle_counts import outcomes
from services.cycle_counts.outcomes import REGISTER, Outcome

TYPES = ("FULL", "PARTIAL", "SPOT_CHECK")
LINES_MAX = 10_000
NAMED_MAX = 2_000  # products or bins that a count may name


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A wish for a count: of all that is at a location, or of the named products or bins.

    What is None is as the count settings say. `empty` counts empty buckets as well.
    """

    location_id: str
    type: str
    product_ids: Sequence[str] | None = None
    bin_ids: Sequence[str] | None = None
    count_date: date | None = None
    blind: bool | None = None
    assigned_to: str | None = None
    auto_adjust: bool | None = None
    notes: str | None = None
    empty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AbcWish:
    """A wish for a count of the products of some classes, those first that need it most."""

    count: Wish
    classes: Sequence[str] = ()
    due_only: bool = True
    max_items: int | None = None


async def create(session: Session, actor: Actor, wish: Wish) -> Outcome:
    """Make a count with its lines, in walking order.

    Raises:
        Invalid: a value breaks a rule.
        NotFound: something that is named is not there.
        BinRefused: a bin is at another location.
        NothingToCount: it would have no lines.
        LimitExceeded: it would have too many.
    """
    await _check(session, wish)
    run = await abc.latest(session, actor.author, wish.location_id)
    row = await _made(session, actor, wish, run.id)
    return await outcomes.of(session, row.id, f"Created {row.number} with {row.line_count} lines.")


async def create_by_class(session: Session, actor: Actor, wish: AbcWish) -> Outcome:
    """Make a count of products by their class; only of those that are due unless told.

    Raises:
        NothingToCount: none is due.
        As `create`.
    """
    if wish.max_items is not None and not 1 <= wish.max_items <= NAMED_MAX:
        raise Invalid("maxItems", f"maxItems must be from 1 to {NAMED_MAX}.")
    await _check(session, replace(wish.count, product_ids=["x"]), is_named=False)
    inputs = await abc.inputs_of(session, abc.Wish(location_id=wish.count.location_id))
    # Who may only count gets them in an order that tells nothing of quantities.
    may_read = Permission.INVENTORY_READ in actor.permissions
    page = await abc.classify(
        session,
        inputs,
        Choice(classes=tuple(wish.classes), due_only=wish.due_only),
        "candidate" if may_read else "turn",
        PageWish(limit=wish.max_items or NAMED_MAX),
    )
    if not page.rows:
        raise NothingToCount("classes", "No product of these classes is to be counted there.")
    products = [row.product_id for row in page.rows]
    return await create(session, actor, replace(wish.count, product_ids=products))


async def assignee(session: Session, name: str | None) -> dict[str, str] | None:
    """Who is to count: the key with this id, or somebody by a name of their own.

    Raises:
        Invalid: it is no line of text.
    """
    if name is None:
        return None
    checks.texts({"assigned_to": name}, "assigned_to")
    key = (await keys.api_keys.by_ids(session, [name])).get(name)
    return {"id": name, "name": name if key is None else key.name}


async def _check(session: Session, wish: Wish, *, is_named: bool = True) -> None:
    checks.one_of({"type": wish.type}, "type", TYPES)
    checks.notes({"notes": wish.notes}, "notes")
    place = wish.location_id
    await records.require(session, locations.locations, "Location", place, "locationId")
    for name, named in (("productIds", wish.product_ids), ("binIds", wish.bin_ids)):
        if named is not None and len(named) > NAMED_MAX:
            raise LimitExceeded(name, f"{name} has more than {NAMED_MAX} ids.", max=NAMED_MAX)
    if wish.type != "FULL" and not wish.product_ids and not wish.bin_ids:
        raise NothingToCount("productIds", "Name the products or the bins that are to be counted.")
    if is_named and wish.product_ids:
        await _require(session, catalog.products, "Product", wish.product_ids, "productIds")
    if wish.bin_ids:
        found = await _require(session, locations.bins, "Bin", wish.bin_ids, "binIds")
        for index, id in enumerate(wish.bin_ids):
            if found[id].location_id != place:
                raise BinRefused(f"binIds[{index}]", "The bin is at another location.")


async def _require(
    session: Session, table: Any, thing: str, wanted: Sequence[str], name: str
) -> Mapping[str, Any]:
    found = {row.id: row for row in await session.all(statements.by_ids(table, wanted))}
    for index, id in enumerate(wanted):
        if id not in found:
            raise NotFound(thing, f"{name}[{index}]")
    return found


async def _made(session: Session, actor: Actor, wish: Wish, run_id: str) -> Any:
    settings = await abc.settings(session)
    (number,) = await REGISTER.numbers(session, 1)
    assigned = await assignee(session, wish.assigned_to)
    author = actor.author
    id = ids.new("count_")
    values = {
        "id": id,
        "number": number,
        "status": CYCLE_COUNTS.initial if assigned is None else "ASSIGNED",
        "location_id": wish.location_id,
        "type": wish.type,
        "blind": settings.blind if wish.blind is None else wish.blind,
        "auto_adjust": settings.auto_adjust if wish.auto_adjust is None else wish.auto_adjust,
        "count_date": wish.count_date or await session.scalar(tenants.today()),
        "assigned_to": assigned,
        "notes": wish.notes,
        "abc_run_id": run_id,
        "created_by": {"id": author.id, "name": author.name},
    }
    table = cycle_counts.cycle_counts
    await session.run(statements.add(table, values))
    count = await session.call(
        counting.MAKE_LINES,
        id,
        wish.location_id,
        run_id,
        *(None if not named else list(named) for named in (wish.product_ids, wish.bin_ids)),
        wish.empty,
        LINES_MAX,
    )
    if count == 0:
        raise NothingToCount("locationId", "Nothing of that is at the location.")
    if count > LINES_MAX:
        text = f"A count has at most {LINES_MAX} lines: count bins or products of it."
        raise LimitExceeded("locationId", text, max=LINES_MAX)
    row = await session.one(counting.set_line_count(id, count))
    await REGISTER.made(session, author, [row])
    return row
