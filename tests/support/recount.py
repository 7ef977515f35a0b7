"""Counts stock requests again in plain Python, from every row, as slowly as can be."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import text

from world import World

STATES = (
    "DRAFT",
    "SUBMITTED",
    "APPROVED",
    "ALLOCATED",
    "ISSUED",
    "RECEIVED",
    "CLOSED",
    "REJECTED",
    "CANCELLED",
)
LINES = "stock_request_lines"
TYPES = ("STOCK", "ADHOC", "E_REQUEST")
PRIORITIES = ("LOW", "NORMAL", "HIGH", "URGENT")
UNDER_WAY = ("SUBMITTED", "APPROVED", "ALLOCATED", "ISSUED")
SENT = ("ISSUED", "RECEIVED", "CLOSED")
AGES = (("0-1", 0, 1), ("1-3", 1, 3), ("3-7", 3, 7), ("7-14", 7, 14), ("14+", 14, 10**6))


async def rows_of(world: World, table: str) -> Sequence[Any]:
    async with world.read() as session:
        statement = text(f"select * from {table} where tenant_id = stock_tenant()")
        return await session.all(statement)


async def dashboard(
    world: World, now: datetime, key_id: str, since: datetime | None = None
) -> dict[str, Any]:
    """The dashboard of all requests as REST shows it; the tenant's days are those of UTC."""
    requests = made_since(since, await rows_of(world, "stock_requests"))
    status = {one.id: one.status for one in requests}
    lines = [line for line in await rows_of(world, LINES) if line.request_id in status]
    sent = [line for line in lines if status[line.request_id] in SENT]
    products = {one.id: one for one in await rows_of(world, "products")}
    return {
        "total": len(requests),
        "byStatus": counts(STATES, (one.status for one in requests)),
        "byType": counts(TYPES, (one.type for one in requests)),
        "byPriority": counts(PRIORITIES, (one.priority for one in requests)),
        "pendingApprovals": sum(
            one.status == "SUBMITTED" and one.created_by["id"] != key_id for one in requests
        ),
        "overdue": sum(
            one.status in UNDER_WAY and one.needed_by is not None and one.needed_by < now.date()
            for one in requests
        ),
        "backOrderLines": sum(
            status[line.request_id] in ("ALLOCATED", "ISSUED", "RECEIVED")
            and (line.approved or 0) > line.allocated + line.issued
            for line in lines
        ),
        "ageing": ages(requests, now),
        "fillRate": share(sum(line.issued for line in sent), sum(line.requested for line in sent)),
        "lineFillRate": share(sum(line.issued >= line.requested for line in sent), len(sent)),
        "averageHours": {
            "submitToApprove": hours(
                (one.submitted_at, one.decided_at) for one in requests if one.status != "REJECTED"
            ),
            "approveToIssue": hours((one.decided_at, one.issued_at) for one in requests),
            "submitToReceive": hours((one.submitted_at, one.received_at) for one in requests),
        },
        "topProducts": top(lines, products),
        "trend": trend(requests, now, since),
    }


async def by_category(world: World) -> list[dict[str, Any]]:
    """What is asked for by category, as REST shows it."""
    products = {one.id: one for one in await rows_of(world, "products")}
    names = {one.id: one.name for one in await rows_of(world, "categories")}
    found: dict[Any, list[Any]] = {}
    for line in await rows_of(world, LINES):
        found.setdefault(products[line.product_id].category_id, []).append(line)
    ordered = sorted(found, key=lambda key: (key is None, names.get(key), key))
    return [
        {
            "categoryId": id,
            "categoryName": names.get(id),
            "requestCount": len({line.request_id for line in found[id]}),
            "lineCount": len(found[id]),
            "requestedQuantity": plain(sum(line.requested for line in found[id])),
            "approvedQuantity": plain(sum(line.approved or 0 for line in found[id])),
            "issuedQuantity": plain(sum(line.issued for line in found[id])),
            "value": plain(
                sum(
                    (line.requested if line.approved is None else line.approved)
                    * (products[line.product_id].unit_cost or 0)
                    for line in found[id]
                )
            ),
        }
        for id in ordered
    ]


