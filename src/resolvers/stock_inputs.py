"""What acts on stock are told: buckets, causes and lines."""

from datetime import date, datetime
from enum import Enum

import strawberry

from resolvers.fields import choices, input_
from resolvers.scalars import Money, Quantity


class BatchMode(Enum):
    """What a refused line means for the others of its batch."""

    ALL_OR_NOTHING = "ALL_OR_NOTHING"
    """None is applied: all are one posting."""

    LINE_BY_LINE = "LINE_BY_LINE"
    """The others are applied: each is a posting of its own."""


choices(BatchMode)


@input_
class BucketInput:
    """A bucket: by the id of its inventory item, or by product, location, bin and lot."""

    inventory_item_id: strawberry.ID | None = strawberry.UNSET
    """The bucket's id; then the other names of it may be left out."""

    product_id: strawberry.ID | None = strawberry.UNSET
    """The product that it holds."""

    location_id: strawberry.ID | None = strawberry.UNSET
    """The location at which it is."""

    bin_id: strawberry.ID | None = strawberry.UNSET
    """The bin in which it is; none when left out."""

    lot_id: strawberry.ID | None = strawberry.UNSET
    """The lot that it is of; none when left out."""

    lot_number: str | None = strawberry.UNSET
    """The lot by its number, in place of its id."""


@input_
class CauseInput:
    """Why something is done."""

    reason_code_id: strawberry.ID | None = strawberry.UNSET
    """The reason code."""

    reason_code: str | None = strawberry.UNSET
    """The reason code by its code, in place of its id."""

    root_cause: str | None = strawberry.UNSET
    """What lay behind it; a large decrease needs it where the tenant's settings say so."""

    comment: str | None = strawberry.UNSET
    """What is to be said about it, at most 2,000 characters; some reasons need it."""

    reference: str | None = strawberry.UNSET
    """The caller's own name for it, such as an order's number."""


@input_
class AdjustStockInput(BucketInput, CauseInput):
    """A change of one bucket by a difference."""

    by: Quantity
    """Units that are to be added, or with a minus to be taken; never 0."""

    expected_on_hand: Quantity | None = strawberry.UNSET
    """Refused with `STALE_QUANTITY` when the bucket holds something else."""

    occurred_at: datetime | None = strawberry.UNSET
    """When it happened, if it was earlier than now."""

    force: bool | None = strawberry.UNSET
    """Whether it is taken although it was counted since: the count then stays true by an entry
    against it at the moment of the count. `COUNTED_SINCE` refuses it otherwise."""


@input_
class SetStockInput(BucketInput, CauseInput):
    """A change of one bucket to a number."""

    to: Quantity
    """Units that are there."""

    expected_on_hand: Quantity | None = strawberry.UNSET
    """What the bucket is taken to hold now; refused with `STALE_QUANTITY` when it holds something
    else. Required unless `ignoreExpected` is true."""

    ignore_expected: bool | None = strawberry.UNSET
    """Whether `expectedOnHand` may be left out: what others have changed is then overwritten."""


@input_
class CorrectStockInput:
    """What was found in a bucket, and why the book was wrong."""

    inventory_item_id: strawberry.ID
    """The bucket."""

    to: Quantity
    """Units that are there."""

    reason_code_id: strawberry.ID
    """The reason code."""

    expected_on_hand: Quantity | None = strawberry.UNSET
    """Refused with `STALE_QUANTITY` when the bucket holds something else."""

    root_cause: str | None = strawberry.UNSET
    """What lay behind it; a large decrease needs it where the tenant's settings say so."""

    comment: str | None = strawberry.UNSET
    """What is to be said about it, at most 2,000 characters; some reasons need it."""


@input_
class MoveStockInput(BucketInput, CauseInput):
    """Units of a bucket that go to another bin of their location."""

    to_bin_id: strawberry.ID | None = strawberry.UNSET
    """The bin to which they go; out of any bin when left out."""

    quantity: Quantity
    """How many."""


