"""What a row takes from the address and the headers, and how it refuses the rest."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from clients import Client, client_of
from graph import statements
from world import World

ITEMS = "/api/inventory"
MATRIX = "/api/inventory/channel-location"


@pytest.fixture
async def shop(world: World) -> AsyncIterator[Client]:
    """Three products at one location, of which the last has no stock; one more elsewhere."""
    here, there = await world.location(id="loc_a"), await world.location(id="loc_b", type="STORE")
    await world.channel("DTC")
    first, second, last = [
        await world.product(id=f"prod_{n}", sku=f"S-{n}", name=f"Thing {9 - n}") for n in (1, 2, 3)
    ]
    await world.stock(first, here, 5)
    await world.stock(second, here, 30)
    await world.stock(last, here, 7)
    await world.issue(last, here, 7)
    await world.stock(last, there, 4)
    async with client_of(world) as client:
        yield client


async def skus(client: Client, path: str = ITEMS, **query: Any) -> list[str]:
    return [item["globalSku"] for item in (await client.get(path, **query))["items"]]


async def test_filters_search_and_zero(shop: Client) -> None:
    assert await skus(shop, locationId="loc_a") == ["S-1", "S-2", "S-3"]
    assert await skus(shop, locationId="loc_a", includeZero="false") == ["S-1", "S-2"]
    assert await skus(shop, locationId="loc_b") == ["S-3"]
    assert await skus(shop, locationId="loc_a,loc_b", productMasterId="prod_3") == ["S-3", "S-3"]
    assert await skus(shop, search="thing 7") == ["S-2"]
    assert await skus(shop, locationId="nowhere", lotId="none", binId="none") == []


async def test_sorts_by_the_words_of_the_body(shop: Client) -> None:
    assert await skus(shop, locationId="loc_a", sort="-quantityOnHand") == ["S-2", "S-1", "S-3"]
    assert await skus(shop, locationId="loc_a", sort="productName") == ["S-3", "S-2", "S-1"]


async def test_the_older_name_of_a_product_is_read(shop: Client) -> None:
    assert await skus(shop, productId="prod_2") == ["S-2"]
    assert await skus(shop, productId="prod_2", productMasterId="prod_2") == ["S-2"]


@pytest.mark.parametrize(
    ("query", "status", "words", "details"),
    [
        ("page=0", 400, "page must be at least 1.", {"field": "page"}),
        ("page=", 400, "page must be a whole number.", {"field": "page"}),
        ("page=1.5", 400, "page must be a whole number.", {"field": "page"}),
        ("limit=-1", 400, "limit must be at least 1.", {"field": "limit"}),
        ("limit=ten", 400, "limit must be a whole number.", {"field": "limit"}),
        ("page=1&page=2", 400, "page is given twice.", {"field": "page"}),
        (
            "limits=5",
            400,
            "The parameter limits is not known; did you mean limit?",
            {"field": "limits", "unknown": "limits", "nearest": "limit"},
        ),
        (
            "asOf=2026-01-01",
            400,
            "The parameter asOf is not known.",
            {"field": "asOf", "unknown": "asOf"},
        ),
        (
            "includeZero=maybe",
            400,
            "includeZero must be one of true, false.",
            {"field": "includeZero", "allowed": ["true", "false"]},
        ),
        (
            "productId=a&productMasterId=b",
            400,
            "productId is an older name of productMasterId: give one of them.",
            {"field": "productId"},
        ),
        ("search=a%00", 400, "search has a NUL character.", {"field": "search"}),
    ],
)
async def test_refuses_by_name(
    shop: Client, query: str, status: int, words: str, details: dict[str, Any]
) -> None:
    response = await shop.rest("GET", f"{ITEMS}?{query}")

    assert response.status_code == status
    assert response.json() == {
        "error": words,
        "code": "INVALID",
        "details": details,
        "requestId": response.headers["X-Request-Id"],
    }


async def test_a_moment_that_is_none_is_refused_by_the_name_of_its_parameter(shop: Client) -> None:
    path = "/api/inventory/channel-location?locationId=loc_none&asOf=tomorrow"
    response = await shop.rest("GET", path)

    assert response.status_code == 400
    body = response.json()
    assert body["error"] == "asOf: DateTime must be written as ISO 8601, not as 'tomorrow'."
    assert (body["code"], body["details"]) == ("INVALID", {"field": "asOf"})


async def test_a_lenient_caller_may_send_what_is_not_known(shop: Client) -> None:
    response = await shop.rest(
        "GET", f"{ITEMS}?limits=5", headers={"Prefer": "respond-async, handling=lenient"}
    )

    assert response.status_code == 200
    assert response.headers["Preference-Applied"] == "handling=lenient"


async def test_more_than_the_maximum_is_the_maximum(shop: Client) -> None:
    assert (await shop.get(ITEMS, limit=999_999_999_999))["pagination"]["pageSize"] == 100
    assert (await shop.get(MATRIX, locationId="loc_a", limit=201))["pagination"]["pageSize"] == 200
    assert (await shop.get(MATRIX, locationId="loc_a"))["pagination"]["pageSize"] == 50


async def test_a_page_beyond_the_last_is_empty_with_true_totals(shop: Client) -> None:
    body = await shop.get(ITEMS, page=9, limit=3)

    assert body == {
        "items": [],
        "pagination": {"page": 9, "pageSize": 3, "total": 4, "totalPages": 2},
    }


async def test_links_lead_to_the_pages_beside(shop: Client) -> None:
    first = await shop.rest("GET", f"{ITEMS}?limit=2&search=thing")
    last = await shop.rest("GET", f"{ITEMS}?limit=2&page=2")
    beyond = await shop.rest("GET", f"{ITEMS}?limit=2&page=9")

    assert first.headers["Link"] == '</api/inventory?limit=2&search=thing&page=2>; rel="next"'
    assert last.headers["Link"] == '</api/inventory?limit=2&page=1>; rel="prev"'
    assert beyond.headers["Link"] == '</api/inventory?limit=2&page=2>; rel="prev"'


async def test_an_address_too_long_for_a_header_is_not_repeated_in_one(shop: Client) -> None:
    lots = ",".join(f"lot_{number}" for number in range(1000))
    response = await shop.rest("GET", f"{ITEMS}?page=2&lotId={lots}")

    assert response.status_code == 200
    assert "Link" not in response.headers


async def test_a_path_with_a_slash_too_much_leads_nowhere_and_sends_no_one_on(
    shop: Client,
) -> None:
    response = await shop.rest("GET", f"{ITEMS}/")

    assert (response.status_code, response.json()["code"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize("path", [ITEMS, "/api/inventory/channel/summary"])
async def test_an_answer_that_the_caller_has_is_not_sent_again(
    shop: Client, world: World, path: str
) -> None:
    first = await shop.rest("GET", path)
    tag = first.headers["ETag"]
    same = await shop.rest("GET", path, headers={"If-None-Match": f'"other", {tag}'})
    await world.stock(await world.product(), await world.location(), 1)
    changed = await shop.rest("GET", path, headers={"If-None-Match": tag})

    assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", tag)
    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag


async def test_a_body_on_a_read_is_not_looked_at(shop: Client) -> None:
    response = await shop.rest(
        "GET", ITEMS, content=b"{not json", headers={"Content-Type": "application/json"}
    )

    assert response.status_code == 200
    assert response.headers["X-GraphQL-Operation"] == "ListItems"


async def test_head_is_a_get_without_its_body(shop: Client) -> None:
    get, head = await shop.rest("GET", ITEMS), await shop.rest("HEAD", ITEMS)

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == str(len(get.content))
    assert head.headers["ETag"] == get.headers["ETag"]


async def test_other_methods_are_told_which_are_allowed(shop: Client) -> None:
    refused = await shop.rest("DELETE", ITEMS)
    asked = await shop.rest("OPTIONS", ITEMS)

    assert refused.status_code == 405
    assert refused.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert refused.json()["code"] == "METHOD_NOT_ALLOWED"
    assert (asked.status_code, asked.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")


async def test_the_matrix_is_searched_sorted_and_narrowed(shop: Client, world: World) -> None:
    await world.channel("B2B", position=1)

    async def rows(**query: Any) -> list[str]:
        body = await shop.get(MATRIX, locationId="loc_a", **query)
        return [row["globalSku"] for row in body["products"]]

    assert await rows() == ["S-1", "S-2", "S-3"]
    assert await rows(sort="-minAtp") == ["S-2", "S-1", "S-3"]
    assert await rows(sort="name") == ["S-3", "S-2", "S-1"]
    assert await rows(severity="CRITICAL") == ["S-3"]
    assert await rows(search="s-2") == ["S-2"]
    assert await rows(categoryId="none") == []
    body = await shop.get(MATRIX, locationId="loc_a", channels="B2B, none")
    assert [column["channelId"] for column in body["channels"]] == ["B2B"]


async def test_a_page_of_the_matrix_runs_five_statements(shop: Client, world: World) -> None:
    async with statements(world) as found:
        await shop.get(MATRIX, locationId="loc_a")
    assert len([one for one in found if "api_key" not in one]) == 5  # the key is known or not


async def test_sums_up_by_location(shop: Client) -> None:
    body = await shop.get("/api/inventory/locations", type="STORE")

    assert body["locations"] == [
        {
            "locationId": "loc_b",
            "locationName": body["locations"][0]["locationName"],
            "locationType": "STORE",
            "totalOnHand": 4,
            "totalReserved": 0,
            "totalAvailable": 4,
            "totalValue": 0,
            "productCount": 1,
            "lotCount": 0,
            "binCount": 0,
            "expiringCount": 0,
        }
    ]


async def test_sums_up_by_channel(shop: Client) -> None:
    body = await shop.get("/api/inventory/channel/summary", locationId="loc_a")

    (channel,) = body["channels"]
    (place,) = channel.pop("locations")
    assert channel == {
        "channelId": "DTC",
        "channelName": "Channel DTC",
        "channelType": "E_COMMERCE",
        "totalAtp": 35,
        "totalOnHand": 35,
        "totalReserved": 0,
        "totalAvailable": 35,
        "onOrder": 0,
        "productCount": 3,
        "okCount": 1,
        "lowCount": 1,
        "criticalCount": 1,
    }
    place.pop("locationName")
    assert place == {"locationId": "loc_a", "atp": 35, "lowCount": 1, "criticalCount": 1}
    assert body["asOf"].endswith("Z")
