"""A ward that asks its store for stock, and the people who ask, decide and send."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain.actor import Actor, Author
from domain.permissions import Permission
from services.requests import allocating, deciding, ending, issuing, rolling_back, writing
from services.stocklists import writing as stocklisting
from world import World

NURSE = Author("key_nurse", "Nurse")
HEAD = Author("key_head", "Head")
CLERK = Author("key_clerk", "Clerk")


@dataclass(frozen=True)
class Ward:
    """Two locations of a tenant, and products that the store has."""

    world: World
    ward: Any
    store: Any

    @classmethod
    async def of(cls, world: World) -> "Ward":
        return cls(world, await world.location(name="Ward"), await world.location(name="Store"))

    async def product(self, stock: int = 0, **values: Any) -> Any:
        """A product of which the store has so many units."""
        product = await self.world.product(**values)
        if stock:
            await self.world.stock(product, self.store, stock)
        return product

    async def request(self, *lines: tuple[Any, int], **values: Any) -> Any:
        """What an act gives of a new request for these products and quantities."""
        wish = {
            "type": "STOCK",
            "requesting_location_id": self.ward.id,
            "fulfilling_location_id": self.store.id,
            "lines": [{"product_id": one.id, "quantity": Decimal(n)} for one, n in lines],
        } | values
        async with self.world.write() as session:
            return await writing.create(session, NURSE, wish)

    async def stocklist(self, *lines: tuple[Any, int], **values: Any) -> Any:
        """What an act gives of a new stocklist with these products and quantities."""
        wish = {
            "name": f"List {next(self.world._numbers)}",
            "type": "PULL",
            "requesting_location_id": self.ward.id,
            "fulfilling_location_id": self.store.id,
            "lines": [{"product_id": one.id, "max_quantity": Decimal(n)} for one, n in lines],
        } | values
        async with self.world.write() as session:
            return await stocklisting.create(session, HEAD, wish)

    async def submitted(self, *lines: tuple[Any, int], **values: Any) -> Any:
        return await self.request(*lines, submit=True, **values)

    async def approved(self, *lines: tuple[Any, int], **values: Any) -> Any:
        made = await self.submitted(*lines, **values)
        return await self.approve(made)

    async def approve(self, made: Any, *wishes: dict[str, Any], by: Author = HEAD) -> Any:
        return await self.act(deciding.approve, made, list(wishes), None, by=by)

    async def allocated(self, *lines: tuple[Any, int], **values: Any) -> Any:
        return await self.act(allocating.allocate, await self.approved(*lines, **values))

    async def act(self, use_case: Any, made: Any, *args: Any, by: Any = CLERK) -> Any:
        """What the use case gives of a request that an act gave."""
        async with self.world.write() as session:
            return await use_case(session, by, made.request.id, *args)

    async def issued(self, *lines: tuple[Any, int], **values: Any) -> Any:
        return await self.act(issuing.issue, await self.allocated(*lines, **values))

    async def receive(self, made: Any, *wishes: dict[str, Any]) -> Any:
        return await self.act(issuing.receive, made, list(wishes) or None)

    async def roll_back(self, made: Any, *, by: Actor | None = None) -> Any:
        return await self.act(rolling_back.roll_back, made, "a mistake", None, by=by or self.all())

    async def cancel(self, made: Any) -> Any:
        return await self.act(ending.cancel, made, None)

    def all(self, *permissions: Permission, key: str = "key_head") -> Actor:
        """An actor with these permissions, or with all."""
        return Actor(
            tenant_id=self.world.tenant_id,
            key_id=key,
            name=key,
            permissions=frozenset(permissions or Permission),
        )

    async def on_hand(self, product: Any, location: Any) -> int:
        """Units of the product at a location."""
        async with self.world.read() as session:
            found = await session.call(
                "select coalesce(sum(on_hand), 0) from stock_levels_now"
                " where tenant_id = stock_tenant() and location_id = $1 and product_id = $2",
                location.id,
                product.id,
            )
        return int(found)

    async def reserved(self, product: Any) -> int:
        """Units of the product that are promised in the store."""
        async with self.world.read() as session:
            found = await session.call(
                "select coalesce(sum(reserved), 0) from stock_levels_now"
                " where tenant_id = stock_tenant() and location_id = $1 and product_id = $2",
                self.store.id,
                product.id,
            )
        return int(found)
