"""Acts on a house over the graph, and reads back all of it that its model knows."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text

from graph import answer, refusal
from house_model import Level
from ledger_model import Bucket
from models.session import Session
from world import World

_PLACES = "i.location_id, i.product_id, i.bin_id, i.lot_id"
_BUCKETS = f"""
select i.id, {_PLACES}, i.on_hand, i.held, i.expired, i.reserved, i.last_counted_at,
  coalesce((select sum(e.delta) from ledger_entries e
    where e.tenant_id = i.tenant_id and e.inventory_item_id = i.id), 0) as posted
from item_quantities i where i.tenant_id = stock_tenant()
"""
_ENTRIES = f"""
select {_PLACES}, e.delta, p.id as posting_id
from ledger_entries e
join postings p on p.tenant_id = e.tenant_id and p.id = e.posting_id
join inventory_items i on i.tenant_id = e.tenant_id and i.id = e.inventory_item_id
where e.tenant_id = stock_tenant() order by p.recorded_at, p.xid, p.id, e.ordinal
"""
_ASIDE = f"""
select r.reference, {_PLACES}, sum(r.quantity) as quantity
from reservations r
join inventory_items i on i.tenant_id = r.tenant_id and i.id = r.inventory_item_id
where r.tenant_id = stock_tenant() and r.state = 'ACTIVE' and r.kind = 'HARD'
group by r.reference, i.location_id, i.product_id, i.bin_id, i.lot_id
"""
_LEVELS = """
select location_id, product_id, on_hand, expired, held, reserved
from {} where tenant_id = stock_tenant()
"""
_TRANSFERS = """
select t.id, t.number, t.status, t.source_location_id, t.dest_location_id, t.origin_id,
  l.id as line_id, l.product_id, l.quantity, l.picked,
  array[l.shipped, l.received, l.damaged, l.short, l.returned] as told,
  coalesce(sum(x.delta), 0) as in_transit
from transfers t
join transfer_lines l on l.tenant_id = t.tenant_id and l.transfer_id = t.id
left join transit_entries x on x.tenant_id = l.tenant_id and x.line_id = l.id
where t.tenant_id = stock_tenant()
group by t.tenant_id, t.id, l.tenant_id, l.id order by t.id, l.ordinal
"""
_REQUESTS = """
select r.id, r.number, r.status, l.id as line_id,
  array[l.approved, l.allocated, l.issued, l.received, l.lost] as told
from stock_requests r
join stock_request_lines l on l.tenant_id = r.tenant_id and l.request_id = r.id
where r.tenant_id = stock_tenant()
"""
_RESERVATIONS = """
select h.id, h.reference, h.state, l.reserved, l.consumed, l.released, l.expired,
  (select coalesce(sum(r.quantity), 0) from reservations r where r.tenant_id = h.tenant_id
    and r.header_id = h.id and r.state = 'ACTIVE') as open,
  (select count(*) from reservations r where r.tenant_id = h.tenant_id
    and r.header_id = h.id and r.state = 'ACTIVE' and r.kind = 'HARD') > 0 as firm
from reservation_headers h
join reservation_lines l on l.tenant_id = h.tenant_id and l.header_id = h.id
where h.tenant_id = stock_tenant()
"""
# Products of which not all is told: what was posted with the outside, less what was lost on the
# way, is what lies in buckets and what is on its way.
_UNBALANCED = """
select b.product_id from (
  select i.product_id, sum(e.delta) filter (where p.kind <> 'TRANSFER') as outside,
    sum(e.delta) as all
  from ledger_entries e
  join postings p on p.tenant_id = e.tenant_id and p.id = e.posting_id
  join inventory_items i on i.tenant_id = e.tenant_id and i.id = e.inventory_item_id
  where e.tenant_id = stock_tenant() group by i.product_id
) b left join (
  select l.product_id, sum(x.delta) as road, sum(x.delta) filter (where x.kind = 'SHORT') as lost
  from transit_entries x
  join transfer_lines l on l.tenant_id = x.tenant_id and l.id = x.line_id
  where x.tenant_id = stock_tenant() group by l.product_id
) t on t.product_id = b.product_id
where coalesce(b.outside, 0) + coalesce(t.lost, 0) <> b.all + coalesce(t.road, 0)
"""
# Documents that stay in the house and do not sum to zero, with their entries in transit.
_OPEN = """
select p.id from postings p
left join ledger_entries e on e.tenant_id = p.tenant_id and e.posting_id = p.id
where p.tenant_id = stock_tenant() and p.kind in ('TRANSFER', 'MOVE', 'LOT_CORRECTION')
group by p.tenant_id, p.id having sum(e.delta) + coalesce((select sum(x.delta)
  from transit_entries x where x.tenant_id = p.tenant_id and x.posting_id = p.id), 0) <> 0