@input_
class CorrectLotInput(CauseInput):
    """Units of a bucket that are of another lot than they are booked under."""

    inventory_item_id: strawberry.ID | None = strawberry.UNSET
    """The bucket's id; then the other names of it may be left out."""

    product_id: strawberry.ID | None = strawberry.UNSET
    """The product that it holds."""

    location_id: strawberry.ID | None = strawberry.UNSET
    """The location at which it is."""

    bin_id: strawberry.ID | None = strawberry.UNSET
    """The bin in which it is; none when left out."""

    from_lot_id: strawberry.ID | None = strawberry.UNSET
    """The lot that it is booked under; none when left out."""

    lot_id: strawberry.ID | None = strawberry.UNSET
    """The right lot."""

    lot_number: str | None = strawberry.UNSET
    """The right lot by its number; made when it is new."""

    expiry_date: date | None = strawberry.UNSET
    """The right lot's last usable day; one that says otherwise is corrected, everywhere."""

    quantity: Quantity | None = strawberry.UNSET
    """How many; all when left out."""


@input_
class ReceiptLineInput:
    """Units of a product that come in."""

    product_id: strawberry.ID
    """The product."""

    quantity: Quantity
    """How many."""

    bin_id: strawberry.ID | None = strawberry.UNSET
    """The bin to which they go; none when left out."""

    lot_id: strawberry.ID | None = strawberry.UNSET
    """The lot that they are of."""

    lot_number: str | None = strawberry.UNSET
    """The lot by its number; made when it is new."""

    expiry_date: date | None = strawberry.UNSET
    """A new lot's last usable day."""

    unit_cost: Money | None = strawberry.UNSET
    """What one base unit cost."""

    purchase_order_line_id: strawberry.ID | None = strawberry.UNSET
    """The line of an order against which it comes in; what that expects goes down by it."""


@input_
class ReceiveStockInput(CauseInput):
    """Units that come in from outside."""

    location_id: strawberry.ID
    """Where they come in."""

    lines: list[ReceiptLineInput]
    """What comes in, 1 to 500 lines."""

    occurred_at: datetime | None = strawberry.UNSET
    """When it happened, if it was earlier than now."""

    force: bool | None = strawberry.UNSET
    """Whether it is taken although it was counted since: the count then stays true by an entry
    against it at the moment of the count. `COUNTED_SINCE` refuses it otherwise."""


@input_
class IssueLineInput:
    """Units of a product that go out: what expires first, of the lot or bin that is named."""

    inventory_item_id: strawberry.ID | None = strawberry.UNSET
    """The bucket from which they come, in place of product, lot and bin."""

    product_id: strawberry.ID | None = strawberry.UNSET
    """The product."""

    quantity: Quantity
    """How many."""

    bin_id: strawberry.ID | None = strawberry.UNSET
    """The bin from which they come; any when left out."""

    lot_id: strawberry.ID | None = strawberry.UNSET
    """The lot of which they are; what expires first when left out."""

    lot_number: str | None = strawberry.UNSET
    """The lot by its number, in place of its id."""

    unit_price: Money | None = strawberry.UNSET
    """What one base unit was sold for."""


@input_
class IssueStockInput(CauseInput):
    """Units that go out: sold, or handed to who asked for them."""

    location_id: strawberry.ID
    """Where they go out."""

    channel_id: strawberry.ID | None = strawberry.UNSET
    """The channel through which they are sold; no more goes out than it may promise."""

    reservation_ids: list[strawberry.ID] | None = strawberry.UNSET
    """Reservations of the channel that the lines take from first, at most 100."""

    lines: list[IssueLineInput]
    """What goes out, 1 to 500 lines; those of one product are met together."""

    occurred_at: datetime | None = strawberry.UNSET
    """When it happened, if it was earlier than now."""

    force: bool | None = strawberry.UNSET
    """Whether it is taken although it was counted since: the count then stays true by an entry
    against it at the moment of the count. `COUNTED_SINCE` refuses it otherwise."""


