"""What can be promised in time, by REST: the cube, and one product's series."""

from datetime import date, timedelta
from typing import Any

from clients import Client, client_of
from world import World

AT = "/api/inventory/channel-location"


async def shop_of(world: World) -> tuple[Any, Any]:
    """Ten units of a product, and twenty that come in five days."""
    product, place = await world.product(), await world.location()
    await world.channel("A")
    await world.stock(product, place, 10)
    due = date.today() + timedelta(days=5)  # noqa: DTZ011 - some day that is to come
    await world.order(await world.vendor(), product, 20, location_id=place.id, due_on=due)
    return product, place


async def refused(client: Client, path: str, **query: Any) -> tuple[int, str, Any]:
    answer = await client.rest("GET", f"{AT}/{path}", params=query)
    body = answer.json()
    return answer.status_code, body["code"], (body.get("details") or {}).get("field")


async def test_the_cube_and_the_series_of_one_product(world: World) -> None:
    product, place = await shop_of(world)
    names = {"productMasterId": product.id, "locationId": place.id}
    async with client_of(world) as client:
        cube = await client.get(f"{AT}/cube", **names, count=2)
        series = await client.get(f"{AT}/series", **names, size="DAY", count=7)

    assert [part["index"] for part in cube["buckets"]] == [0, 1]
    assert cube["cells"] == [{**names, "channelId": "A", "atp": [10, 30]}]
    (cell,) = series["cells"]
    assert (cell["channelId"], cell["atp"]) == ("A", 10)
    assert [day["atp"] for day in cell["series"]] == [10] * 5 + [30] * 2
    assert [day["supply"] for day in cell["series"]] == [0] * 5 + [20, 0]


async def test_refusals_name_the_parameter(world: World) -> None:
    product, place = await shop_of(world)
    names = {"productMasterId": product.id, "locationId": place.id}
    async with client_of(world) as client:
        for path in ("cube", "series"):
            size = await refused(client, path, **names, size="MONTH")
            count = await refused(client, path, **names, count=27)
            assert size == (400, "UNKNOWN_BUCKET_SIZE", "size")
            assert count == (400, "BEYOND_HORIZON", "count")
        lost = await refused(client, "cube", **{**names, "productMasterId": "prod_none"})
    assert lost == (404, "NOT_FOUND", None)  # the documented body has no field
