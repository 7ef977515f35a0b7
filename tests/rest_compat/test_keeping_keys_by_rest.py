"""The documented key paths: made, listed, changed, rotated and revoked with a key."""

from typing import Any

from clients import Client, client_of
from world import World

KEYS = "/api/admin/api-keys"


async def made(client: Client, **body: Any) -> dict[str, Any]:
    body = {"name": "Shop", "scopes": ["inventory:read"]} | body
    response = await client.rest("POST", KEYS, json=body)
    assert response.status_code == 201, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def test_a_key_is_made_as_documented_and_works(world: World) -> None:
    async with client_of(world, "*") as client:
        answer = await made(client)
        used = await Client(client.http, answer["plaintextKey"]).rest("GET", "/api/inventory")

    key, plain = answer["apiKey"], answer["plaintextKey"]
    assert set(answer) == {"apiKey", "plaintextKey"}
    assert {name: key[name] for name in ("name", "keyPrefix", "last4", "scopes", "status")} == {
        "name": "Shop",
        "keyPrefix": plain[:15],
        "last4": plain[-4:],
        "scopes": ["inventory:read"],
        "status": "ACTIVE",
    }
    assert (key["perMinute"], key["perHour"]) == (100, 1000)
    assert used.status_code == 200


async def test_a_key_is_listed_changed_rotated_and_revoked(world: World) -> None:
    async with client_of(world, "*") as client:
        first = await made(client)
        at = f"{KEYS}/{first['apiKey']['id']}"
        changed = await client.rest("PATCH", at, json={"name": "Till", "perHour": None})
        rotated = await client.rest("POST", f"{at}/rotate")
        revoked = await client.rest("POST", f"{at}/revoke")
        listed = await client.get(KEYS, status="REVOKED")
        old = await Client(client.http, first["plaintextKey"]).rest("GET", "/api/inventory")
        new = await Client(client.http, rotated.json()["plaintextKey"]).rest("GET", KEYS)

    assert changed.json()["apiKey"] | {"name": "Till", "perHour": None} == changed.json()["apiKey"]
    assert rotated.json()["apiKey"]["id"] == first["apiKey"]["id"]
    assert revoked.json()["apiKey"]["status"] == "REVOKED"
    assert [key["name"] for key in listed["apiKeys"]] == ["Till"]
    assert (old.status_code, old.json()["code"]) == (401, "INVALID_API_KEY")
    assert (new.status_code, new.json()["code"]) == (401, "REVOKED_API_KEY")


async def test_a_write_may_be_tried_without_keeping_it(world: World) -> None:
    async with client_of(world, "*") as client:
        tried = await client.rest(
            "POST",
            KEYS,
            json={"name": "Shop", "scopes": ["*"]},
            headers={"Prefer": "tx=rollback"},
        )
        kept = await client.get(KEYS, search="shop")

    assert (tried.status_code, tried.headers["Preference-Applied"]) == (201, "tx=rollback")
    assert kept["apiKeys"] == []


async def test_bodies_are_read_strictly(world: World) -> None:
    bodies: list[tuple[Any, int, dict[str, Any]]] = [
        (
            {"name": "a", "scope": []},
            400,
            {"field": "scope", "unknown": "scope", "nearest": "scopes"},
        ),
        ({"name": "a"}, 400, {"field": "scopes", "path": "scopes"}),
        ({"name": 1, "scopes": []}, 400, {"field": "name", "path": "name"}),
        ({"name": "a", "scopes": ["*", 2]}, 400, {"field": "scopes[1]", "path": "scopes[1]"}),
        ({"name": "a", "scopes": "*"}, 400, {"field": "scopes", "path": "scopes"}),
        (
            {"name": "a", "scopes": ["*"], "expiresAt": "soon"},
            400,
            {"field": "expiresAt", "path": "expiresAt"},
        ),
        ([], 400, {"field": "body", "path": "$"}),
    ]
    async with client_of(world, "*") as client:
        for body, status, details in bodies:
            response = await client.rest("POST", KEYS, json=body)
            assert (response.status_code, response.json()["details"]) == (status, details)
        as_form = await client.rest("POST", KEYS, data={"name": "a"})
        broken = await client.rest(
            "POST", KEYS, content=b'{"name": NaN}', headers={"Content-Type": "application/json"}
        )
        twice = await client.rest(
            "POST",
            KEYS,
            content=b'{"name": "a", "name": "b"}',
            headers={"Content-Type": "application/json"},
        )
        large = await client.rest(
            "POST",
            KEYS,
            content=b" " * 1_048_577,
            headers={"Content-Type": "application/json"},
        )

    assert as_form.status_code == 415
    assert (broken.status_code, broken.json()["details"]["path"]) == (400, "$.name")
    assert (twice.status_code, twice.json()["details"]["path"]) == (400, "$.name")
    assert large.status_code == 413


async def test_refusals_have_their_status(world: World, other_world: World) -> None:
    async with client_of(other_world, "*") as other:
        theirs = (await made(other))["apiKey"]["id"]
    async with client_of(world, "*") as client:
        await made(client)
        again = await client.rest("POST", KEYS, json={"name": "Shop", "scopes": ["*"]})
        unknown = await client.rest("POST", f"{KEYS}/{theirs}/revoke")
    async with client_of(world, "inventory.read") as reader:
        forbidden = await reader.rest("GET", KEYS)

    assert (again.status_code, again.json()["code"]) == (409, "ALREADY_EXISTS")
    assert (unknown.status_code, unknown.json()["error"]) == (
        404,
        "API key not found or not accessible",
    )
    assert forbidden.json()["details"] == {"required": ["admin.keys"]}
