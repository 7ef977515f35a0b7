"""What keeps a posting from being taken back."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from domain.quantities import ZERO, plain
from models import books
from models.session import Session
from services import ledger
from services.stock.issuing import RESERVATION
from services.stock.posting import LINES_MAX

MOVED = ("MOVE", "TRANSFER")  # kinds that may take units that are on hold
WITHIN = ("MOVE", "LOT_CORRECTION")  # what lies on units goes back with them
# Documents whose postings nobody but the posting itself keeps track of.
LOOSE_DOCUMENTS = (None, "STOCK_RECORDING", "destruction")


@dataclass(frozen=True, slots=True)
class Blocker:
    """One reason why a posting cannot be taken back; `inventory_item_id` where it is a bucket's."""

    code: str
    message: str
    inventory_item_id: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        """The same for a refusal's details."""
        about = {"inventoryItemId": self.inventory_item_id} if self.inventory_item_id else {}
        return {"code": self.code, "message": self.message, **about, **self.details}


async def blockers(session: Session, posting_ids: Sequence[str]) -> Mapping[str, list[Blocker]]:
    """For each of these postings what keeps it from being taken back now, in a fixed order.

    Two statements, however many they are. A posting that does not exist is left out.
    """
    rows = await ledger.postings.by_ids(session, posting_ids)
    found = {id: list(_of_document(row)) for id, row in rows.items()}
    free = [id for id, reasons in found.items() if not reasons]
    if free:
        effects: dict[str, list[Any]] = {id: [] for id in free}
        for effect in await session.all(books.effects(free, LINES_MAX)):
            effects[effect.posting_id].append(effect)
        for id in free:
            found[id] = list(_of_stock(rows[id].kind, effects[id]))
    return found


def _of_document(row: Any) -> Iterator[Blocker]:
    if row.reversed_by_id is not None:
        yield Blocker(
            "ALREADY_REVERSED",
            "It was taken back already.",
            details={"reversedBy": row.reversed_by_id},
        )
    if row.reverses_id is not None:
        text = "It takes another posting back itself: post what was taken back anew."
        yield Blocker("IS_REVERSAL", text, details={"reverses": row.reverses_id})
    if row.document_type == RESERVATION:
        text = "It has handed out what was reserved, and that resolves once: post a return instead."
        yield Blocker("RESERVATION_CONSUMED", text, details={"reservationId": row.document_id})
    elif row.document_type not in LOOSE_DOCUMENTS:
        yield Blocker(
            "PART_OF_DOCUMENT",
            "It is part of a document, which has acts of its own to go back.",
            details={"documentType": row.document_type, "documentId": row.document_id},
        )
    if row.entry_count > LINES_MAX:
        text = f"It has more than {LINES_MAX:,} entries."
        yield Blocker("TOO_MANY_ENTRIES", text, details={"entries": row.entry_count})


def _of_stock(kind: str, effects: Sequence[Any]) -> Iterator[Blocker]:
    if not any(effect.is_change for effect in effects):
        yield Blocker("NO_CHANGE", "It has changed nothing.")
    blocked = False
    for effect in effects:
        found = list(_of_bucket(kind, effect))
        yield from found
        blocked |= bool(found)
    if kind in WITHIN:
        yield from _of_marks(effects)
    elif not blocked:
        yield from _of_levels(kind, effects)


def _of_bucket(kind: str, effect: Any) -> Iterator[Blocker]:
    if effect.last_counted_at is not None and effect.last_counted_at > effect.occurred_at:
        yield _blocker("COUNTED_SINCE", "It was counted since.", effect)
    elif effect.delta <= 0:
        return
    elif effect.on_hand < effect.delta:
        yield _blocker("INSUFFICIENT_STOCK", "Units of it are gone.", effect)
    elif effect.on_hand - effect.reserved < effect.delta:
        yield _blocker("RESERVED", "Units of it are promised to documents.", effect)
    elif kind not in MOVED and effect.on_hand - effect.held < effect.delta:
        yield _blocker("STOCK_HELD", "Units of it are on hold.", effect)


def _of_marks(effects: Sequence[Any]) -> Iterator[Blocker]:
    """Units that would go back into a bucket in which others lie, of which they differ in mark."""
    gone = [effect for effect in effects if effect.delta < ZERO and effect.on_hand > ZERO]
    come = {effect.is_marked for effect in effects if effect.delta > ZERO}
    for effect in gone:
        if come - {effect.is_marked}:
            text = "Units that are marked as expired and others would come into one bucket."
            yield _blocker("MARKS_DIFFER", text, effect)


def _of_levels(kind: str, effects: Sequence[Any]) -> Iterator[Blocker]:
    """Of what is usable at a location, units are held or promised without naming a bucket."""
    taken: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    first: dict[tuple[str, str], Any] = {}
    for effect in effects:
        if not effect.expired:
            pair = effect.location_id, effect.product_id
            taken[pair] += effect.delta
            first.setdefault(pair, effect)
    for pair, units in taken.items():
        level = first[pair]
        usable = level.level_on_hand - level.level_expired
        if not 0 < units <= usable:
            continue  # nothing is taken, or too little is there: the bucket says so
        if kind not in MOVED and usable - level.level_held < units:
            yield _level_blocker("STOCK_HELD", "Units at its location are on hold.", level)
        elif usable - level.level_held - level.level_reserved < units and level.level_reserved:
            yield _level_blocker("RESERVED", "Units at its location are promised.", level)


def _blocker(code: str, message: str, effect: Any) -> Blocker:
    details = {
        "onHand": plain(effect.on_hand),
        "reserved": plain(effect.reserved),
        "held": plain(effect.held),
        "asked": plain(max(ZERO, effect.delta)),
    }
    return Blocker(code, message, effect.inventory_item_id, details)


def _level_blocker(code: str, message: str, effect: Any) -> Blocker:
    details = {"locationId": effect.location_id, "productId": effect.product_id}
    return Blocker(code, message, None, details)