async def choices(world: World) -> dict[str, list[dict[str, Any]]]:
    """What requests can be filtered by, as REST shows it."""
    requests = await rows_of(world, "stock_requests")
    places = {one.id: one.name for one in await rows_of(world, "locations")}
    groups = {one.id: one.name for one in await rows_of(world, "categories")}
    group = {one.id: one.category_id for one in await rows_of(world, "products")}
    asked = {(line.request_id, group[line.product_id]) for line in await rows_of(world, LINES)}
    keys = {one.created_by["id"]: one.created_by["name"] for one in requests}
    return {
        "statuses": chosen((one.status for one in requests), said),
        "types": chosen((one.type for one in requests), said),
        "priorities": chosen((one.priority for one in requests), said),
        "requestingLocations": chosen((one.requesting_location_id for one in requests), places.get),
        "fulfillingLocations": chosen((one.fulfilling_location_id for one in requests), places.get),
        "categories": chosen((id for _, id in asked if id is not None), groups.get),
        "requesters": chosen((one.created_by["id"] for one in requests), keys.get),
    }


def chosen(found: Iterable[str], label: Callable[[str], str | None]) -> list[dict[str, Any]]:
    """The values, the most used first, and of equals in the order of their labels."""
    rows = [
        {"value": value, "label": label(value), "count": n} for value, n in Counter(found).items()
    ]
    return sorted(rows, key=lambda row: (-row["count"], row["label"], row["value"]))


def said(word: str) -> str:
    return word.replace("_", " ").capitalize()


def made_since(since: datetime | None, requests: Sequence[Any]) -> list[Any]:
    return [one for one in requests if since is None or one.created_at >= since]


def counts(words: Iterable[str], found: Iterable[str]) -> list[dict[str, Any]]:
    there = Counter(found)
    return [{"value": word, "count": there[word]} for word in words]


def ages(requests: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    days = [(now - one.submitted_at) / timedelta(days=1) for one in requests if is_open(one)]
    return [
        {"bucket": name, "count": sum(low <= day < high for day in days)}
        for name, low, high in AGES
    ]


def is_open(request: Any) -> bool:
    return request.status in UNDER_WAY


def share(part: Any, whole: Any) -> float | None:
    return rounded(Decimal(part) / Decimal(whole), "0.0001") if whole else None


def hours(spans: Iterable[tuple[datetime | None, datetime | None]]) -> float | None:
    taken = [(b - a) / timedelta(hours=1) for a, b in spans if a is not None and b is not None]
    return rounded(Decimal(sum(taken)) / len(taken), "0.01") if taken else None


def top(lines: Sequence[Any], products: dict[str, Any]) -> list[dict[str, Any]]:
    found: dict[str, list[Any]] = {}
    for line in lines:
        found.setdefault(line.product_id, []).append(line)
    rows = [
        {
            "productMasterId": id,
            "productName": products[id].name,
            "globalSku": products[id].sku,
            "requestCount": len(own),
            "requestedQuantity": plain(sum(line.requested for line in own)),
            "issuedQuantity": plain(sum(line.issued for line in own)),
        }
        for id, own in found.items()
    ]
    rows.sort(key=lambda row: (-row["requestedQuantity"], row["productMasterId"]))
    return rows[:10]


def trend(requests: Sequence[Any], now: datetime, since: datetime | None) -> list[dict[str, Any]]:
    made = Counter(one.created_at.astimezone(UTC).date() for one in requests)
    done = Counter(
        one.closed_at.astimezone(UTC).date() for one in requests if one.status == "CLOSED"
    )
    many = 30 if since is None else (now.date() - since.date()).days + 1
    days = [now.date() - timedelta(days=n) for n in range(many - 1, -1, -1)]
    return [{"date": day.isoformat(), "created": made[day], "closed": done[day]} for day in days]


def rounded(number: Decimal, step: str) -> float:
    return float(number.quantize(Decimal(step), ROUND_HALF_UP))


def plain(number: Any) -> float:
    return float(number)
