"""What is available bucket by bucket, as a sum, and for what somebody asks for."""

from datetime import date

import strawberry

from domain.permissions import Permission
from resolvers import kinds
from resolvers.fefo import FefoBreach
from resolvers.fields import guarded, input_, output, plain
from resolvers.lists import Info, linked
from resolvers.past import looks_back
from resolvers.scalars import Quantity
from services import availability as service

_READ = Permission.INVENTORY_READ


@output
class AvailabilitySums:
    """What is there, and why not all of it is available; in base units."""

    on_hand: Quantity
    """Units that are physically there."""

    available: Quantity
    """On hand less on hold, recalled, expired and picked, and what was asked to be counted in;
    below zero where more was promised."""

    on_hold: Quantity
    """Units on hold for another reason than a recall."""

    picked: Quantity
    """Units that documents which will move them have set aside."""

    recalled: Quantity
    """Units that are recalled."""

    expired: Quantity
    """Units whose lot has expired or that were marked as expired; they count nowhere else."""

    @classmethod
    def of(cls, sums: service.Sums) -> "AvailabilitySums":
        """These sums as the graph shows them."""
        return cls(
            on_hand=Quantity(sums.on_hand),
            available=Quantity(sums.available),
            on_hold=Quantity(sums.on_hold),
            picked=Quantity(sums.picked),
            recalled=Quantity(sums.recalled),
            expired=Quantity(sums.expired),
        )


@output
class StockLine:
    """One bucket, and what of it is available."""

    line: strawberry.Private[service.Line]

    status: str
    """The first that is true of some of it: `RECALLED`, `ON_HOLD`, `EXPIRED`; else `AVAILABLE`."""

    @classmethod
    def of(cls, line: service.Line) -> "StockLine":
        """This line as the graph shows it."""
        return cls(line=line, status=line.status)

    @plain
    def sums(self) -> AvailabilitySums:
        """Its numbers."""
        return AvailabilitySums.of(self.line.sums)

    @linked(kinds.INVENTORY_ITEM)
    def item(self) -> str:
        """The inventory item."""
        return self.line.id

    @linked(kinds.PRODUCT)
    def product(self) -> str:
        """The product."""
        return self.line.product_id

    @linked(kinds.LOCATION)
    def location(self) -> str:
        """The location."""
        return self.line.location_id

    @linked(kinds.LOT)
    def lot(self) -> str | None:
        """The lot that it is of; absent for stock without one."""
        return self.line.lot_id

    @linked(kinds.BIN)
    def bin(self) -> str | None:
        """The bin in which it is; absent for stock that is in none."""
        return self.line.bin_id


@output
class Availability:
    """What is available of the buckets that were asked about, at one moment."""

    wish: strawberry.Private[service.Wish]
    channel_id: strawberry.Private[str | None]

    channel_atp: Quantity | None
    """What the channel that was asked about may promise; absent without a channel, and where the
    question is not about one product at one location."""

    @plain
    async def count(self, info: Info) -> int:
        """How many buckets there are."""
        found: service.Totals = await info.context.loaders.load(service.totals, self.wish)
        return found.count

    @plain
    async def totals(self, info: Info) -> AvailabilitySums:
        """The sums of all of them, however many they are."""
        found = await info.context.loaders.load(service.totals, self.wish)
        return AvailabilitySums.of(found.sums)

    @plain
    async def lines(self, info: Info) -> list[StockLine]:
        """The buckets, in the order of location, expiry date, bin and id; at most 10,000."""
        found = await info.context.read(service.lines, self.wish)
        return [StockLine.of(line) for line in found]

    @linked(kinds.PRODUCT)
    def product(self) -> str | None:
        """The product that was asked about."""
        return self.wish.product_id

    @linked(kinds.LOCATION)
    def location(self) -> str | None:
        """The location that was asked about."""
        return self.wish.location_id

    @linked(kinds.CHANNEL)
    def channel(self) -> str | None:
        """The channel that was asked about."""
        return self.channel_id


@input_
class AvailabilityFilter:
    """Which buckets are meant; all that is given must be true of them."""

    location_id: strawberry.ID | None = None
    """Those at this location."""

    product_id: strawberry.ID | None = None
    """Those of this product."""

    lot_id: strawberry.ID | None = None
    """Those of this lot."""

    bin_id: strawberry.ID | None = None
    """Those in this bin."""


@input_
class AvailabilityInclude:
    """What is to be counted as available although it is not."""

    expired: bool | None = False
    """Units that have expired."""

    recalled: bool | None = False
    """Units that are recalled."""

    on_hold: bool | None = False
    """Units on hold for another reason."""


@input_
class AvailabilityDemandInput:
    """Units that are asked for."""

    location_id: strawberry.ID
    """The location from which they are to come."""

    product_id: strawberry.ID
    """The product."""

    quantity: Quantity
    """How many base units; above 0."""

    lot_id: strawberry.ID | None = None
    """Only of this lot."""

    bin_id: strawberry.ID | None = None
    """Only out of this bin."""

    channel_id: strawberry.ID | None = None
    """The channel that asks: it gets no more than it may promise there."""

    respect_fefo: bool = True
    """Take what expires first; otherwise what came first."""

    min_days_left: int = 0
    """Days that they must be good for, counted from today; 0 takes what expires today."""


