"""The feed: every change in the order of its number, for systems that follow the stock."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import strawberry

from domain.errors import Invalid, LimitExceeded
from domain.names import camel
from domain.pages import FIRST_DEFAULT, FIRST_MAX
from domain.permissions import Permission
from resolvers import kinds
from resolvers.authors import Author
from resolvers.fields import guarded, input_, output, plain
from resolvers.ledger import PostingKind
from resolvers.lists import Info, conditions, linked
from resolvers.pages import PageInfo
from resolvers.scalars import JSON, Cursor, Quantity
from services import feed

_VALUES_MAX = 100  # of one condition
# Topics that begin so are shown to keys with this right alone; `inventory.read` covers the others.
_RIGHTS: Mapping[str, Permission] = {
    "transfer": Permission.TRANSFERS_READ,
    "replenishment": Permission.REPLENISHMENT_READ,
    "stock_request": Permission.STOCKREQUESTS_READ,
}


@input_
class ChangeFilter:
    """What changes must be like; all conditions together."""

    topics: list[str] | None = strawberry.UNSET
    """One of these topics, such as `stock.posted` or `hold.placed`."""

    aggregate_ids: list[strawberry.ID] | None = strawberry.UNSET
    """What changed has one of these ids."""

    product_ids: list[strawberry.ID] | None = strawberry.UNSET
    """It is about one of these products."""

    location_ids: list[strawberry.ID] | None = strawberry.UNSET
    """It is about one of these locations."""

    inventory_item_ids: list[strawberry.ID] | None = strawberry.UNSET
    """It is about one of these inventory items."""


@output
class BalanceChange:
    """One entry of a posting, as a change of a bucket's balance."""

    sequence: int
    """1, 2, 3 … within its bucket, without gaps: a follower can see that it has missed none."""

    kind: PostingKind
    """What kind of act it was."""

    before: Quantity
    """Units that the bucket held before."""

    delta: Quantity
    """Units that came in; below zero for units that went out."""

    after: Quantity
    """Units that the bucket held after."""

    occurred_at: datetime
    """When it happened."""

    inventory_item_id: strawberry.Private[str]
    product_id: strawberry.Private[str]
    location_id: strawberry.Private[str]

    @linked(kinds.INVENTORY_ITEM)
    def item(self) -> str:
        """The bucket."""
        return self.inventory_item_id

    @linked(kinds.PRODUCT)
    def product(self) -> str:
        """The product."""
        return self.product_id

    @linked(kinds.LOCATION)
    def location(self) -> str:
        """The location."""
        return self.location_id

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> "BalanceChange":
        """This entry of a payload as the graph shows it."""
        return cls(
            sequence=entry["sequence"],
            kind=PostingKind(entry["kind"]),
            before=entry["quantityBefore"],
            delta=entry["delta"],
            after=entry["quantityAfter"],
            occurred_at=datetime.fromisoformat(entry["occurredAt"]),
            inventory_item_id=entry["inventoryItemId"],
            product_id=entry["productId"],
            location_id=entry["locationId"],
        )


@output
class ChangeCause:
    """What brought a change about."""

    posting_kind: PostingKind | None
    """The kind of posting, for a change of balances."""

    document_type: str | None
    """The kind of document that caused it; absent where none did."""

    document_id: strawberry.ID | None
    """The id of the document that caused it; absent where none did."""

    reference: str | None
    """The caller's own name for it, such as an order's number."""

    import_id: strawberry.ID | None
    """The import that brought it; absent for what came in another way."""

    reverses_id: strawberry.ID | None
    """The posting that it takes back; absent for what takes none back."""


@output
class Change:
    """One change of stock, of a hold, a lot, a policy or another record, told once it was kept."""

    id: strawberry.ID
    """Names the change. Whoever gets it twice knows it by this."""

    number: strawberry.Private[int]

    topic: str
    """What happened to what: `stock.posted`, `hold.placed`, `lot.changed` …"""

    aggregate_id: strawberry.ID
    """The id of what changed: a posting, a hold, a lot …"""

    created_at: datetime
    """When it was recorded."""

    payload: strawberry.Private[Mapping[str, Any]]

    @plain
    def actor(self) -> Author:
        """Who did it."""
        actor = self.payload["actor"]
        return Author(id=strawberry.ID(actor["id"]), name=actor["name"])

    @plain
    def reason(self) -> str | None:
        """Why, in words; absent where nothing was said."""
        said: str | None = self.payload.get("reason") or self.payload.get("comment")
        return said

    @linked(kinds.REASON_CODE)
    def reason_code(self) -> str | None:
        """Why, as a reason code; absent where none was given."""
        return self.payload.get("reasonCodeId")

    @plain
    def cause(self) -> ChangeCause:
        """What brought it about."""
        payload = self.payload
        kind = payload.get("kind") if "entries" in payload else None
        ids = {name: payload.get(name) for name in ("documentId", "importId", "reversesId")}
        shown = {name: id and strawberry.ID(id) for name, id in ids.items()}
        return ChangeCause(
            posting_kind=kind and PostingKind(kind),
            document_type=payload.get("documentType"),
            document_id=shown["documentId"],
            reference=payload.get("reference"),
            import_id=shown["importId"],
            reverses_id=shown["reversesId"],
        )

    @plain
    def balances(self) -> list[BalanceChange]:
        """The balances that a posting changed; none for a change of another record."""
        return [BalanceChange.of(entry) for entry in self.payload.get("entries", ())]

    @plain
    def before(self) -> JSON | None:
        """The record before; absent for one that was not there, and for balances."""
        return self.payload.get("before")

    @plain
    def after(self) -> JSON | None:
        """The record after; absent for one that is gone, and for balances."""
        return self.payload.get("after")

    @linked(kinds.POSTING)
    def posting(self) -> str | None:
        """The document in the ledger; absent for a change of another record."""
        return self.aggregate_id if "entries" in self.payload else None

    @classmethod
    def of(cls, row: Any) -> "Change":
        """This event as the graph shows it."""
        return cls(
            id=strawberry.ID(row.id),
            number=row.number,
            topic=row.topic,
            aggregate_id=strawberry.ID(row.aggregate_id),
            created_at=row.created_at,
            payload=row.payload,
        )


