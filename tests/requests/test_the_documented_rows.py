"""Stock requests by REST: rows 48 to 61 and 65."""

from datetime import UTC, date, datetime
from typing import Any

from clients import Client, client_of, key_of
from services.requests import deciding
from ward import HEAD, Ward
from world import World

AT = "/api/stock-requests"
PLAIN = {
    "number": "REQ-000001",
    "type": "STOCK",
    "status": "APPROVED",
    "priority": "URGENT",
    "requestingLocationName": "Ward",
    "fulfillingLocationName": "Store",
    "neededBy": None,
    "lineCount": 1,
    "totalRequested": 6,
    "totalApproved": 5,
    "totalIssued": 0,
    "totalValue": 10,
    "description": "for the weekend",
    "stocklistId": None,
    "transferId": None,
    "issuedAt": None,
    "receivedAt": None,
    "closedAt": None,
    "version": 5,
    "allowedActions": ["ALLOCATE", "CANCEL", "ROLLBACK"],
}
LINE = {
    "productName": "Gauze",
    "globalSku": "GZ-1",
    "unitOfMeasure": "EA",
    "requestedQuantity": 6,
    "approvedQuantity": 5,
    "allocatedQuantity": 0,
    "issuedQuantity": 0,
    "receivedQuantity": 0,
    "shortQuantity": 0,
    "lostQuantity": 0,
    "availableAtSource": 10,
    "comment": None,
    "decisionComment": None,
    "substituteProductMasterId": None,
    "substituteName": None,
    "substituteSku": None,
    "substitutionReason": None,
    "status": "APPROVED",
}


async def do(client: Client, method: str, path: str, body: Any = None, status: int = 200) -> Any:
    response = await client.rest(method, path, json=body)
    assert response.status_code == status, response.text
    return response.json()


async def test_a_request_goes_from_draft_to_approved(world: World) -> None:
    ward = await Ward.of(world)
    product = await ward.product(10, name="Gauze", sku="GZ-1", unit_cost=2)
    body = {
        "type": "STOCK",
        "requestingLocationId": ward.ward.id,
        "fulfillingLocationId": ward.store.id,
        "priority": "HIGH",
        "description": "for the weekend",
        "lines": [{"productMasterId": product.id, "quantity": 4}],
    }
    async with client_of(world) as nurse:
        head = Client(nurse.http, await key_of(world))
        made = await do(nurse, "POST", AT, body, 201)
        at = f"{AT}/{made['stockRequest']['id']}"
        added = {"productMasterId": product.id, "quantity": 2}
        line = await do(nurse, "POST", f"{at}/lines", added, 201)
        await do(nurse, "PATCH", at, {"priority": "URGENT"})
        await do(nurse, "POST", f"{at}/submit")
        own = await do(nurse, "GET", f"{AT}/pending-approvals")
        queue = await do(head, "GET", f"{AT}/pending-approvals")
        said = await do(head, "POST", f"{at}/comment", {"comment": "so many?"}, 201)
        lines = [{"lineId": line["line"]["id"], "approvedQuantity": 5}]
        approved = await do(head, "POST", f"{at}/approve", {"lines": lines})
        shown = await do(nurse, "GET", at)
        status = await do(nurse, "GET", f"{at}/status")
        rows = await do(nurse, "GET", f"{at}/lines")
        listed = await do(nurse, "GET", f"{AT}?search=weekend&status=APPROVED")

    request = shown["stockRequest"]
    assert made["message"] == "REQ-000001 was made."
    assert (line["line"]["requestedQuantity"], line["message"]) == (6, "6 of GZ-1 are asked for.")
    assert (own["stockRequests"], len(queue["stockRequests"])) == ([], 1)
    assert set(said["comment"]) == {"id", "text", "createdBy", "createdAt"}
    assert [one["text"] for one in request["comments"]] == ["so many?"]
    assert {**approved["stockRequest"], "allowedActions": request["allowedActions"]} == request
    (row,) = listed["stockRequests"]
    assert row == {name: request[name] for name in row}
    assert {name: request[name] for name in PLAIN} == PLAIN
    assert request["requestingLocationId"] == ward.ward.id
    ours = {"id": line["line"]["id"], "productMasterId": product.id}
    assert rows["lines"] == request["lines"] == [LINE | ours]
    assert {name: status[name] for name in ("id", "number", "status")} == {
        name: request[name] for name in ("id", "number", "status")
    }
    assert status["allowedTransitions"] == [
        {"to": "ALLOCATED", "action": "ALLOCATE", "permission": "stockrequests.write"},
        {"to": "CANCELLED", "action": "CANCEL", "permission": "stockrequests.write"},
        {"to": "SUBMITTED", "action": "ROLLBACK", "permission": "stockrequests.write"},
    ]
    assert [(one["action"], one["from"], one["to"]) for one in status["history"]] == [
        ("CREATE", None, "DRAFT"),
        ("EDIT", "DRAFT", "DRAFT"),
        ("EDIT", "DRAFT", "DRAFT"),
        ("SUBMIT", "DRAFT", "SUBMITTED"),
        ("COMMENT", "SUBMITTED", "SUBMITTED"),
        ("APPROVE", "SUBMITTED", "APPROVED"),
    ]


