"""A process that posts and promises until it is killed, and writes down what was acknowledged.

Called with the application's URL, the tenant, a seed, the file, and then the buckets as
location:product pairs. A line of the file is the id of a posting or of a reservation whose
transaction was committed.
"""

import asyncio
import os
import random
import sys
from decimal import Decimal
from uuid import UUID

from domain.actor import SYSTEM
from domain.errors import InsufficientStock
from models.session import Database
from services import stock

WORKERS = 3


async def work(database: Database, tenant: UUID, chance: random.Random, file: int) -> None:
    pairs = [pair.split(":") for pair in sys.argv[5:]]
    items: list[str] = []
    while True:
        chosen = [chance.choice(pairs) for _ in range(chance.randint(1, 6))]
        lines = [
            stock.Line(
                location_id=location,
                product_id=product,
                delta=Decimal(chance.randint(1, 9)) * chance.choice((1, 1, -1)),
            )
            for location, product in chosen
        ]
        wish = stock.Posting(kind="ADJUSTMENT", author=SYSTEM, lines=lines)
        try:
            async with database.write(tenant) as session:
                posted = await stock.post(session, wish)
            os.write(file, f"{posted.id}\n".encode())
            items = [entry.inventory_item_id for entry in posted.entries]
            async with database.write(tenant) as session:
                promise = stock.Promise(inventory_item_id=items[0], quantity=Decimal(1))
                reserved = await stock.reserve(session, promise)
            os.write(file, f"{reserved}\n".encode())
        except InsufficientStock:
            continue


async def main() -> None:
    database = Database(sys.argv[1], pool_size=WORKERS)
    file = os.open(sys.argv[4], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    tenant, seed = UUID(sys.argv[2]), int(sys.argv[3])
    await asyncio.gather(
        *(work(database, tenant, random.Random(seed + n), file) for n in range(WORKERS))
    )


if __name__ == "__main__":
    asyncio.run(main())
