"""What every stored thing has, and how one is found by its id alone."""

import dataclasses
from functools import cache
from typing import Any, Self

import strawberry

from domain.errors import LimitExceeded
from domain.pages import FIRST_MAX
from resolvers import kinds
from resolvers.fields import ANY_KEY, guarded, interface, output
from resolvers.lists import Info, load
from services import nodes as service


class Shown:
    """A type that shows a row: each attribute has the name of a column."""

    @classmethod
    def of(cls, row: Any) -> Self:
        """This row as the graph shows it."""
        type_: Any = cls
        return cls(**{name: getattr(row, name) for name in _columns(type_)})


@cache
def _columns(cls: Any) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(cls) if field.init)


@interface
class Node(Shown):
    """A stored thing, found by its id with `node`."""

    id: strawberry.ID
    """Names the thing, the same in GraphQL and REST. Opaque; it never changes."""

    @classmethod
    def bare(cls, id: str) -> Self:
        """A thing of which only the id is known, for a field that selects nothing else."""
        thing = object.__new__(cls)
        thing.id = strawberry.ID(id)
        return thing


_BY_NAME = {kind.name: kind for kind in kinds.NODES}


@output
class NodeQueries:
    """Reads of things by id alone."""

    @guarded(needs=ANY_KEY)
    async def node(self, info: Info, id: strawberry.ID) -> Node | None:
        """The thing with this id; null when there is none.

        Needs `products.read` for products and categories, `inventory.adjust` for reason codes,
        `transfers.read` for transfers, `stockrequests.read` for stock requests and stocklists,
        `replenishment.read` for replenishment records, `inventory.cyclecount` for counts and pins
        of classes and `inventory.read` for all others. An id that an import brought along may
        belong to several kinds; then a product goes before a location, that before a channel, a
        category, a bin, a lot, an inventory item, a policy, a quota, a level, a hold, a reason
        code, a posting, a transfer, a vendor, a line of an order, a stock request, a stocklist, a
        replenishment record, a kept classification, a pin and a count.

        Args:
            id: The thing's id.
        """
        found: Node | None = await _find(info, id)
        return found

    @guarded(needs=ANY_KEY)
    async def nodes(self, info: Info, ids: list[strawberry.ID]) -> list[Node | None]:
        """The things with these ids in their order; null where there is none. Rights as in `node`.

        Args:
            ids: The things' ids, at most 200.
        """
        if len(ids) > FIRST_MAX:
            raise LimitExceeded("ids", f"ids must be at most {FIRST_MAX}.", max=FIRST_MAX)
        found: list[Any] = [_find(info, id) for id in ids]
        return found


async def _find(info: Info, id: str) -> Any:
    """By the kind that the id's prefix names; an id without one may be of any kind."""
    kind = next((kind for kind in kinds.NODES if kind.prefix and id.startswith(kind.prefix)), None)
    if kind is None:
        name = await info.context.loaders.load(service.kinds_by_id, id)
        kind = _BY_NAME.get(name)
    if kind is None:
        return None
    info.context.actor.require(kind.needs)
    return await load(info, kind, id)