async def test_lists_are_filtered_and_sorted(world: World) -> None:
    ward, other = await Ward.of(world), await Ward.of(world)
    category = await world.category(name="Dressings")
    gauze, gloves = await ward.product(category_id=category.id), await ward.product()
    world.database.now = datetime(2026, 6, 1, tzinfo=UTC)
    first = await ward.submitted((gauze, 1), priority="LOW", description="for the weekend")
    world.database.now = datetime(2026, 6, 2, tzinfo=UTC)
    await ward.submitted((gloves, 1), type="ADHOC", needed_by=date(2026, 6, 9))
    world.database.now = datetime(2026, 6, 3, tzinfo=UTC)
    await other.submitted((gauze, 2), (gloves, 2), priority="URGENT", needed_by=date(2026, 6, 8))
    world.database.now = datetime(2026, 6, 4, tzinfo=UTC)
    await ward.act(deciding.reject, first, "no", None, by=HEAD)
    asked: dict[str, list[int]] = {
        "": [3, 2, 1],
        "status=SUBMITTED": [3, 2],
        "status=REJECTED,DRAFT": [1],
        "type=ADHOC": [2],
        "priority=URGENT,LOW": [3, 1],
        f"requestingLocationId={ward.ward.id}": [2, 1],
        f"fulfillingLocationId={other.store.id}": [3],
        f"productMasterId={gloves.id}": [3, 2],
        f"categoryId={category.id}": [3, 1],
        "createdBy=key_nurse": [3, 2, 1],
        "createdBy=key_head": [],
        "search=WEEKEND": [1],
        "search=000002": [2],
        "search=nurse": [3, 2, 1],
        "fromDate=2026-06-02": [3, 2],
        "toDate=2026-06-02T12:00:00Z": [2, 1],
        "fromDate=2026-06-02&toDate=2026-06-02T00:00:00Z&type=STOCK": [],
        "sort=number": [1, 2, 3],
        "sort=-priority": [3, 2, 1],
        "sort=neededBy": [3, 2, 1],
        "sort=status": [1, 2, 3],
        "sort=createdAt": [1, 2, 3],
        "sort=-submittedAt": [3, 2, 1],
        "sort=updatedAt": [2, 3, 1],
        "sort=number&page=2&limit=2": [3],
    }

    async with client_of(world) as client:
        found = {query: numbers(await client.get(f"{AT}?{query}")) for query in asked}
        queued = {
            query: numbers(await client.get(f"{AT}/pending-approvals?{query}"))
            for query in asked
            if "status" not in query and "sort" not in query
        }
        sums = {
            query: sum(
                row["requestedQuantity"]
                for row in (await client.get(f"{AT}/by-category?{query}"))["categories"]
            )
            for query in asked
            if "sort" not in query
        }

    assert found == asked
    assert queued == {query: [n for n in reversed(asked[query]) if n != 1] for query in queued}
    assert sums == {query: sum({1: 1, 2: 1, 3: 4}[n] for n in asked[query]) for query in sums}


def numbers(listed: Any) -> list[int]:
    return [int(row["number"].removeprefix("REQ-")) for row in listed["stockRequests"]]


async def test_a_draft_is_deleted_and_what_is_under_way_is_not(world: World) -> None:
    ward = await Ward.of(world)
    product = await ward.product()
    draft, sent = await ward.request((product, 1)), await ward.submitted((product, 1))

    async with client_of(world) as client:
        gone = await do(client, "DELETE", f"{AT}/{draft.request.id}")
        missing = await do(client, "GET", f"{AT}/{draft.request.id}", None, 404)
        kept = await do(client, "DELETE", f"{AT}/{sent.request.id}", None, 409)

    assert gone == {"success": True, "message": "REQ-000001 was deleted."}
    assert missing["error"] == "Stock request not found or not accessible"
    assert (kept["code"], kept["details"]["status"]) == ("ILLEGAL_STEP", "SUBMITTED")


async def test_a_request_is_rejected_for_a_reason_and_taken_back(world: World) -> None:
    ward = await Ward.of(world)
    made = await ward.submitted((await ward.product(), 1))
    at = f"{AT}/{made.request.id}"

    async with client_of(world) as client:
        unsaid = await do(client, "POST", f"{at}/reject", {}, 400)
        blank = await do(client, "POST", f"{at}/reject", {"reason": " "}, 400)
        rejected = await do(client, "POST", f"{at}/reject", {"reason": "too dear"})
        back = await do(client, "POST", f"{at}/rollback", {"reason": "it is not"})
        again = await do(client, "POST", f"{at}/rollback", {"reason": "asked too early"})
        nothing = await do(client, "POST", f"{at}/rollback", {"reason": "more"}, 409)

    assert (unsaid["error"], blank["code"]) == ("reason is required", "REASON_REQUIRED")
    steps = [one["stockRequest"]["status"] for one in (rejected, back, again)]
    assert steps == ["REJECTED", "SUBMITTED", "DRAFT"]
    assert [(one["action"], one["reason"]) for one in again["stockRequest"]["history"][2:]] == [
        ("REJECT", "too dear"),
        ("ROLLBACK", "it is not"),
        ("ROLLBACK", "asked too early"),
    ]
    assert nothing["code"] == "ILLEGAL_STEP"
    assert nothing["details"]["allowedActions"] == ["EDIT", "SUBMIT", "CANCEL"]
