"""Writes of dated records of availability."""

from datetime import date, datetime
from typing import Any

import strawberry

from domain.permissions import Permission
from resolvers.authors import Author
from resolvers.availability import StockLine
from resolvers.fields import input_, output
from resolvers.scalars import Position, Quantity
from resolvers.writes import Act, acts
from services import availability as service


@input_
class AvailabilityNoteInput:
    """What is to be noted with a record."""

    comment: str | None = None
    """Why it was made."""


@input_
class RecordAvailabilityInput:
    """A bucket whose availability is to be computed from its ledger and kept."""

    inventory_item_id: strawberry.ID
    """The bucket."""

    note: AvailabilityNoteInput | None = None
    """What is to be noted with it."""


@output
class AvailabilityRecord:
    """A dated record of what of a bucket was available."""

    record_id: strawberry.ID
    """The record's id."""

    line: StockLine
    """The bucket, its quantity on hand being the sum of its ledger."""

    lot_number: str | None
    """The number of its lot."""

    expiry_date: date | None
    """When its lot expires."""

    bin_code: str | None
    """The code of its bin."""

    drift: Quantity
    """The balance that is kept less the sum of the ledger: 0 when all is well."""

    comment: str | None
    """Why it was made."""

    recorded_at: datetime
    """When it was made."""

    recorded_by: Author | None
    """Who made it."""

    @classmethod
    def of(cls, outcome: Any) -> "AvailabilityRecord":
        """This outcome as the graph shows it."""
        record, line = outcome.record, outcome.line
        author = record.recorded_by
        return cls(
            record_id=strawberry.ID(record.id),
            line=StockLine.of(line),
            lot_number=line.lot_number,
            expiry_date=line.expiry_date,
            bin_code=line.bin_code,
            drift=Quantity(record.drift),
            comment=record.comment,
            recorded_at=record.recorded_at,
            recorded_by=Author.of(author["id"], author["name"]),
        )


@output
class RecordAvailabilityPayload:
    """What was recorded."""

    availability: AvailabilityRecord
    """The record."""

    message: str
    """What was done, in a sentence."""

    position: Position
    """The first position at which the write is seen."""

    @classmethod
    def of(cls, outcome: Any, position: Position, _seen: object) -> "RecordAvailabilityPayload":
        """This outcome as the graph shows it."""
        record = AvailabilityRecord.of(outcome)
        return cls(availability=record, message=outcome.message, position=position)


@output
class AvailabilityMutations:
    """Writes of records of availability."""

    @acts(RecordAvailabilityInput, RecordAvailabilityPayload, needs=Permission.INVENTORY_WRITE)
    def record_availability(self, input: RecordAvailabilityInput) -> Act:
        """Compute what of a bucket is available from its ledger, and keep it as a dated record."""
        comment = None if input.note is None else input.note.comment
        return (service.record, input.inventory_item_id, comment)
