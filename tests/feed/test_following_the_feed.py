"""The feed in the graph: every change once, in order, from any number on."""

from decimal import Decimal
from typing import Any

from clients import Client, client_of
from domain.permissions import Permission
from services import feed, outbox
from world import World

CHANGES = """
query Changes($after: Cursor, $first: Int! = 20, $filter: ChangeFilter) {
  changes(after: $after, first: $first, filter: $filter) {
    edges { cursor node {
      topic actor { id name } reason reasonCode { code }
      cause { postingKind documentType reference importId }
      balances { sequence kind before delta after product { id } location { id } item { id } }
      before after
    } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } lastCursor
  }
}
"""


async def ask(client: Client, **variables: Any) -> Any:
    body = await client.graphql(CHANGES, **variables)
    assert "errors" not in body, body
    return body["data"]["changes"]


async def done(client: Client, mutation: str) -> Any:
    body = await client.graphql(f"mutation {{ {mutation} }}")
    assert "errors" not in body, body
    return body["data"]


async def test_tells_before_after_delta_reason_cause_and_actor_of_a_posting(world: World) -> None:
    location = await world.location()
    product = await world.product(quantity_step=Decimal("0.5"))
    item = await world.stock(product, location, 10)
    async with client_of(world) as client:
        viewer = (await client.graphql("{ viewer { keyId name } }"))["data"]["viewer"]
        await done(
            client,
            f'adjustStock(input: {{inventoryItemId: "{item}", by: -2.5, reasonCode: "DAMAGE",'
            ' comment: "fell", reference: "ADJ-1"}) { position }',
        )
        await feed.relay(world.database)

        page = await ask(client, after="1")

    assert page == {
        "edges": [
            {
                "cursor": "2",
                "node": {
                    "topic": "stock.posted",
                    "actor": {"id": viewer["keyId"], "name": viewer["name"]},
                    "reason": "fell",
                    "reasonCode": {"code": "DAMAGE"},
                    "cause": {
                        "postingKind": "ADJUSTMENT",
                        "documentType": None,
                        "reference": "ADJ-1",
                        "importId": None,
                    },
                    "balances": [
                        {
                            "sequence": 2,
                            "kind": "ADJUSTMENT",
                            "before": 10,
                            "delta": -2.5,
                            "after": 7.5,
                            "product": {"id": product.id},
                            "location": {"id": location.id},
                            "item": {"id": item},
                        }
                    ],
                    "before": None,
                    "after": None,
                },
            }
        ],
        "pageInfo": {
            "hasNextPage": False,
            "hasPreviousPage": True,
            "startCursor": "2",
            "endCursor": "2",
        },
        "lastCursor": "2",
    }


async def test_tells_a_record_before_and_after(world: World) -> None:
    product = await world.product()
    lot = await world.lot(product, note="first")
    async with client_of(world) as client:
        viewer = (await client.graphql("{ viewer { keyId name } }"))["data"]["viewer"]
        await done(client, f'updateLot(id: "{lot.id}", input: {{note: "second"}}) {{ position }}')
        await done(client, f'deleteLot(id: "{lot.id}") {{ position }}')
        await feed.relay(world.database)

        nodes = [edge["node"] for edge in (await ask(client))["edges"]]

    assert [node["topic"] for node in nodes] == ["lot.created", "lot.changed", "lot.deleted"]
    assert [node["actor"] for node in nodes] == [
        {"id": "system", "name": "Stockgraph"},
        {"id": viewer["keyId"], "name": viewer["name"]},
        {"id": viewer["keyId"], "name": viewer["name"]},
    ]
    told = [(node["before"], node["after"]) for node in nodes]
    assert [(b and b["note"], a and a["note"]) for b, a in told] == [
        (None, "first"),
        ("first", "second"),
        ("second", None),
    ]
    assert told[0][1] == told[1][0]
    assert told[1][1] == told[2][0]
    assert {"id", "productId", "number", "expiryDate", "version"} <= set(told[0][1])
    assert not {"tenantId", "validFrom"} & set(told[0][1])


async def test_whoever_goes_on_from_the_end_gets_every_change_once(world: World) -> None:
    location, product = await world.location(), await world.product()
    for quantity in range(1, 8):
        await world.stock(product, location, quantity)
    await feed.relay(world.database)
    seen: list[str] = []
    after = None

    async with client_of(world) as client:
        while True:
            page = await ask(client, first=3, after=after)
            seen += [edge["cursor"] for edge in page["edges"]]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break

    assert seen == ["1", "2", "3", "4", "5", "6", "7"]


async def test_a_filter_leaves_out_and_still_says_how_far_it_looked(world: World) -> None:
    location, other = await world.location(), await world.location()
    product = await world.product()
    await world.stock(product, other, 1)
    for quantity in range(1, 4):
        await world.stock(product, location, quantity)
    await world.lot(product)
    await feed.relay(world.database)

    async def cursors(client: Client, filter: dict[str, Any]) -> tuple[list[str], str]:
        page = await ask(client, filter=filter)
        return [edge["cursor"] for edge in page["edges"]], page["pageInfo"]["endCursor"]

    async with client_of(world) as client:
        assert await cursors(client, {"locationIds": [other.id]}) == (["1"], "5")
        assert await cursors(client, {"productIds": [product.id]}) == (list("12345"), "5")
        assert await cursors(client, {"topics": ["lot.created"]}) == (["5"], "5")
        both = {"topics": ["stock.posted"], "locationIds": [location.id]}
        assert await cursors(client, both) == (["2", "3", "4"], "5")
        assert await cursors(client, {"productIds": ["prod_none"]}) == ([], "5")


async def test_refuses_cursors_that_are_none_and_parts_that_are_too_large(world: World) -> None:
    async def refusal(client: Client, **variables: Any) -> Any:
        extensions = (await client.graphql(CHANGES, **variables))["errors"][0]["extensions"]
        return extensions["code"], extensions["field"]

    async with client_of(world) as client:
        assert await refusal(client, after="-1") == ("INVALID", "after")
        assert await refusal(client, after="٣") == ("INVALID", "after")
        assert await refusal(client, after="9" * 19) == ("INVALID", "after")
        assert await refusal(client, after="7") == ("INVALID", "after")
        assert await refusal(client, first=201) == ("LIMIT_EXCEEDED", "first")
        assert await refusal(client, first=-1) == ("INVALID", "first")
        many = {"productIds": ["x"] * 101}
        assert await refusal(client, filter=many) == ("LIMIT_EXCEEDED", "filter.productIds")


async def test_documents_are_told_to_keys_that_may_read_them(world: World) -> None:
    async with world.write() as session:
        event = {"before": None, "after": {}, "actor": {"id": "x", "name": "X"}}
        await outbox.emit(session, "transfer.submit", "xfer_1", event)
        await outbox.emit(session, "hold.placed", "hold_1", event)
    await feed.relay(world.database)

    async def topics(*scopes: str) -> list[str]:
        async with client_of(world, *scopes) as client:
            return [edge["node"]["topic"] for edge in (await ask(client))["edges"]]

    assert await topics(Permission.INVENTORY_READ) == ["hold.placed"]
    assert await topics(Permission.INVENTORY_READ, Permission.TRANSFERS_READ) == [
        "transfer.submit",
        "hold.placed",
    ]