"""
_WRAP = "mutation ({heads}$input: {type}) {{ {field}({given}input: $input) {{ {shown} }} }}"


@dataclass
class Hands:
    """Who does everything in the house."""

    world: World

    async def do(self, act: str, /, id: str | None = None, **input: Any) -> Any:
        """The payload of a mutation, or the code with which it was refused."""
        name = act[0].upper() + act[1:]
        shown = "__typename lines { refusal { code } }" if act == "adjustStockBatch" else None
        heads, given = ("$id: ID!, ", "id: $id, ") if id else ("", "")
        type_ = _TYPES.get(act, f"{name}Input!")
        query = _WRAP.format(
            heads=heads, given=given, type=type_, field=act, shown=shown or "__typename"
        )
        wish = {key: value for key, value in input.items() if value is not None}
        variables: dict[str, Any] = {"input": wish} | ({"id": id} if id else {})
        found = await answer(self.world, query, **variables)
        if "errors" not in found:
            return found["data"][act]
        (error,) = found["errors"]
        assert error.get("code") not in (None, "INTERNAL"), error
        return str(error["code"])

    async def can_reverse(self, posting_id: str) -> bool:
        query = "query ($id: ID!) { posting(id: $id) { canReverse } }"
        found = await answer(self.world, query, id=posting_id)
        return bool(found["data"]["posting"]["canReverse"])

    async def as_counter(self, count_id: str) -> list[Any]:
        """All numbers but his own that a counter is shown of a count."""
        query = """query ($id: ID!) { cycleCount(id: $id) { varianceCount netVarianceValue
          lines { expectedQty variance varianceValue withinTolerance resolvedQty } } }"""
        found = await answer(self.world, query, id=count_id, permissions=["inventory.cyclecount"])
        assert "errors" not in found, found
        count = found["data"]["cycleCount"]
        lines = count.pop("lines")
        return [*count.values(), *(value for line in lines for value in line.values())]

    async def hidden(self, item_id: str) -> str:
        """With which code a counter is refused the stock of a bucket."""
        query = "query ($id: ID!) { inventoryItem(id: $id) { onHand } }"
        wish = {"id": item_id, "permissions": ["inventory.cyclecount"]}
        return str((await refusal(self.world, query, **wish))["code"])


_TYPES = {
    "submitTransfer": "TransferStepInput!",
    "approveTransfer": "TransferStepInput!",
    "closeTransfer": "EndTransferInput!",
    "approveReplenishment": "ReplenishmentStepInput!",
    "cancelPutAwayTask": "PutAwayStepInput!",
    "submitStockRequest": "StockRequestStepInput",
    "approveStockRequest": "ApproveStockRequestInput",
    "rejectStockRequest": "StockRequestReasonInput!",
    "allocateStockRequest": "AllocateStockRequestInput",
    "issueStockRequest": "IssueStockRequestInput",
    "receiveStockRequest": "ReceiveStockRequestInput",
    "cancelStockRequest": "StockRequestStepInput",
    "closeStockRequest": "StockRequestStepInput",
    "rollBackStockRequest": "StockRequestReasonInput!",
}


@dataclass
class Found:
    """What the database says about the house, of one moment."""

    items: dict[Bucket, Any] = field(default_factory=dict)
    entries: list[tuple[Bucket, int]] = field(default_factory=list)
    postings: list[str] = field(default_factory=list)
    aside: dict[str, Counter[Bucket]] = field(default_factory=dict)
    levels: dict[tuple[str, str], Level] = field(default_factory=dict)
    kept: dict[tuple[str, str], Level] = field(default_factory=dict)
    transfers: dict[str, list[Any]] = field(default_factory=dict)
    requests: dict[str, Any] = field(default_factory=dict)
    reservations: dict[str, Any] = field(default_factory=dict)
    broken: list[Any] = field(default_factory=list)

    @classmethod
    async def of(cls, world: World) -> "Found":
        found = cls()
        async with world.read() as session:
            await found._stock(session)
            await found._documents(session)
            for query in (_UNBALANCED, _OPEN):
                found.broken += await session.all(text(query))
        return found

    async def _stock(self, session: Session) -> None:
        self.items = {_bucket(row): row for row in await session.all(text(_BUCKETS))}
        entries = [row for row in await session.all(text(_ENTRIES)) if row.delta]
        self.entries = [(_bucket(row), int(row.delta)) for row in entries]
        self.postings = [row.posting_id for row in entries]
        for row in await session.all(text(_ASIDE)):
            self.aside.setdefault(row.reference, Counter())[_bucket(row)] = int(row.quantity)
        for table, levels in (("stock_levels_now", self.levels), ("stock_levels", self.kept)):
            for row in await session.all(text(_LEVELS.format(table))):
                level = Level(row.on_hand, row.expired, row.held, row.reserved)
                levels[row.location_id, row.product_id] = level

    async def _documents(self, session: Session) -> None:
        for row in await session.all(text(_TRANSFERS)):
            self.transfers.setdefault(row.number, []).append(row)
        self.requests = {row.number: row for row in await session.all(text(_REQUESTS))}
        rows = await session.all(text(_RESERVATIONS))
        self.reservations = {row.reference: row for row in rows}

    def numbers(self, transfer: str) -> tuple[int, ...]:
        """Shipped, received, damaged, short, returned and in transit, over all lines."""
        lines = self.transfers[transfer]
        told = (sum(int(line.told[n]) for line in lines) for n in range(5))
        return (*told, sum(int(line.in_transit) for line in lines))

    def new(self, kind: str, known: Mapping[str, Any]) -> str:
        """The number of the only document that the model does not know."""
        (number,) = set(getattr(self, kind)) - set(known)
        return str(number)


def _bucket(row: Any) -> Bucket:
    return Bucket(row.location_id, row.product_id, row.bin_id, row.lot_id)