@input_
class AvailabilityCheckInput:
    """What is asked for, all of it together."""

    lines: list[AvailabilityDemandInput]
    """At most 500; what they ask of one product at one location is summed."""


@output
class SuggestedAllocation:
    """Units of one bucket that could meet a demand."""

    part: strawberry.Private[service.Part]

    quantity: Quantity
    """How many to take."""

    available: Quantity
    """How many are available in the bucket before anything is taken."""

    lot_number: str | None
    """The number of its lot."""

    expiry_date: date | None
    """When its lot expires."""

    bin_code: str | None
    """The code of its bin."""

    @classmethod
    def of(cls, part: service.Part) -> "SuggestedAllocation":
        """This part as the graph shows it."""
        return cls(
            part=part,
            quantity=Quantity(part.quantity),
            available=Quantity(part.free),
            lot_number=part.lot_number,
            expiry_date=part.expiry_date,
            bin_code=part.bin_code,
        )

    @linked(kinds.INVENTORY_ITEM)
    def item(self) -> str:
        """The bucket."""
        return self.part.inventory_item_id

    @linked(kinds.LOT)
    def lot(self) -> str | None:
        """The lot that it is of."""
        return self.part.lot_id

    @linked(kinds.BIN)
    def bin(self) -> str | None:
        """The bin in which it is."""
        return self.part.bin_id


@output
class AvailabilityCheckLine:
    """What one line gets beside the others."""

    found: strawberry.Private[service.Allotment]

    index: int
    """Its place among the lines, from 0."""

    available: bool
    """Whether it gets all that it asks for."""

    total_available: Quantity
    """The most that it could have beside the other lines."""

    quantity: Quantity
    """What it asks for."""

    shortfall: Quantity
    """What it does not get."""

    @classmethod
    def of(cls, index: int, found: service.Allotment) -> "AvailabilityCheckLine":
        """This allotment as the graph shows it."""
        return cls(
            found=found,
            index=index,
            available=found.shortfall == 0,
            total_available=Quantity(found.total),
            quantity=Quantity(found.demand.quantity),
            shortfall=Quantity(found.shortfall),
        )

    @plain
    def allocations(self) -> list[SuggestedAllocation]:
        """From which buckets it could be met, in the order in which to take them."""
        return [SuggestedAllocation.of(part) for part in self.found.parts]

    @plain
    def breaches(self) -> list[FefoBreach]:
        """Where something that expires earlier would stay behind."""
        return [FefoBreach.of(one) for one in self.found.breaches]


@output
class AvailabilityCheck:
    """Whether all that is asked for is there."""

    lines: list[AvailabilityCheckLine]
    """Each line, in the order in which they were asked."""

    available: bool
    """Whether every line gets all that it asks for."""

    @plain
    def line(self, index: int = 0) -> AvailabilityCheckLine | None:
        """One of the lines; null when there are fewer.

        Args:
            index: Its place among the lines, from 0.
        """
        return self.lines[index] if 0 <= index < len(self.lines) else None


@output
class AvailabilityQueries:
    """Reads of what is available."""

    @guarded(needs=_READ)
    @looks_back
    async def availability(
        self,
        info: Info,
        filter: AvailabilityFilter | None = None,
        include: AvailabilityInclude | None = None,
        channel_id: strawberry.ID | None = None,
    ) -> Availability:
        """What is available of these buckets.

        Args:
            filter: Which buckets are meant.
            include: What is to be counted as available although it is not.
            channel_id: A channel whose promise is to be told as well.
        """
        wanted = vars(filter or AvailabilityFilter())
        also = include or AvailabilityInclude()
        included = service.Included(
            expired=bool(also.expired), recalled=bool(also.recalled), on_hold=bool(also.on_hold)
        )
        wish = service.Wish(**wanted, included=included)
        atp = await info.context.read(service.promise, wish, channel_id)
        return Availability(
            wish=wish,
            channel_id=channel_id,
            channel_atp=None if atp is None else Quantity(atp),
        )

    @guarded(needs=_READ)
    @looks_back
    async def stock_line(self, info: Info, id: strawberry.ID) -> StockLine | None:
        """What is available of one bucket; null when there is none.

        Args:
            id: The id of its inventory item.
        """
        line = await info.context.read(service.line, id)
        return None if line is None else StockLine.of(line)

    @guarded(needs=_READ)
    async def check_availability(
        self, info: Info, input: AvailabilityCheckInput
    ) -> AvailabilityCheck:
        """Whether what is asked for is there, and from which buckets it could be taken.

        Args:
            input: What is asked for.
        """
        demands = [service.Demand(**vars(line)) for line in input.lines]
        found = await info.context.read(service.check, demands)
        lines = [AvailabilityCheckLine.of(index, one) for index, one in enumerate(found)]
        return AvailabilityCheck(lines=lines, available=all(line.available for line in lines))
