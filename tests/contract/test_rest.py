"""The page of routes against the documented table, and the OpenAPI document against both."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # ships no types
from openapi_spec_validator import validate

from clients import Client, client_of
from gateway import schema_files
from resolvers.schema import build_schema
from rest_compat.routes import BESIDE, ROUTES
from transfer_acts import Moving
from ward import Ward
from world import World

ROOT = Path(__file__).parents[2]
SCHEMA = build_schema()
ROWS = schema_files.served(SCHEMA)
DOCUMENT: dict[str, Any] = json.loads(schema_files.openapi(ROWS))

# The served rows of the documented table: method, path, permissions.
DOCUMENTED = {
    ("GET", "/api/inventory", "inventory.read"),
    ("GET", "/api/inventory/availability", "inventory.read"),
    ("GET", "/api/inventory/availability/{id}", "inventory.read"),
    ("POST", "/api/inventory/availability/{id}", "inventory.write"),
    ("POST", "/api/inventory/availability/check", "inventory.read"),
    ("GET", "/api/products/{id}/inventory-levels", "inventory.read + products.read"),
    ("GET", "/api/inventory/put-away", "inventory.read"),
    ("POST", "/api/inventory/put-away", "inventory.write"),
    ("GET", "/api/inventory/replenishment", "replenishment.read"),
    ("POST", "/api/inventory/replenishment", "replenishment.write"),
    ("GET", "/api/inventory/replenishment/config", "replenishment.read"),
    ("POST", "/api/inventory/replenishment/config", "replenishment.write"),
    ("POST", "/api/inventory/replenishment/suggestions", "replenishment.read"),
    ("GET", "/api/inventory/channel-location", "inventory.read"),
    ("GET", "/api/inventory/channel-location/drilldown", "inventory.read"),
    ("GET", "/api/inventory/channel/summary", "inventory.read"),
    ("GET", "/api/inventory/cycle-count", "inventory.cyclecount"),
    ("POST", "/api/inventory/cycle-count", "inventory.cyclecount"),
    ("GET", "/api/inventory/cycle-count/{batchId}", "inventory.cyclecount"),
    ("POST", "/api/inventory/cycle-count/{batchId}", "inventory.cyclecount"),
    ("GET", "/api/inventory/cycle-count/abc", "inventory.cyclecount"),
    ("POST", "/api/inventory/cycle-count/abc", "inventory.cyclecount"),
    ("GET", "/api/inventory/cycle-count/blind-form", "inventory.cyclecount"),
    ("POST", "/api/inventory/cycle-count/resolve", "inventory.cyclecount"),
    ("POST", "/api/inventory/adjust", "inventory.adjust"),
    ("GET", "/api/inventory/adjustments", "inventory.adjust"),
    ("POST", "/api/inventory/adjustments", "inventory.adjust"),
    ("POST", "/api/inventory/adjustments/lot-correction", "inventory.adjust"),
    ("GET", "/api/inventory/adjustments/reason-codes", "inventory.adjust"),
    ("GET", "/api/inventory/adjustments/record-stock", "inventory.adjust"),
    ("POST", "/api/inventory/adjustments/record-stock", "inventory.adjust"),
    ("POST", "/api/inventory/record-stock", "inventory.write"),
    ("GET", "/api/inventory/expired", "inventory.read"),
    ("POST", "/api/inventory/expired/mark-consumed", "inventory.write"),
    ("POST", "/api/inventory/expired/mark-expired", "inventory.write"),
    ("POST", "/api/inventory/expired/transfer-destruction", "inventory.write"),
    ("GET", "/api/inventory/holds", "inventory.read"),
    ("POST", "/api/inventory/holds", "inventory.write"),
    ("POST", "/api/inventory/holds/release", "inventory.write"),
    ("GET", "/api/inventory/transfers", "transfers.read"),
    ("POST", "/api/inventory/transfers", "transfers.write"),
    ("GET", "/api/inventory/transfers/bins", "transfers.read"),
    ("GET", "/api/inventory/transfers/{id}", "transfers.read"),
    ("POST", "/api/inventory/transfers/{id}", "transfers.write"),
    ("GET", "/api/inventory/locations", "inventory.read"),
    ("GET", "/api/inventory/lot-control/validate", "inventory.read"),
    ("POST", "/api/inventory/lot-control/validate", "inventory.read"),
    ("GET", "/api/stock-requests", "stockrequests.read"),
    ("POST", "/api/stock-requests", "stockrequests.write"),
    ("GET", "/api/stock-requests/{id}", "stockrequests.read"),
    ("PATCH", "/api/stock-requests/{id}", "stockrequests.write"),
    ("DELETE", "/api/stock-requests/{id}", "stockrequests.write"),
    ("POST", "/api/stock-requests/{id}/approve", "stockrequests.approve"),
    ("POST", "/api/stock-requests/{id}/comment", "stockrequests.write"),
    ("GET", "/api/stock-requests/{id}/lines", "stockrequests.read"),
    ("POST", "/api/stock-requests/{id}/lines", "stockrequests.write"),
    ("POST", "/api/stock-requests/{id}/reject", "stockrequests.approve"),
    ("POST", "/api/stock-requests/{id}/rollback", "stockrequests.write"),
    ("GET", "/api/stock-requests/{id}/status", "stockrequests.read"),
    ("POST", "/api/stock-requests/{id}/status", "stockrequests.write"),
    ("POST", "/api/stock-requests/{id}/submit", "stockrequests.write"),
    ("GET", "/api/stock-requests/pending-approvals", "stockrequests.approve"),
    ("GET", "/api/stock-requests/by-category", "stockrequests.read"),
    ("GET", "/api/stock-requests/dashboard", "stockrequests.read"),
    ("GET", "/api/inventory/analytics", "inventory.read"),
    ("GET", "/api/stock-requests/filters", "stockrequests.read"),
    ("GET", "/api/stock-requests/products/search", "products.read + stockrequests.read"),
    ("GET", "/api/stock-requests/products/stocklist", "stockrequests.read"),
}
BESIDE_THE_TABLE = {
    ("POST", "/api/inventory-levels", "inventory.write"),
    ("GET", "/api/inventory/channel-location/cube", "inventory.read"),
    ("GET", "/api/inventory/channel-location/series", "inventory.read"),
    ("GET", "/api/inventory/reservations", "inventory.read"),
    ("POST", "/api/inventory/reservations", "inventory.write"),
    ("GET", "/api/inventory/reservations/{id}", "inventory.read"),
    ("POST", "/api/inventory/reservations/extend", "inventory.write"),
    ("POST", "/api/inventory/reservations/firm-up", "inventory.write"),
    ("POST", "/api/inventory/reservations/consume", "inventory.write"),
    ("POST", "/api/inventory/reservations/release", "inventory.write"),
    ("GET", "/api/admin/api-keys", "admin.keys"),
    ("POST", "/api/admin/api-keys", "admin.keys"),
    ("PATCH", "/api/admin/api-keys/{id}", "admin.keys"),
    ("POST", "/api/admin/api-keys/{id}/revoke", "admin.keys"),
    ("POST", "/api/admin/api-keys/{id}/rotate", "admin.keys"),
}


def test_every_row_is_documented_with_its_permission() -> None:
    def rows(routes: Any) -> set[tuple[str, str, str]]:
        return {(r.method, r.path, " + ".join(sorted(r.permissions))) for r in routes}

    assert rows(ROUTES) == DOCUMENTED
    assert rows(BESIDE) == BESIDE_THE_TABLE


def test_no_stored_operation_is_unused() -> None:
    folder = schema_files.OPERATIONS
    files = {path.relative_to(folder).with_suffix("") for path in folder.rglob("*.graphql")}

    used = {Path(one.route.operation) for row in ROWS for one in row.each}
    assert {path for path in files if path.name != "fragments"} == used


def test_the_document_in_git_is_the_served_one() -> None:
    text = (ROOT / schema_files.OPENAPI).read_bytes()

    assert text == schema_files.openapi(ROWS), "run ./run schema and read its diff"


def test_the_document_is_valid_openapi() -> None:
    validate(DOCUMENT)


def test_every_field_and_parameter_is_described() -> None:
    bare = []
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            bare += [
                f"{method} {path} {one['name']}"
                for one in operation.get("parameters", ())
                if not one["description"]
            ]
    assert bare == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.operation.name)
def test_every_answer_has_an_example_that_fits_its_schema(row: Any) -> None:
    operation = DOCUMENT["paths"][row.route.path][row.route.method.lower()]
    content = operation["responses"][str(int(row.route.status))]["content"]["application/json"]

    Draft202012Validator(content["schema"]).validate(content["example"])


async def test_every_stored_query_runs_on_graphql(world: World) -> None:
    place, product = await world.location(), await world.product()
    demand = {"locationId": place.id, "productId": product.id, "quantity": 1}
    ward = await Ward.of(world)
    request = (await ward.request((product, 1))).request.id
    needed: dict[str, Any] = {
        "GetRequest": {"id": request},
        "SearchRequestableProducts": {"q": "a"},
        "ListRequestLines": {"id": request},
        "GetRequestStatus": {"id": request},
        "ListTransferBins": {"locationId": place.id},
        "GetTransfer": {"id": (await Moving.make(world)).id},
        "GetMatrix": {"locationId": place.id},
        "DrillDown": {"locationId": place.id, "productMasterId": product.id},
        "GetCube": {"locationId": [place.id], "productMasterId": [product.id]},
        "GetSeries": {"locationId": place.id, "productMasterId": product.id},
        "GetStockLine": {"id": await world.stock(product, place, 1)},
        "ListInventoryLevels": {"id": product.id},
        "GetReplenishmentConfig": {"productMasterId": product.id, "locationId": place.id},
        "CheckAvailability": {"input": demand},
        "CheckAvailabilityOfLines": {"input": {"lines": [demand]}},
        "GetBatch": {"batchId": "count_missing"},
        "GetBlindForm": {"batchId": "count_missing"},
        "GetLotControl": {"productMasterId": product.id},
        "GetReservation": {"id": "resv_none"},
        "ValidateLot": {"input": {"productId": product.id}},
        "ValidateLots": {"input": {"lines": [{"productId": product.id}]}},
    }
    async with client_of(world) as client:
        for operation in (one.operation for row in ROWS for one in row.each):
            if not operation.is_write:
                answer = await client.graphql(operation.text, **needed.get(operation.name, {}))
                assert "errors" not in answer, answer


async def test_the_document_is_served_to_everybody(world: World) -> None:
    async with client_of(world) as client:
        response = await Client(client.http, None).rest("GET", "/openapi.json")

    assert response.json() == DOCUMENT
