"""Which moment an answer's numbers belong to."""

from datetime import datetime

from resolvers.fields import output, plain
from resolvers.lists import Info
from resolvers.scalars import Position
from services import atp


@output
class OfOneMoment:
    """Numbers that all belong to one moment."""

    @plain
    async def position(self, info: Info) -> Position:
        """The position up to which every write is seen in it."""
        return Position((await info.context.loaders.load(atp.moments, 0)).position)

    @plain
    async def as_of(self, info: Info) -> datetime:
        """The moment to which all of its numbers belong."""
        moment: atp.Moment = await info.context.loaders.load(atp.moments, 0)
        return moment.now
