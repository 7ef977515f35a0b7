"""Acts on stock: received, issued, returned, adjusted, moved, recorded, and put under its lot."""

from typing import Any

from typing_extensions import override

from domain.permissions import Permission
from resolvers.fefo import FefoBreach
from resolvers.fields import output, plain_given
from resolvers.ledger import LedgerEntry, Posting
from resolvers.recordings import RecordedStock, StockRecording
from resolvers.scalars import JSON, Position
from resolvers.stock import InventoryItem
from resolvers.stock_inputs import (
    AdjustStockBatchInput,
    AdjustStockInput,
    CorrectLotInput,
    CorrectStockInput,
    IssueStockInput,
    MoveStockInput,
    ReceiveStockInput,
    RecordStockAdjustmentInput,
    RecordStockInput,
    ReturnStockInput,
    SetStockInput,
)
from resolvers.stock_payloads import StockChangePayload, StockPreview
from resolvers.writes import Act, acts
from services import holds, reservations
from services.preview import Preview
from services.stock import adjusting, moving, receiving, recording

_ADJUST, _WRITE = Permission.INVENTORY_ADJUST, Permission.INVENTORY_WRITE


@output
class AdjustmentPayload(StockChangePayload):
    """What the adjustment of a bucket has changed, as it stood when it was done."""

    entry: LedgerEntry
    """Its entry; one that is forced behind a count has another against it in its posting."""

    item: InventoryItem
    """Its bucket."""

    @classmethod
    @override
    def of(cls, outcome: Any, position: Position, seen: Preview | None) -> "AdjustmentPayload":
        """This outcome as the graph shows it."""
        whole = StockChangePayload.of(outcome, position, seen)
        own = (entry for entry in whole.entries if str(entry.kind) != "COUNT")
        entry = next(own, whole.entries[0])
        return cls(**vars(whole), entry=entry, item=whole.items[0])


@output
class IssueStockPayload(StockChangePayload):
    """What went out, as it stood when it was done."""

    fefo_breaches: list[FefoBreach]
    """Buckets that were passed over although they expire earlier; the ledger keeps them."""

    @classmethod
    @override
    def of(cls, outcome: Any, position: Position, seen: Preview | None) -> "IssueStockPayload":
        """This outcome as the graph shows it."""
        whole = StockChangePayload.of(outcome, position, seen)
        breaches = [FefoBreach.of(one) for one in outcome.breaches]
        return cls(**vars(whole), fefo_breaches=breaches)


@output
class LotCorrectionPayload(StockChangePayload):
    """What the correction of a lot has changed, as it stood when it was done."""

    from_item: InventoryItem
    """The bucket under whose lot the units were booked."""

    to_item: InventoryItem
    """The bucket under whose lot they are booked now."""

    @classmethod
    @override
    def of(cls, outcome: Any, position: Position, seen: Preview | None) -> "LotCorrectionPayload":
        """This outcome as the graph shows it."""
        whole = StockChangePayload.of(outcome, position, seen)
        from_item, to_item = whole.items
        return cls(**vars(whole), from_item=from_item, to_item=to_item)


@output
class RecordStockPayload(StockChangePayload):
    """What a recording has changed, as it stood when it was made."""

    recording: RecordedStock
    """The recording, with its lines."""

    @classmethod
    @override
    def of(cls, outcome: Any, position: Position, seen: Preview | None) -> "RecordStockPayload":
        """This outcome as the graph shows it."""
        whole = StockChangePayload.of(outcome.change, position, seen)
        shown = vars(StockRecording.of(outcome.recording))
        return cls(**vars(whole), recording=RecordedStock(**shown, lines=whole.entries))


@output
class BatchLineRefusal:
    """Why a line of a batch was refused; it changed nothing."""

    code: str
    """The code of the refusal, as of any other."""

    message: str
    """The same for people."""

    field: str
    """The field of the request that it is about."""

    details: JSON
    """What programs may want to know about it."""


@output
class BatchLineOutcome:
    """What became of one line of a batch."""

    index: int
    """Its place in the batch, from 0."""

    posting: Posting | None
    """The document that it was posted with; absent for a refused line."""

    entry: LedgerEntry | None
    """Its entry; absent for a refused line."""

    item: InventoryItem | None
    """Its bucket after it; absent for a refused line."""

    refusal: BatchLineRefusal | None
    """Why it was refused; absent for one that was applied."""

    @classmethod
    def of(cls, line: Any) -> "BatchLineOutcome":
        """This line as the graph shows it."""
        change, refusal = line.change, line.refusal
        return cls(
            index=line.index,
            posting=Posting.of(change.posting) if change else None,
            entry=LedgerEntry.of(change.entries[0]) if change else None,
            item=InventoryItem.of(change.items[0]) if change else None,
            refusal=BatchLineRefusal(**refusal) if refusal else None,
        )


