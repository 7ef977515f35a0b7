"""What picking, shipping, receiving and ending share: a locked transfer, and what is left of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from domain import ids
from domain.actor import Author
from domain.errors import ExceedsOpen, NotFound, QuantityRefused
from domain.machines.transfers import TRANSFERS
from domain.machines.transfers import TransferStatus as S
from domain.quantities import ZERO, plain
from models import records, transferring
from models import transfers as tables
from models.session import Session
from services import checks, stock
from services.documents import Advance
from services.stock import Posted, acting
from services.transfers import reading
from services.transfers.outcomes import REGISTER

Key = tuple[str, str, str | None, str | None]  # product, location, bin, lot


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What is said with a step of a transfer."""

    transfer_id: str
    comment: str | None = None
    reason: str | None = None
    expected_version: int | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """Units of an allocation that are picked or shipped."""

    allocation: Any
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Moved:
    """A posting of a transfer, and the id of each bucket that it touched."""

    posted: Posted
    items: Mapping[Key, str]


@dataclass(slots=True)
class Work:
    """A locked transfer with its lines and allocations, and what the step adds to their counters.

    `transit` are the entries of its transit account that the step makes.
    """

    row: Any
    lines: Mapping[str, Any]
    allocations: Sequence[Any]
    counted: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    transit: list[dict[str, Any]] = field(default_factory=list)

    def line(self, id: str, place: str) -> Any:
        """The line with this id.

        Raises:
            NotFound: the transfer has none.
        """
        if id not in self.lines:
            raise NotFound("Transfer line", place)
        return self.lines[id]

    def of_line(self, line_id: str) -> list[Any]:
        """The allocations of a line, first expiry first."""
        return [one for one in self.allocations if one.line_id == line_id]

    def count(self, line_id: str, **numbers: Decimal) -> None:
        """Add to the counters of a line."""
        counters = self.counted.setdefault(line_id, defaultdict(Decimal))
        for name, number in numbers.items():
            counters[name] += number

    def move(self, line_id: str, item_id: str, kind: str, delta: Decimal) -> None:
        """Add an entry to the transit account."""
        self.transit.append(
            {
                "id": ids.new("xftr_"),
                "transfer_id": self.row.id,
                "line_id": line_id,
                "inventory_item_id": item_id,
                "kind": kind,
                "delta": delta,
            }
        )

    def left(self, name: str) -> Decimal:
        """Over all lines after the step: units `in_transit`, or `unshipped`."""
        total = ZERO
        for line in self.lines.values():
            more = self.counted.get(line.id, {})
            now = {one: getattr(line, one) + more.get(one, ZERO) for one in transferring.COUNTERS}
            gone = sum((now[one] for one in ("received", "damaged", "short", "returned")), ZERO)
            total += (
                now["shipped"] - gone if name == "in_transit" else line.quantity - now["shipped"]
            )
        return total


async def begin(session: Session, step: Step, action: str) -> Work:
    """Lock a transfer whose state allows the action, and read what belongs to it.

    Raises:
        NotFound: there is none.
        IllegalStep: its state does not allow the action.
        StaleVersion: it is not at the expected version.
    """
    checks.notes({"comment": step.comment}, "comment")
    checks.texts({"reason": step.reason}, "reason")
    row = await REGISTER.get_locked(session, step.transfer_id, action, step.expected_version)
    lines = (await reading.lines_of(session, [row.id])).get(row.id, [])
    allocations = (await reading.allocations_of(session, [row.id])).get(row.id, [])
    return Work(row, {line.id: line for line in lines}, allocations)


