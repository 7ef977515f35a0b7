"""How matrices and summaries are asked for."""

from enum import Enum
from typing import Any

import strawberry

from resolvers.fields import choices, input_
from resolvers.filters.ranges import Direction
from resolvers.severity import Severity
from services import atp


class MatrixOrderField(Enum):
    """What the rows of a matrix can be sorted by; the product's id decides between equals."""

    SKU = "sku"
    """The product's SKU, by bytes."""

    NAME = "name"
    """The product's name, without regard to case."""

    MIN_ATP = "min_atp"
    """The least that a shown channel can promise. All cells of the location are computed for it."""


choices(MatrixOrderField)


@input_
class MatrixOrder:
    """How the rows of a matrix are sorted."""

    field: MatrixOrderField
    """What they are sorted by."""

    direction: Direction = Direction.ASC
    """Which end comes first."""


@input_
class MatrixFilter:
    """Which rows and columns of a matrix are wanted; all conditions together."""

    search: str | None = None
    """Words that all must stand in the product's SKU, name or a barcode, in any case and order."""

    category_id: strawberry.ID | None = None
    """Products in this category or in one below it."""

    product_id_in: list[strawberry.ID] | None = None
    """These products."""

    channel_in: list[strawberry.ID] | None = None
    """These channels; others have no column."""

    severity: Severity | None = None
    """Products of which some shown channel has a cell of this severity. All cells of the location
    are computed for it."""


@input_
class ChannelSummaryFilter:
    """What a summary counts; all conditions together."""

    location_id_in: list[strawberry.ID] | None = None
    """These locations."""

    channel_in: list[strawberry.ID] | None = None
    """These channels."""

    search: str | None = None
    """Products with all of these words in their SKU, name or a barcode."""


def matrix_wish(
    filter: MatrixFilter | None,
    order_by: MatrixOrder | None = None,
    channel_ids: tuple[str, ...] | None = None,
) -> atp.MatrixWish:
    """The wish behind the arguments; `channel_ids` stand in place of the filter's."""
    filter = filter or MatrixFilter()
    wanted = _ids(filter.channel_in) if channel_ids is None else channel_ids
    return atp.MatrixWish(
        search=filter.search,
        category_id=filter.category_id,
        product_ids=_ids(filter.product_id_in),
        channel_ids=wanted,
        severity=filter.severity,
        order=order_by.field.value if order_by else "sku",
        descending=order_by is not None and order_by.direction is Direction.DESC,
    )


def channel_wish(filter: ChannelSummaryFilter | None) -> dict[str, Any]:
    """The arguments of `atp.summarize` behind the filter."""
    filter = filter or ChannelSummaryFilter()
    return {
        "location_ids": _ids(filter.location_id_in),
        "channel_ids": _ids(filter.channel_in),
        "search": filter.search,
    }


def _ids(ids: list[strawberry.ID] | None) -> tuple[str, ...] | None:
    return None if ids is None else tuple(ids)
