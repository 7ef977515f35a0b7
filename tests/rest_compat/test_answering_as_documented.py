"""The documented calls on a tenant built to match give the documented bodies, field for field."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from clients import Client, application, client_of
from world import World

MATRIX = "/api/inventory/channel-location?locationId=loc_123&page=1&limit=50"
ITEMS = "/api/inventory?locationId=loc_123&productMasterId=prod_123"


@pytest.fixture
async def shop(world: World) -> AsyncIterator[Client]:
    world.database.now = datetime(2024, 1, 15, 10, 30, tzinfo=UTC)
    place = await world.location(id="loc_123", name="Main Warehouse")
    category = await world.category(name="Category")
    product = await world.product(
        id="prod_123", name="Product Name", sku="SKU-123", category_id=category.id
    )
    lot = await world.lot(product, id="lot_123", number="LOT-2024-001", expiry=date(2024, 12, 31))
    bin = await world.bin(place, id="bin_123", code="A-1-2")
    channel = await world.channel("DTC", name="Direct to Consumer", type="E_COMMERCE")
    await world.policy(channel, id="policy_123", low_atp_threshold=10)
    item = await world.stock(product, place, 200, bin=bin, lot=lot)
    await world.reserve(item, 50)
    async with client_of(world, "inventory:read") as client:
        yield client


async def test_the_matrix_equals_the_documented_one(shop: Client) -> None:
    body = await shop.get(MATRIX)

    assert body == {
        "products": [
            {
                "productMasterId": "prod_123",
                "productName": "Product Name",
                "globalSku": "SKU-123",
                "categoryName": "Category",
                "channels": [
                    {
                        "channelId": "DTC",
                        "channelName": "Direct to Consumer",
                        "atp": 150,
                        "onHand": 200,
                        "reserved": 50,
                        "available": 150,
                        "severity": "OK",
                        "threshold": 10,
                        "policyId": "policy_123",
                    }
                ],
                "totalOnHand": 200,
                "totalReserved": 50,
                "minAtp": 150,
                "maxAtp": 150,
                "hasCritical": False,
            }
        ],
        "channels": [
            {
                "channelId": "DTC",
                "channelName": "Direct to Consumer",
                "channelType": "E_COMMERCE",
                "policyId": "policy_123",
                "lowAtpThreshold": 10,
            }
        ],
        "location": {"id": "loc_123", "name": "Main Warehouse"},
        "pagination": {"page": 1, "pageSize": 50, "total": 1, "totalPages": 1},
    }


async def test_the_items_equal_the_documented_ones(shop: Client) -> None:
    body = await shop.get(ITEMS)

    item = body["items"][0]
    assert item.pop("id").startswith("item_")
    assert item == {
        "productMasterId": "prod_123",
        "productName": "Product Name",
        "globalSku": "SKU-123",
        "locationId": "loc_123",
        "locationName": "Main Warehouse",
        "quantityOnHand": 200,
        "quantityReserved": 50,
        "quantityAvailable": 150,
        "lotId": "lot_123",
        "lotNumber": "LOT-2024-001",
        "expiryDate": "2024-12-31",
        "binId": "bin_123",
        "binName": "A-1-2",
        "totalValue": 0,
        "createdAt": "2024-01-15T10:30:00Z",
        "updatedAt": "2024-01-15T10:30:00Z",
    }
    assert body["pagination"] == {"page": 1, "pageSize": 20, "total": 1, "totalPages": 1}


async def test_without_a_policy_or_a_category_the_cell_says_so(world: World) -> None:
    place = await world.location(id="loc_123")
    await world.channel("DTC")
    await world.stock(await world.product(), place, 10)

    async with client_of(world) as client:
        body = await client.get(MATRIX)

    assert body["products"][0]["categoryName"] is None
    cell = body["products"][0]["channels"][0]
    assert (cell["severity"], cell["threshold"], "policyId" in cell) == ("LOW", 10, False)
    assert "policyId" not in body["channels"][0]


def told(response: Any) -> dict[str, Any]:
    """A refusal without what stands beside the documented fields."""
    body: dict[str, Any] = response.json()
    assert body.pop("requestId") == response.headers["X-Request-Id"]
    return body


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ({}, "MISSING_AUTHORIZATION"),
        ({"Authorization": ""}, "MISSING_AUTHORIZATION"),
        ({"Authorization": "Bearer YOUR_API_KEY"}, "INVALID_API_KEY"),
        ({"Authorization": "Basic eDp5"}, "INVALID_API_KEY"),
    ],
)
async def test_without_a_valid_key_401(world: World, header: dict[str, str], code: str) -> None:
    async with application(world) as http:
        response = await http.get(MATRIX, headers=header)

    assert response.status_code == 401
    assert told(response) == {"error": "Unauthorized", "code": code}
    assert response.headers["WWW-Authenticate"] == "Bearer"


async def test_without_the_location_400(shop: Client) -> None:
    for path in ("/api/inventory/channel-location", "/api/inventory/channel-location?locationId="):
        response = await shop.rest("GET", path)

        assert response.status_code == 400
        assert told(response) == {"error": "locationId is required", "code": "INVALID"}


async def test_an_unknown_location_and_anothers_404(shop: Client, other_world: World) -> None:
    theirs = await other_world.location(id="loc_456")
    for id in (theirs.id, "loc_789", "é' or 1=1"):
        response = await shop.rest(
            "GET", "/api/inventory/channel-location", params={"locationId": id}
        )

        assert response.status_code == 404
        assert told(response) == {
            "error": "Location not found or not accessible",
            "code": "NOT_FOUND",
        }


async def test_a_failure_of_ours_500(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.location(id="loc_123")

    async def failing(*_: object) -> None:
        raise RuntimeError("password=secret")

    monkeypatch.setattr("resolvers.atp.require_location", failing)
    async with client_of(world) as client:
        response = await client.rest("GET", MATRIX)

    assert response.status_code == 500
    assert told(response) == {
        "error": "Internal Server Error",
        "message": "ATP calculation failed",
        "code": "INTERNAL",
    }


async def test_without_the_right_403(world: World) -> None:
    async with client_of(world, "products.read") as client:
        response = await client.rest("GET", "/api/inventory/channel-location")

    assert response.status_code == 403
    assert response.json() == {
        "error": "Forbidden",
        "code": "FORBIDDEN",
        "details": {"required": ["inventory.read"]},
        "requestId": response.headers["X-Request-Id"],
    }