@input_
class ReturnStockInput(CauseInput):
    """Units that come back."""

    location_id: strawberry.ID
    """Where they come back."""

    channel_id: strawberry.ID | None = strawberry.UNSET
    """The channel through which they were sold."""

    lines: list[ReceiptLineInput]
    """What comes back, 1 to 500 lines."""

    occurred_at: datetime | None = strawberry.UNSET
    """When it happened, if it was earlier than now."""

    force: bool | None = strawberry.UNSET
    """Whether it is taken although it was counted since: the count then stays true by an entry
    against it at the moment of the count. `COUNTED_SINCE` refuses it otherwise."""


@input_
class CountedLineInput:
    """What is there of a product."""

    product_id: strawberry.ID
    """The product."""

    lot_id: strawberry.ID | None = strawberry.UNSET
    """The lot that it is of."""

    lot_number: str | None = strawberry.UNSET
    """The lot by its number; made when it is new."""

    expiry_date: date | None = strawberry.UNSET
    """A new lot's last usable day."""

    bin_id: strawberry.ID | None = strawberry.UNSET
    """The bin in which it is; none when left out."""

    expected_on_hand: Quantity | None = strawberry.UNSET
    """Refused with `STALE_QUANTITY` when the book says something else."""

    new_quantity: Quantity
    """Units that are there."""


@input_
class RecordStockAdjustmentInput(CauseInput):
    """What is there of products at a location."""

    location_id: strawberry.ID
    """The location."""

    lines: list[CountedLineInput]
    """What is there, 1 to 500 lines; no bucket twice."""

    complete: bool | None = strawberry.UNSET
    """Whether buckets of these products that stand on no line become 0; false when left out."""


@input_
class RecordStockLineInput:
    """What is there of a product, or what was added to it."""

    product_id: strawberry.ID
    """The product."""

    lot_id: strawberry.ID | None = strawberry.UNSET
    """The lot that it is of."""

    lot_number: str | None = strawberry.UNSET
    """The lot by its number; made when it is new."""

    expiry_date: date | None = strawberry.UNSET
    """A new lot's last usable day."""

    bin_id: strawberry.ID | None = strawberry.UNSET
    """The bin in which it is; none when left out."""

    expected_on_hand: Quantity | None = strawberry.UNSET
    """Refused with `STALE_QUANTITY` when the book says something else; with `newQuantity` only."""

    new_quantity: Quantity | None = strawberry.UNSET
    """Units that are there."""

    quantity: Quantity | None = strawberry.UNSET
    """Units that were received, in place of `newQuantity`."""


@input_
class RecordStockInput(CauseInput):
    """What is there of products at a location, or what was received there."""

    location_id: strawberry.ID
    """The location."""

    lines: list[RecordStockLineInput]
    """What is there or was received, 1 to 500 lines; all say the same of the two."""

    complete: bool | None = strawberry.UNSET
    """Whether buckets of these products that stand on no line become 0; false when left out."""


@input_
class AdjustStockBatchLineInput(BucketInput):
    """One change of a bucket, by a difference or to a number."""

    by: Quantity | None = strawberry.UNSET
    """Units that are to be added, or with a minus to be taken; never 0."""

    to: Quantity | None = strawberry.UNSET
    """Units that are there, in place of `by`."""

    expected_on_hand: Quantity | None = strawberry.UNSET
    """Refused with `STALE_QUANTITY` when the bucket holds something else; required with `to`."""

    ignore_expected: bool | None = strawberry.UNSET
    """Whether `expectedOnHand` may be left out with `to`."""


@input_
class AdjustStockBatchInput(CauseInput):
    """Changes of many buckets for one cause."""

    mode: BatchMode = BatchMode.ALL_OR_NOTHING
    """What a refused line means for the others."""

    lines: list[AdjustStockBatchLineInput]
    """The changes, 1 to 500."""
