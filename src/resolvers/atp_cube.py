"""What can be promised for later days: parts of the time ahead, and the cube over many places."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import strawberry

from domain.errors import LimitExceeded, NotFound
from domain.json import number_text
from domain.pages import FIRST_MAX
from domain.permissions import Permission
from execution.fragments import Written
from resolvers import kinds
from resolvers.atp_cells import AtpBuckets, AtpCell, buckets_of
from resolvers.fields import guarded, output, plain
from resolvers.lists import Info, linked
from resolvers.moments import OfOneMoment
from resolvers.past import looks_back
from resolvers.scalars import Quantity
from services import atp as service


@output
class AtpPeriod:
    """A part of the time ahead."""

    index: int
    """0 for the one that begins today, then 1, 2, 3 …"""

    first_day: date
    """Its first day."""

    last_day: date
    """Its last day."""


@output
class AtpCubeCell:
    """What one channel can promise of one product from one location, now and in time."""

    found: strawberry.Private[service.CubeCell]

    atp: list[Quantity]
    """What it can promise for whichever day of each part, in their order."""

    @linked(kinds.CHANNEL)
    def channel(self) -> str:
        """The channel."""
        return self.found.cell.terms.channel_id

    @linked(kinds.PRODUCT)
    def product(self) -> str:
        """The product."""
        return self.found.place.product_id

    @linked(kinds.LOCATION)
    def location(self) -> str:
        """The location."""
        return self.found.place.location_id

    @plain
    def now(self) -> AtpCell:
        """The cell of the matrix: what it can promise for at once, and why."""
        return AtpCell.of(self.found.place, self.found.cell)


@output
class AtpCube(OfOneMoment):
    """Products by channels by locations by parts of the time ahead, at one moment."""

    buckets: list[AtpPeriod]
    """The parts of the time ahead."""

    cells: list[AtpCubeCell]
    """By product, then location, as they were named, then by the order of the columns."""


@output
class AtpCubeQueries:
    """Reads of what can be promised in time."""

    @guarded(needs=Permission.INVENTORY_READ)
    @looks_back
    async def atp_cube(
        self,
        info: Info,
        products: list[strawberry.ID],
        locations: list[strawberry.ID],
        channels: list[strawberry.ID] | None = None,
        buckets: AtpBuckets | None = None,
    ) -> AtpCube:
        """What channels can promise of products from locations, in each part of the time ahead.

        What is expected and planned is that of now, and nothing of it counts at a former moment.

        Args:
            products: At most 200 products; `NOT_FOUND` when there is none with an id.
            locations: At most 200 locations; `NOT_FOUND` when there is none with an id.
            channels: Only these channels; all active ones unless told.
            buckets: The parts of the time ahead, 26 weeks unless told.
        """
        parts = buckets_of(buckets)
        await _require(info, kinds.PRODUCT, products, "Product", "products")
        await _require(info, kinds.LOCATION, locations, "Location", "locations")
        wish = service.CubeWish(
            product_ids=list(dict.fromkeys(products)),
            location_ids=list(dict.fromkeys(locations)),
            channel_ids=channels,
            buckets=parts,
        )
        found = await info.context.read(service.cube, wish)
        today = await info.context.loaders.load(service.days, 0)
        return AtpCube(
            buckets=[
                AtpPeriod(
                    index=one.index,
                    first_day=service.day_of(today, one.first),
                    last_day=service.day_of(today, one.last),
                )
                for one in parts
            ],
            cells=_cells(found),
        )


def _cells(found: Sequence[service.CubeCell]) -> list[AtpCubeCell]:
    """The cells as the graph shows them; each list of numbers is written once."""
    written: dict[int, Written] = {}
    text = cache(number_text)
    cells = []
    for one in found:
        atp = written.get(id(one.atp))
        if atp is None:
            texts = ",".join(map(text, one.atp))
            atp = written[id(one.atp)] = Written(one.atp, f"[{texts}]".encode())
        cells.append(AtpCubeCell(found=one, atp=atp))
    return cells


async def _require(info: Info, kind: Any, ids: Any, thing: str, field: str) -> None:
    """Refuse ids that name nothing; what is found is kept for the fields below."""
    if len(ids) > FIRST_MAX:
        raise LimitExceeded(field, f"{field} must be at most {FIRST_MAX}.", max=FIRST_MAX)
    rows = await info.context.loaders.load_many(kind.reader.by_ids, ids)
    for index, row in enumerate(rows):
        if row is None:
            raise NotFound(thing, f"{field}[{index}]")
