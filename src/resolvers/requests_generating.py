"""Making stock requests from stocklists."""

from typing import Any

import strawberry

from domain.permissions import Permission
from resolvers.fields import input_, output, plain, plain_given
from resolvers.kinds import StocklistRef
from resolvers.lists import Info
from resolvers.requests import StockRequest
from resolvers.scalars import Position
from resolvers.stocklists import Stocklist
from resolvers.writes import Act, acts
from services.requests import generating
from services.stocklists import reading


@input_
class GenerateStockRequestsInput:
    """From which stocklists requests are to be made."""

    stocklist_ids: list[strawberry.ID] | None = strawberry.UNSET
    """Stocklists in use, at most 100, due or not; all that are due when left out."""


@output
class GenerateStockRequestsPayload:
    """The requests that were made."""

    stock_requests: list[StockRequest]
    """The requests, approved."""

    message: str
    """What was done, in a sentence."""

    position: Position
    """The first position at which the act is seen."""

    idle_ids: strawberry.Private[list[str]]

    @plain
    async def idle(self, info: Info) -> list[StocklistRef]:
        """Stocklists of which nothing is needed now."""
        rows = await info.context.loaders.load_many(reading.stocklists.by_ids, self.idle_ids)
        return [Stocklist.of(row) for row in rows]

    @classmethod
    def of(cls, outcome: Any, position: Position, _seen: object) -> "GenerateStockRequestsPayload":
        """This outcome as the graph shows it."""
        return cls(
            stock_requests=[StockRequest.of(row) for row in outcome.requests],
            idle_ids=list(outcome.idle_ids),
            message=outcome.message,
            position=position,
        )


@output
class GenerateStockRequestsMutations:
    """Makes requests from stocklists."""

    @acts(
        GenerateStockRequestsInput,
        GenerateStockRequestsPayload,
        needs=Permission.STOCKREQUESTS_WRITE,
    )
    def generate_stock_requests(self, input: GenerateStockRequestsInput) -> Act:
        """Make a request from each stocklist for what its location needs.

        What is on its way there already is not asked for again. Stocklists with a period do this
        by themselves when they are due.
        """
        return (generating.generate, plain_given(input).get("stocklist_ids"))