async def end(session: Session, author: Author, work: Work, step: Step, taken: Advance) -> None:
    """Write the counters and the transit account down, and take the step.

    The counters must tell what the transit account tells; both stand before the step is told.
    """
    changes = [{"id": id, **numbers} for id, numbers in work.counted.items()]
    if changes:
        await session.run(transferring.count_lines(changes))
    shorts = [entry for entry in work.transit if entry["kind"] == "SHORT"]
    if shorts:
        await session.all(records.add_all(tables.transit_entries, shorts))
    await session.call(transferring.CHECK, work.row.id)
    told = {
        "lines": [
            {"lineId": id, "productId": work.lines[id].product_id, **_told(numbers)}
            for id, numbers in work.counted.items()
        ]
    }
    await REGISTER.advance(
        session,
        author,
        work.row,
        Advance(
            action=taken.action,
            to=taken.to,
            values=taken.values,
            posting_id=taken.posting_id,
            comment=step.comment,
            reason=step.reason,
            told=told,
        ),
    )


async def post(
    session: Session, author: Author, work: Work, step: Step, lines: Iterable[stock.Line]
) -> Moved:
    """Post what leaves and reaches buckets as one TRANSFER, with the transit account's entries.

    Lines of one bucket are summed. The entries of both together sum to zero.
    """
    posting_id = ids.new("txn_")
    entries = [{**entry, "posting_id": posting_id} for entry in work.transit]
    await session.all(records.add_all(tables.transit_entries, entries))
    deltas = _summed(lines)
    if not deltas:
        raise QuantityRefused("lines", "The stock is where it is to go already.")
    posting = stock.Posting(
        id=posting_id,
        kind="TRANSFER",
        author=author,
        lines=[_line(key, delta) for key, delta in deltas.items()],
        reference=work.row.number,
        comment=step.comment,
        document_type=TRANSFERS.kind,
        document_id=work.row.id,
    )
    posted = await stock.post(session, posting)
    items = (entry.inventory_item_id for entry in posted.entries)
    return Moved(posted, dict(zip(deltas, items, strict=True)))


def quantity(line: Any, value: Any, place: str, least: Decimal | None = None) -> Decimal:
    """A quantity of the line's product: above 0, or at least `least`.

    Raises:
        QuantityRefused: it is too small, or no multiple of the product's step.
    """
    return acting.quantity(line, value, place, least)


def require_some(total: Decimal) -> None:
    """Refuse a step that moves nothing.

    Raises:
        QuantityRefused: nothing is left, or only quantities of 0 are given.
    """
    if total <= ZERO:
        raise QuantityRefused("lines", "There is nothing to be done with these lines.")


def exceeds(place: str, asked: Decimal, left: Decimal) -> ExceedsOpen:
    """The refusal to take more of a line than is left of it."""
    return ExceedsOpen(
        f"{plain(asked)} are to be taken, and {plain(left)} are left of the line.",
        field=place,
        details={"asked": plain(asked), "open": plain(left)},
    )


def is_within(row: Any) -> bool:
    """Whether it moves stock between bins of one location."""
    return bool(row.source_location_id == row.dest_location_id)


def after_arrival(work: Work) -> S:
    """The state once something has arrived."""
    is_done = work.left("in_transit") == ZERO and work.left("unshipped") == ZERO
    return S.RECEIVED if is_done else S.PARTIALLY_RECEIVED


def _told(numbers: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return {name: plain(number) for name, number in numbers.items() if number}


def key_of(line: stock.Line) -> Key:
    """The bucket of a line."""
    return line.product_id, line.location_id, line.bin_id, line.lot_id


def _line(key: Key, delta: Decimal) -> stock.Line:
    product_id, location_id, bin_id, lot_id = key
    return stock.Line(
        product_id=product_id, location_id=location_id, bin_id=bin_id, lot_id=lot_id, delta=delta
    )


def _summed(lines: Iterable[stock.Line]) -> dict[Key, Decimal]:
    found: dict[Key, Decimal] = defaultdict(Decimal)
    for line in lines:
        assert line.delta is not None, "a transfer moves differences"
        found[key_of(line)] += line.delta
    return {key: delta for key, delta in found.items() if delta}
