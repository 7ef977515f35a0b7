"""A dry run of a policy shows the matrix of a location before and after, and keeps nothing."""

from typing import Any

import pytest
from sqlalchemy import text

from graph import ask, refusal
from world import World

PREVIEW = """preview {
    before { ...Part } after { ...Part }
  }"""
PART = """fragment Part on ChannelPolicyPreviewMatrix {
  columns { channel { id } lowAtpThreshold policy { id } }
  rows { product { sku } minAtp cells { channel { id } atp severity policy { id } } }
  pagination { page pageSize total totalPages }
}"""
CREATE = f"""mutation ($input: CreateChannelPolicyInput!, $preview: ChannelPolicyPreviewInput,
    $dryRun: Boolean! = true) {{
  createChannelPolicy(input: $input, dryRun: $dryRun, preview: $preview) {{
    channelPolicy {{ id mode }} {PREVIEW} }} }} {PART}"""
UPDATE = f"""mutation ($id: ID!, $input: UpdateChannelPolicyInput!,
    $preview: ChannelPolicyPreviewInput!) {{
  updateChannelPolicy(id: $id, input: $input, dryRun: true, preview: $preview) {{ {PREVIEW} }} }}
{PART}"""
DELETE = f"""mutation ($id: ID!, $preview: ChannelPolicyPreviewInput!) {{
  deleteChannelPolicy(id: $id, dryRun: true, preview: $preview) {{ id {PREVIEW} }} }} {PART}"""


async def traces(world: World) -> tuple[Any, ...]:
    """What a write would leave behind."""
    async with world.read() as session:
        return tuple(
            await session.one(
                text(
                    "select (select reference from tenant_versions),"
                    " (select count(*) from channel_policies),"
                    " (select count(*) from channel_policies_history),"
                    " (select max(version) from channel_policies)"
                )
            )
        )


def part(atp: int, policy: str | None, threshold: int = 10, severity: str = "OK") -> dict[str, Any]:
    of = {"id": policy} if policy else None
    cell = {"channel": {"id": "DTC"}, "atp": atp, "severity": severity, "policy": of}
    return {
        "columns": [{"channel": {"id": "DTC"}, "lowAtpThreshold": threshold, "policy": of}],
        "rows": [{"product": {"sku": "A"}, "minAtp": atp, "cells": [cell]}],
        "pagination": {"page": 1, "pageSize": 20, "total": 1, "totalPages": 1},
    }


async def test_shows_what_a_new_policy_would_do(world: World) -> None:
    await world.channel()
    product, location = await world.product(sku="A"), await world.location()
    await world.stock(product, location, 30)
    before = await traces(world)
    wish = {"channelId": "DTC", "mode": "CAP", "cap": 8, "buffer": 1, "lowAtpThreshold": 7}

    data = await ask(world, CREATE, input=wish, preview={"locationId": location.id})

    made = data["createChannelPolicy"]
    policy = made["channelPolicy"]["id"]
    assert made["preview"] == {"before": part(30, None), "after": part(7, policy, 7, "LOW")}
    assert await traces(world) == before


async def test_shows_what_a_change_and_a_deletion_would_do(world: World) -> None:
    product, location = await world.product(sku="A"), await world.location()
    policy = await world.policy(await world.channel(), buffer=5)
    await world.stock(product, location, 30)
    before = await traces(world)
    preview = {"locationId": location.id}

    changed = await ask(world, UPDATE, id=policy.id, input={"buffer": 15}, preview=preview)
    deleted = await ask(world, DELETE, id=policy.id, preview=preview)

    was = part(25, policy.id)
    assert changed["updateChannelPolicy"]["preview"] == {
        "before": was,
        "after": part(15, policy.id),
    }
    assert deleted["deleteChannelPolicy"] == {
        "id": policy.id,
        "preview": {"before": was, "after": part(30, None)},
    }
    assert await traces(world) == before


async def test_shows_the_page_and_the_products_that_are_asked_for(world: World) -> None:
    await world.channel()
    location = await world.location()
    for sku in ("RED-1", "RED-2", "RED-3", "BLUE-1"):
        await world.stock(await world.product(sku=sku), location, 30)
    preview = {"locationId": location.id, "filter": {"search": "red"}, "first": 2, "page": 2}

    data = await ask(world, CREATE, input={"channelId": "DTC"}, preview=preview)

    after = data["createChannelPolicy"]["preview"]["after"]
    assert [row["product"]["sku"] for row in after["rows"]] == ["RED-3"]
    assert after["pagination"] == {"page": 2, "pageSize": 2, "total": 3, "totalPages": 2}


@pytest.mark.parametrize(
    ("preview", "more", "code", "field"),
    [
        ({}, {"dryRun": False}, "INVALID", "preview"),
        ({"locationId": "loc_none"}, {}, "NOT_FOUND", "preview.locationId"),
        ({"first": 201}, {}, "LIMIT_EXCEEDED", "first"),
        ({"page": 0}, {}, "INVALID", "page"),
    ],
)
async def test_refuses_a_preview_that_cannot_be_shown(
    world: World, preview: dict[str, Any], more: dict[str, Any], code: str, field: str
) -> None:
    await world.channel()
    place = {"locationId": (await world.location()).id}

    found = await refusal(
        world, CREATE, input={"channelId": "DTC"}, preview=place | preview, **more
    )

    assert (found["code"], found["field"]) == (code, field)
    assert (await traces(world))[1] == 0
