"""The sample company of a bicycle maker: what its movements and reorder points say to order."""

import csv
import gzip
from collections import defaultdict
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import sample
from services import imports, replenishment
from services.replenishment import Wish
from world import World

pytestmark = [pytest.mark.long, sample.needed]


def rows(name: str) -> list[dict[str, str]]:
    path = sample.FOLDER / name
    opened: Any = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


async def test_demand_and_suggestions_give_the_facts_of_the_data(
    own_sample_company: World, tmp_path: Path
) -> None:
    world = own_sample_company
    on_hand: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows("stock.csv"):
        on_hand[row["sku"]] += Decimal(row["quantity"])
    products = [row for row in rows("products.csv") if row["active"] == "true"]
    at_point = [p for p in products if on_hand[p["sku"]] <= Decimal(p["reorderPoint"])]
    below = [p for p in products if on_hand[p["sku"]] < Decimal(p["reorderPoint"])]

    async with world.read() as session:
        found = await replenishment.suggest(session, Wish(limit=5_000))
    short = [one for one in found.suggestions if one.row.position < one.row.reorder_point]

    assert (found.count, len(short)) == (len(at_point), len(below))
    assert len(below) == 60

    # The units that were sold in the last year, as a location's whole share of the demand.
    sold = sorted(
        {
            row["sku"]
            for row in rows("movements.csv.gz")
            if row["type"] == "SALE" and "2013-07-01" <= row["occurredAt"][:10] <= "2014-06-30"
        }
    )
    settings = "sku,locationCode,method,demandWindowDays,demandShare\n" + "".join(
        f"{sku},LOC-07,REORDER_POINT,365,1\n" for sku in sold
    )
    (tmp_path / "replenishment.csv").write_text(settings, encoding="utf-8")
    await imports.run(world.database, world.tenant_id, tmp_path)
    world.database.now = datetime(2014, 7, 1, 12, tzinfo=UTC)
    async with world.read() as session:
        wish = Wish(only_below=False, limit=5_000)
        seen = (await replenishment.suggest(session, wish)).suggestions

    configured = [one for one in seen if one.row.demand_days == 365]
    inactive = {p["sku"] for p in rows("products.csv")} - {p["sku"] for p in products}
    assert len(sold) == 201
    assert len(configured) == len([sku for sku in sold if sku not in inactive])
    units: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows("movements.csv.gz"):
        if row["type"] == "SALE" and "2013-07-01" <= row["occurredAt"][:10] <= "2014-06-30":
            units[row["sku"]] -= Decimal(row["quantity"])
    assert sum(units.values()) == 142_072
    assert sum(one.row.demand for one in configured) == sum(
        number for sku, number in units.items() if sku not in inactive
    )
