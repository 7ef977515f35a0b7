"""When what is on back order could be sent: the first day on which it is there beside all else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from domain.quantities import ZERO
from models.session import Session
from services import atp
from services.atp import Ahead, PolicyBook, project


@dataclass(frozen=True, slots=True, kw_only=True)
class BackOrder:
    """Units of a line that could not be met: `planned` of it are still to be sent in all."""

    location_id: str
    product_id: str
    units: Decimal
    planned: Decimal
    needed_by: date | None


async def expected_on(session: Session, orders: Sequence[BackOrder]) -> Mapping[BackOrder, date]:
    """The first day for which each could be had beside what is promised and planned otherwise.

    Those that cannot within the horizon are left out.
    """
    pairs = sorted({(one.location_id, one.product_id) for one in orders})
    places = await atp.by_pairs(session, pairs, PolicyBook([]))
    lookouts = await atp.lookouts(session, pairs)
    today = await atp.today(session)
    found = {}
    for one in orders:
        pair = (one.location_id, one.product_id)
        due = 0 if one.needed_by is None else max(0, (one.needed_by - today).days)
        ahead = _without(lookouts[pair].ahead, due, one.planned)
        curve = project(places[pair].numbers.present, ahead).promisable
        day = next((day for day in curve.days if curve.at(day) >= one.units), None)
        if day is not None:
            found[one] = atp.day_of(today, day)
    return found


def _without(ahead: Ahead, day: int, units: Decimal) -> Ahead:
    """What is ahead without so many units that are planned for a day."""
    planned = []
    for when, many in ahead.planned:
        less = min(units, many) if when == day else ZERO
        units -= less
        if many > less:
            planned.append((when, many - less))
    return replace(ahead, planned=tuple(planned))