@output
class ChangeEdge:
    """A change with its place in the feed."""

    cursor: Cursor
    """The change's number as text: 1, 2, 3 … for each company, without gaps. It never changes, and
    survives a dump and its restoration."""

    node: Change
    """The change."""


@output
class ChangeConnection:
    """A part of the feed, in the order of the numbers."""

    page: strawberry.Private[feed.Changes]
    asked_after: strawberry.Private[int]

    @plain
    def edges(self) -> list[ChangeEdge]:
        """The changes of this part with their numbers."""
        return [ChangeEdge(cursor=_cursor(row.number), node=Change.of(row)) for row in self._rows]

    @plain
    def nodes(self) -> list[Change]:
        """The changes of this part."""
        return [Change.of(row) for row in self._rows]

    @plain
    def page_info(self) -> PageInfo:
        """Where this part stands in the feed.

        Under a filter a part may have few changes or none though there are more: `endCursor` is
        how far was looked, and good to go on from in any case.
        """
        page = self.page
        return PageInfo(
            has_next_page=page.end < page.last,
            has_previous_page=self.asked_after > 0,
            start_cursor=_cursor(page.rows[0].number) if page.rows else None,
            end_cursor=_cursor(page.end),
        )

    @plain
    def last_cursor(self) -> Cursor:
        """The number of the newest change of all; `0` while there is none."""
        return _cursor(self.page.last)

    @property
    def _rows(self) -> Sequence[Any]:
        return self.page.rows


@output
class FeedQueries:
    """Reads of the feed."""

    @guarded(needs=Permission.INVENTORY_READ)
    async def changes(
        self,
        info: Info,
        after: Cursor | None = None,
        first: int = FIRST_DEFAULT,
        filter: ChangeFilter | None = None,
    ) -> ChangeConnection:
        """The changes after one that is known, in the order of their numbers.

        Whoever keeps the last `endCursor` and asks for what comes after it gets every change once.
        A change is told within a second of its commit, and none before one that was committed
        earlier and touched the same stock. Changes of documents that the key may not read are left
        out.

        Args:
            after: The number of the last change that is known; from the first one when it is left
                out.
            first: How many changes at most, up to 200.
            filter: What they must be like.
        """
        _check_first(first)
        known = _number(after)
        filters = _conditions(filter) | _hidden(info)
        page = await info.context.read(feed.changes, known, first, filters)
        return ChangeConnection(page=page, asked_after=known)


def _cursor(number: int) -> Cursor:
    return Cursor(str(number))


def _number(after: Cursor | None) -> int:
    if after is None:
        return 0
    if not (after.isascii() and after.isdigit() and len(after) <= _DIGITS):
        raise Invalid("after", "after must be the number of a change, such as 1042.")
    return int(after)


_DIGITS = 18


def _check_first(first: int) -> None:
    if first < 0:
        raise Invalid("first", "first must be at least 0.")
    if first > FIRST_MAX:
        raise LimitExceeded("first", f"first must be at most {FIRST_MAX}.", max=FIRST_MAX)


def _conditions(filter: ChangeFilter | None) -> dict[str, Sequence[str]]:
    found = {} if filter is None else dict(conditions(filter))
    for name, values in found.items():
        if len(values) > _VALUES_MAX:
            field = f"filter.{camel(name)}"
            message = f"{field} has more than {_VALUES_MAX} values."
            raise LimitExceeded(field, message, max=_VALUES_MAX)
    return found


def _hidden(info: Info) -> dict[str, Sequence[str]]:
    held = info.context.actor.permissions
    hidden = [topic for topic, right in _RIGHTS.items() if right not in held]
    return {"hidden": hidden} if hidden else {}
