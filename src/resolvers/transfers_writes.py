"""Writing transfers, and moving them on."""

from datetime import date
from typing import Any

import strawberry

from domain.permissions import Permission
from resolvers.fields import given, input_, output
from resolvers.ledger import LedgerEntry, Posting
from resolvers.scalars import Position, Quantity
from resolvers.stock_payloads import StockPreview
from resolvers.transfers import Transfer
from resolvers.writes import Act, acts
from services import transfers as service

_NEEDS = Permission.TRANSFERS_WRITE


@input_
class TransferLineInput:
    """Units of a product that are to be moved."""

    product_id: strawberry.ID
    """The product."""

    quantity: Quantity
    """How many base units."""

    lot_id: strawberry.ID | None = strawberry.UNSET
    """The lot; what expires first when left out."""

    source_bin_id: strawberry.ID | None = strawberry.UNSET
    """The bin from which; any when left out."""

    inventory_item_id: strawberry.ID | None = strawberry.UNSET
    """The one inventory item from which; any when left out."""

    dest_bin_id: strawberry.ID | None = strawberry.UNSET
    """The bin into which; needed within one location."""


@input_
class CreateTransferInput:
    """A transfer."""

    source_location_id: strawberry.ID
    """The location that it comes from."""

    dest_location_id: strawberry.ID
    """The location that it goes to; the same one for a move between its bins."""

    lines: list[TransferLineInput]
    """What is to be moved; at most 500 lines."""

    expected_on: date | None = strawberry.UNSET
    """When it is to arrive."""

    reference: str | None = strawberry.UNSET
    """Your own name for it, in one line."""

    comment: str | None = strawberry.UNSET
    """What is to be said about it."""

    submit: bool | None = strawberry.UNSET
    """Whether it is handed in for approval at once."""


@input_
class EditTransferInput:
    """A change of a transfer that is a draft; what is left out stays as it is."""

    transfer_id: strawberry.ID
    """The transfer."""

    source_location_id: strawberry.ID | None = strawberry.UNSET
    """The location that it comes from."""

    dest_location_id: strawberry.ID | None = strawberry.UNSET
    """The location that it goes to."""

    lines: list[TransferLineInput] | None = strawberry.UNSET
    """Lines in place of all that it has."""

    expected_on: date | None = strawberry.UNSET
    """When it is to arrive."""

    reference: str | None = strawberry.UNSET
    """Your own name for it, in one line."""

    comment: str | None = strawberry.UNSET
    """What is to be said about it."""

    expected_version: int | None = strawberry.UNSET
    """Refused with `STALE_VERSION` when it stands at another version."""


@input_
class TransferStepInput:
    """A transfer that is to be moved on."""

    transfer_id: strawberry.ID
    """The transfer."""

    comment: str | None = strawberry.UNSET
    """What is to be said about it."""

    expected_version: int | None = strawberry.UNSET
    """Refused with `STALE_VERSION` when it stands at another version."""


@input_
class CommentTransferInput:
    """Something to be said about a transfer."""

    transfer_id: strawberry.ID
    """The transfer."""

    comment: str
    """What is to be said."""


@output
class TransferPayload:
    """A transfer as it stands after an act."""

    transfer: Transfer
    """The transfer."""

    posting: Posting | None
    """The document that was posted; absent where no stock moved."""

    entries: list[LedgerEntry]
    """Its entries in the ledger; what is in transit is on hand nowhere."""

    message: str
    """What was done, in a sentence."""

    preview: StockPreview | None
    """What it would do to promises; only of a dry run."""

    position: Position
    """The first position at which the act is seen."""

    @classmethod
    def of(cls, outcome: Any, position: Position, seen: Any) -> "TransferPayload":
        """This outcome as the graph shows it."""
        return cls(
            transfer=Transfer.of_outcome(outcome),
            posting=outcome.posting and Posting.of(outcome.posting),
            entries=[LedgerEntry.of(entry) for entry in outcome.entries],
            message=outcome.message,
            preview=None if seen is None else StockPreview.of(seen),
            position=position,
        )


@output
class TransferMutations:
    """Writes of transfers."""

    @acts(CreateTransferInput, TransferPayload, needs=_NEEDS)
    def create_transfer(self, input: CreateTransferInput) -> Act:
        """Make a transfer; nothing is promised before it is approved."""
        wish = given(input) | {"lines": lines_of(input.lines)}
        wish["submit"] = wish.get("submit") or False
        return (service.create, service.Wish(**wish))

    @acts(EditTransferInput, TransferPayload, needs=_NEEDS)
    def edit_transfer(self, input: EditTransferInput) -> Act:
        """Change a draft. `ILLEGAL_STEP` refuses what is none any longer."""
        values = given(input)
        lines = values.pop("lines", None)
        edit = service.Edit(
            transfer_id=values.pop("transfer_id"),
            expected_version=values.pop("expected_version", None),
            values=values,
            lines=None if lines is None else lines_of(lines),
        )
        return (service.edit, edit)

    @acts(TransferStepInput, TransferPayload, needs=_NEEDS)
    def submit_transfer(self, input: TransferStepInput) -> Act:
        """Hand a draft in for approval."""
        return (service.submit, service.Note(**given(input)))

    @acts(CommentTransferInput, TransferPayload, needs=_NEEDS)
    def comment_transfer(self, input: CommentTransferInput) -> Act:
        """Say something about a transfer; its state does not change."""
        return (service.comment, service.Note(**given(input)))


def lines_of(inputs: list[TransferLineInput]) -> list[service.LineWish]:
    """The lines as the use case takes them."""
    return [service.LineWish(**given(one)) for one in inputs]
