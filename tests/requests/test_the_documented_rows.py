"""Stock requests by REST: rows 48 to 61 and 65."""

from typing import Any

from clients import Client, client_of, key_of
from ward import Ward
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
