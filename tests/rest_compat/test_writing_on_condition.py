"""If-Match: a write is done only while its record is as the caller has seen it."""

from decimal import Decimal
from typing import Any

from clients import Client, client_of
from counting import AT as COUNTS
from counting import Warehouse, create
from services.requests import lines
from ward import NURSE, Ward
from world import World

AT = "/api/stock-requests"


async def tag_of(client: Client, at: str) -> str:
    return str((await client.rest("GET", at)).headers["etag"])


async def patch(client: Client, at: str, tag: str, **more: str) -> Any:
    body = {"description": "for the weekend"}
    return await client.rest("PATCH", at, json=body, headers={"If-Match": tag, **more})


async def test_a_record_that_has_changed_is_not_changed_again(world: World) -> None:
    ward = await Ward.of(world)
    product = await ward.product()
    made = await ward.request((product, 1))
    at = f"{AT}/{made.request.id}"
    async with client_of(world) as client:
        tag = await tag_of(client, at)
        more = {"product_id": product.id, "quantity": Decimal(1)}
        await ward.act(lines.add, made, more, by=NURSE)
        before = await client.get(at)

        late = await patch(client, at, tag)
        late_gone = await client.rest("DELETE", at, headers={"If-Match": tag})

        assert await client.get(at) == before
        now = await patch(client, at, await tag_of(client, at))
        strong = await patch(client, at, (await tag_of(client, at)).removeprefix("W/"))
        any_ = await patch(client, at, "*")
        gone = await client.rest("DELETE", at, headers={"If-Match": await tag_of(client, at)})
        missing = await patch(client, at, tag)

    assert [one.status_code for one in (late, late_gone)] == [412, 412]
    assert late.json()["code"] == late_gone.json()["code"] == "PRECONDITION_FAILED"
    assert [one.status_code for one in (now, strong, any_, gone)] == [200] * 4
    assert missing.status_code == 404


async def test_a_write_on_condition_that_was_done_is_told_again_to_who_repeats_it(
    world: World,
) -> None:
    ward = await Ward.of(world)
    made = await ward.request((await ward.product(), 1))
    at = f"{AT}/{made.request.id}"
    async with client_of(world) as client:
        tag = await tag_of(client, at)
        first = await patch(client, at, tag, **{"Idempotency-Key": "once"})
        again = await patch(client, at, tag, **{"Idempotency-Key": "once"})
        other = await patch(client, at, tag, **{"Idempotency-Key": "twice"})

    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert again.headers["idempotency-replayed"] == "true"
    assert other.status_code == 412


async def test_records_without_a_version_in_their_writes_are_held_to_their_tags(
    world: World,
) -> None:
    place = await Warehouse.make(world)
    async with client_of(world) as client:
        batch = await create(client, place.location)
        at = f"{COUNTS}/{batch['id']}"
        tag = await tag_of(client, at)
        first = await client.rest("POST", at, json={"notes": "a"}, headers={"If-Match": tag})
        late = await client.rest("POST", at, json={"notes": "b"}, headers={"If-Match": tag})
        shown = await client.get(at)

    assert (first.status_code, late.status_code) == (200, 412)
    assert shown["batch"]["notes"] == "a"
