"""Recordings of stock: what was counted or received, as somebody wrote it down."""

from datetime import datetime
from enum import Enum

import strawberry

from resolvers import kinds
from resolvers.authors import Author
from resolvers.fields import choices, output, plain
from resolvers.ledger import LedgerEntry
from resolvers.lists import linked, listed
from resolvers.nodes import Shown
from resolvers.scalars import Quantity


class RecordingMode(Enum):
    """What the lines of a recording say."""

    ABSOLUTE = "ABSOLUTE"
    """What is there."""

    RECEIVED = "RECEIVED"
    """What was added to it."""


choices(RecordingMode)


@output
class StockRecording(Shown):
    """What was counted or received at a location, as somebody wrote it down: one posting."""

    id: strawberry.ID
    """Its id, which is that of its posting."""

    mode: RecordingMode
    """What its lines say."""

    line_count: int
    """How many entries it has in the ledger; those of a count that found what was expected too."""

    delta: Quantity
    """By how many units it changed what is on hand, in all."""

    location_name: str
    """The name of its location."""

    comment: str | None
    """What was said about it."""

    created_at: datetime
    """When it was made."""

    location_id: strawberry.Private[str]
    actor_id: strawberry.Private[str]
    actor_name: strawberry.Private[str]

    @plain
    def created_by(self) -> Author:
        """Who made it."""
        return Author(id=strawberry.ID(self.actor_id), name=self.actor_name)

    @linked(kinds.LOCATION)
    def location(self) -> str:
        """The location that it is about."""
        return self.location_id

    @linked(kinds.POSTING)
    def posting(self) -> str:
        """The document of the ledger that it is."""
        return str(self.id)


@output
class RecordedStock(StockRecording):
    """A recording as it was made, with its lines."""

    lines: list[LedgerEntry] = strawberry.field(default_factory=list)
    """What it changed, a line at a time."""


@output
class RecordingQueries:
    """Reads of recordings."""

    @listed(kinds.STOCK_RECORDING)
    def stock_recordings(self) -> None:
        """Recordings of stock, a part of the list at a time."""