@output
class AdjustStockBatchPayload:
    """What became of the lines of a batch."""

    lines: list[BatchLineOutcome]
    """What became of each line, in their order."""

    applied: int
    """How many lines were applied."""

    refused: int
    """How many were refused."""

    message: str
    """What was done, in a sentence."""

    preview: StockPreview | None
    """What it would do to promises; only of a dry run."""

    position: Position
    """The first position at which the act is seen."""

    @classmethod
    def of(
        cls, outcome: Any, position: Position, seen: Preview | None
    ) -> "AdjustStockBatchPayload":
        """This outcome as the graph shows it."""
        return cls(
            lines=[BatchLineOutcome.of(line) for line in outcome.lines],
            applied=outcome.applied,
            refused=outcome.refused,
            message=outcome.message,
            preview=None if seen is None else StockPreview.of(seen),
            position=position,
        )


@output
class StockMutations:
    """Acts on stock."""

    @acts(ReceiveStockInput, StockChangePayload, needs=_WRITE)
    def receive_stock(self, input: ReceiveStockInput) -> Act:
        """Take in stock from outside; a lot number that is new to its product makes a lot."""
        return (receiving.receive, plain_given(input))

    @acts(IssueStockInput, IssueStockPayload, needs=_WRITE)
    def issue_stock(self, input: IssueStockInput) -> Act:
        """Hand out stock: what expires first, unless lots or bins are named; all lines or none.

        With a channel no more goes out than it may promise (`INSUFFICIENT_ATP`), and its quota is
        used up first; reservations that are named are consumed. To name a lot or bin although
        another expires earlier needs a reason code or a comment (`FEFO_REASON_REQUIRED`).
        """
        return (reservations.issue, plain_given(input))

    @acts(ReturnStockInput, StockChangePayload, needs=_WRITE)
    def return_stock(self, input: ReturnStockInput) -> Act:
        """Take back stock that was sold or handed out.

        What a channel sold under the same reference goes back to its quota: what it had sold of
        free stock comes back first, and stays free.
        """
        return (receiving.return_, plain_given(input))

    @acts(AdjustStockInput, AdjustmentPayload, needs=_ADJUST)
    def adjust_stock(self, input: AdjustStockInput) -> Act:
        """Change what a bucket holds by a difference; what is on hold is not taken."""
        return (adjusting.adjust, plain_given(input))

    @acts(SetStockInput, AdjustmentPayload, needs=_ADJUST)
    def set_stock(self, input: SetStockInput) -> Act:
        """Make a bucket hold a number, if it holds what the caller takes it to hold."""
        return (adjusting.set_, plain_given(input))

    @acts(CorrectStockInput, AdjustmentPayload, needs=_ADJUST)
    def correct_stock(self, input: CorrectStockInput) -> Act:
        """Make a bucket hold what was found there; `setStock` asks what it was taken to hold."""
        return (adjusting.set_, {**plain_given(input), "ignore_expected": True})

    @acts(AdjustStockBatchInput, AdjustStockBatchPayload, needs=_ADJUST)
    def adjust_stock_batch(self, input: AdjustStockBatchInput) -> Act:
        """Change many buckets: all or nothing, or line by line with an outcome for each."""
        return (adjusting.adjust_batch, plain_given(input))

    @acts(MoveStockInput, StockChangePayload, needs=_WRITE)
    def move_stock(self, input: MoveStockInput) -> Act:
        """Move units of a bucket to another bin of its location; what is on hold stays so."""
        return (holds.move, plain_given(input))

    @acts(CorrectLotInput, LotCorrectionPayload, needs=_ADJUST)
    def correct_lot(self, input: CorrectLotInput) -> Act:
        """Book units under their right lot, with two entries that sum to 0."""
        return (moving.correct_lot, plain_given(input))

    @acts(RecordStockInput, RecordStockPayload, needs=_WRITE)
    def record_stock(self, input: RecordStockInput) -> Act:
        """Write down what is there at a location, or what was received there."""
        return (recording.record, plain_given(input))

    @acts(RecordStockAdjustmentInput, RecordStockPayload, needs=_ADJUST)
    def record_stock_adjustment(self, input: RecordStockAdjustmentInput) -> Act:
        """Write down what is there at a location: `recordStock` for those who may adjust."""
        return (recording.record, plain_given(input))
