"""How postings and ledger entries are filtered and sorted."""

from enum import Enum

import strawberry

from resolvers.fields import choices, input_
from resolvers.filters.ranges import DateTimeRange, Direction


class PostingOrderField(Enum):
    """What postings can be sorted by."""

    ID = "id"
    """Their id, which grows with the time of recording."""


choices(PostingOrderField)


@input_
class PostingOrder:
    """How postings are sorted."""

    field: PostingOrderField
    """What they are sorted by."""

    direction: Direction = Direction.ASC
    """Which end comes first."""


@input_
class PostingFilter:
    """Which postings are wanted; all conditions together."""

    id_in: list[strawberry.ID] | None = None
    """One of these ids."""

    kind_in: list[str] | None = None
    """Of one of these kinds."""

    reason_code_id_in: list[strawberry.ID] | None = None
    """For one of these reasons."""

    actor_id_in: list[strawberry.ID] | None = None
    """Done with one of these keys."""

    document_type_in: list[str] | None = None
    """Caused by a document of one of these kinds."""

    document_id_in: list[strawberry.ID] | None = None
    """Caused by one of these documents."""

    reference_in: list[str] | None = None
    """With one of these references."""

    is_reversed: bool | None = None
    """Whether they were taken back."""

    inventory_item_id_in: list[strawberry.ID] | None = None
    """With an entry of one of these buckets."""

    product_id_in: list[strawberry.ID] | None = None
    """With an entry of one of these products."""

    location_id_in: list[strawberry.ID] | None = None
    """With an entry at one of these locations."""

    bin_id_in: list[strawberry.ID] | None = None
    """With an entry in one of these bins."""

    lot_id_in: list[strawberry.ID] | None = None
    """With an entry of one of these lots."""

    channel_id_in: list[strawberry.ID] | None = None
    """With an entry of what was sold through one of these channels."""

    occurred_at: DateTimeRange | None = None
    """Of which the earliest happened between these moments."""

    recorded_at: DateTimeRange | None = None
    """That were recorded between these moments."""


class LedgerEntryOrderField(Enum):
    """What ledger entries can be sorted by."""

    ID = "id"
    """Their posting's id, which grows with the time of recording, and their place in it."""

    OCCURRED_AT = "occurred_at"
    """When they happened."""


choices(LedgerEntryOrderField)


@input_
class LedgerEntryOrder:
    """How ledger entries are sorted."""

    field: LedgerEntryOrderField
    """What they are sorted by."""

    direction: Direction = Direction.ASC
    """Which end comes first."""


@input_
class LedgerEntryFilter:
    """Which ledger entries are wanted; all conditions together."""

    posting_id_in: list[strawberry.ID] | None = None
    """Of one of these postings."""

    inventory_item_id_in: list[strawberry.ID] | None = None
    """Of one of these buckets."""

    product_id_in: list[strawberry.ID] | None = None
    """Of one of these products."""

    location_id_in: list[strawberry.ID] | None = None
    """At one of these locations."""

    bin_id_in: list[strawberry.ID] | None = None
    """In one of these bins."""

    lot_id_in: list[strawberry.ID] | None = None
    """Of one of these lots."""

    reason_code_id_in: list[strawberry.ID] | None = None
    """For one of these reasons."""

    reference_in: list[str] | None = None
    """With one of these references."""

    kind_in: list[str] | None = None
    """Of one of these kinds."""

    channel_id_in: list[strawberry.ID] | None = None
    """Of what was sold through one of these channels."""

    actor_id_in: list[strawberry.ID] | None = None
    """Done with one of these keys."""

    document_type_in: list[str] | None = None
    """Caused by a document of one of these kinds."""

    document_id_in: list[strawberry.ID] | None = None
    """Caused by one of these documents."""

    occurred_at: DateTimeRange | None = None
    """That happened between these moments."""

    recorded_at: DateTimeRange | None = None
    """That were recorded between these moments."""
