"""What stock requests come to: the dashboard, sums by category, filters, the search of products."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.errors import Invalid
from models import locations
from models.requesting import reports, searching
from models.session import Session
from services import checks, records

SEARCH_MAX = 200  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Which requests a dashboard is about: of one location, made between two moments."""

    location_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A search of products that can be asked for; `page` from 1."""

    said: str
    requesting_location_id: str | None = None
    fulfilling_location_id: str | None = None
    page: int = 1
    limit: int = 20


@dataclass(frozen=True, slots=True)
class Found:
    """The rows of one page, and how many match in all."""

    rows: Sequence[Any]
    total: int


async def dashboard(session: Session, span: Span, key_id: str) -> Mapping[str, Any]:
    """What the requests of this span come to, for who has this key; one statement.

    Raises:
        NotFound: there is no such location.
    """
    found: Mapping[str, Any] = await session.call(
        reports.DASHBOARD, span.location_id, span.since, span.until, key_id
    )
    if not found["total"]:  # else the location is one that asks or sends
        await _require(session, locationId=span.location_id)
    return found


async def by_category(session: Session, filters: Sequence[tuple[str, Any]]) -> Sequence[Any]:
    """What requests under these filters ask for, by category; without a category last."""
    return await session.all(reports.by_category(filters))


async def filters(session: Session) -> Mapping[str, list[Any]]:
    """The values in use of each filter, the most used first."""
    found: dict[str, list[Any]] = {}
    for row in await session.call(reports.FILTERS):
        found.setdefault(row["filter"], []).append(row)
    return found


async def search(session: Session, wish: Search) -> Found:
    """Products that match, the closest first, with what is there of them; one statement.

    Raises:
        Invalid: nothing is searched, or too much.
        NotFound: there is no such location.
    """
    if not wish.said.strip():
        raise Invalid("q", "q is required")
    if len(wish.said) > SEARCH_MAX:
        raise Invalid("q", f"q has more than {SEARCH_MAX} characters.")
    checks.notes({"q": wish.said}, "q")
    places = {
        "locationId": wish.requesting_location_id,
        "fulfillingLocationId": wish.fulfilling_location_id,
    }
    rows = await session.all(
        searching.found(
            wish.said,
            wish.requesting_location_id,
            wish.fulfilling_location_id,
            wish.limit,
            (wish.page - 1) * wish.limit,
        )
    )
    if not rows or not rows[0].places_known:
        await _require(session, **places)
    if rows:
        return Found(rows, rows[0].total)
    return Found(
        rows, int(await session.scalar(searching.count(wish.said))) if wish.page > 1 else 0
    )


async def _require(session: Session, **ids: str | None) -> None:
    for name, id in ids.items():
        await records.require(session, locations.locations, "Location", id, name)
