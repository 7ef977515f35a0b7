"""What acts on stock give back, and what they would do."""

from typing import Any

from resolvers.atp_cells import AtpCell
from resolvers.fields import output
from resolvers.ledger import LedgerEntry, Posting
from resolvers.scalars import Position
from resolvers.severity import Severity
from resolvers.stock import InventoryItem
from services import preview as service


@output
class SeverityCrossing:
    """A cell whose severity an act would change."""

    before: Severity
    """As it is."""

    after: Severity
    """As it would be."""

    cell: AtpCell
    """The cell as it would be."""


@output
class StockPreview:
    """What an act would do to promises, of the first 100 products at locations that it touches."""

    before: list[AtpCell]
    """Every channel's cells as they are."""

    after: list[AtpCell]
    """The same cells as they would be."""

    crossings: list[SeverityCrossing]
    """Those whose severity would change."""

    @classmethod
    def of(cls, seen: service.Preview) -> "StockPreview":
        """This preview as the graph shows it."""
        return cls(
            before=[AtpCell.of(one.place, one.cell) for one in seen.before],
            after=[AtpCell.of(one.place, one.cell) for one in seen.after],
            crossings=[
                SeverityCrossing(
                    before=one.before.cell.severity,
                    after=one.after.cell.severity,
                    cell=AtpCell.of(one.after.place, one.after.cell),
                )
                for one in seen.crossings
            ],
        )


@output
class StockChangePayload:
    """What an act on stock has changed, as it stood when it was done."""

    posting: Posting
    """The document that was posted."""

    entries: list[LedgerEntry]
    """Its entries, in the order of its lines."""

    items: list[InventoryItem]
    """The buckets that it touched."""

    message: str
    """What was done, in a sentence."""

    preview: StockPreview | None
    """What it would do to promises; only of a dry run."""

    position: Position
    """The first position at which the act is seen."""

    @classmethod
    def of(
        cls, outcome: Any, position: Position, seen: service.Preview | None
    ) -> "StockChangePayload":
        """This outcome as the graph shows it."""
        return cls(
            posting=Posting.of(outcome.posting),
            entries=[LedgerEntry.of(entry) for entry in outcome.entries],
            items=[InventoryItem.of(item) for item in outcome.items],
            message=outcome.message,
            preview=None if seen is None else StockPreview.of(seen),
            position=position,
        )
