"""The company's settings: checked, versioned, kept as history, and right at once."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import text

from domain.errors import Invalid
from graph import answer, ask, refusal
from services import tenants
from world import World

SHOWN = """name timeZone currency industryPack lotTracking expiryTracking requestApproval
  lowAtpThreshold expiryWarningDays rootCauseQuantity version"""
UPDATE = f"""
mutation ($input: UpdateTenantSettingsInput!, $version: Int, $dryRun: Boolean = false) {{
  updateTenantSettings(input: $input, expectedVersion: $version, dryRun: $dryRun) {{
    settings {{ {SHOWN} }} }} }}"""
ALL = {
    "name": "Harbor & Pine",
    "timeZone": "America/New_York",
    "currency": "EUR",
    "industryPack": "HEALTHCARE",
    "lotTracking": False,
    "expiryTracking": False,
    "requestApproval": False,
    "lowAtpThreshold": 2.5,
    "expiryWarningDays": 60,
    "rootCauseQuantity": 100,
}


async def kept(world: World) -> list[tuple[Any, ...]]:
    """Name, zone, version and author of the former settings and of the present ones."""
    columns = "name, time_zone, version, updated_by"
    async with world.read() as session:
        rows = await session.all(
            text(
                f"select {columns} from tenant_settings_history"
                f" union all select {columns} from tenant_settings order by version"
            )
        )
    return [tuple(row) for row in rows]


async def test_changes_every_setting_and_keeps_the_former_ones(world: World) -> None:
    data = await ask(world, UPDATE, input=ALL, version=1)

    assert data["updateTenantSettings"]["settings"] == ALL | {"version": 2}
    assert await ask(world, f"{{ viewer {{ tenant {{ {SHOWN} }} }} }}") == {
        "viewer": {"tenant": ALL | {"version": 2}}
    }
    assert await kept(world) == [
        (world.code, "UTC", 1, None),
        ("Harbor & Pine", "America/New_York", 2, "Test"),
    ]


async def test_a_change_that_changes_nothing_is_no_new_version(world: World) -> None:
    data = await ask(world, UPDATE, input={"timeZone": "UTC", "lowAtpThreshold": 10})

    assert data["updateTenantSettings"]["settings"]["version"] == 1
    assert await kept(world) == [(world.code, "UTC", 1, None)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "two\nlines"),
        ("name", None),
        ("timeZone", "Europe/Atlantis"),
        ("timeZone", "utc"),
        ("timeZone", None),
        ("currency", "euro"),
        ("currency", None),
        ("industryPack", "TOYS"),
        ("industryPack", None),
        ("lotTracking", None),
        ("lowAtpThreshold", -1),
        ("lowAtpThreshold", None),
        ("expiryWarningDays", -1),
        ("expiryWarningDays", None),
    ],
)
async def test_refuses_a_setting_that_breaks_a_rule(
    world: World, field: str, value: object
) -> None:
    found = await refusal(world, UPDATE, input={field: value})

    assert (found["code"], found["field"]) == ("INVALID", field)
    assert await kept(world) == [(world.code, "UTC", 1, None)]


async def test_refuses_a_zone_that_the_database_does_not_know(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tenants, "_zones", lambda: {"Mars/Olympus_Mons"})

    found = await refusal(world, UPDATE, input={"timeZone": "Mars/Olympus_Mons"})

    assert (found["code"], found["field"]) == ("INVALID", "timeZone")
    assert await kept(world) == [(world.code, "UTC", 1, None)]


async def test_invariant_11_a_stale_version_changes_no_setting(world: World) -> None:
    found = await refusal(world, UPDATE, input={"name": "New"}, version=2)

    assert (found["code"], found["field"]) == ("STALE_VERSION", "expectedVersion")
    assert found["details"] == {"expected": 2, "actual": 1}
    assert await kept(world) == [(world.code, "UTC", 1, None)]


async def test_keeps_nothing_of_a_dry_run(world: World) -> None:
    data = await ask(world, UPDATE, input=ALL, dryRun=True)

    assert data["updateTenantSettings"]["settings"] == ALL | {"version": 2}
    assert await kept(world) == [(world.code, "UTC", 1, None)]


async def test_another_time_zone_counts_at_once_in_the_matrix(world: World) -> None:
    world.database.now = datetime(2026, 7, 1, 3, tzinfo=UTC)
    await world.channel()
    product, location = await world.product(), await world.location()
    await world.stock(product, location, 4, lot=await world.lot(product, expiry=date(2026, 6, 30)))
    matrix = "query ($at: ID!) { atpMatrix(locationId: $at) { rows { nodes { minAtp } } } }"
    before = await ask(world, matrix, at=location.id)

    await ask(world, UPDATE, input={"timeZone": "America/Los_Angeles"})

    after = await ask(world, matrix, at=location.id)
    assert before["atpMatrix"]["rows"]["nodes"] == [{"minAtp": 0}]
    assert after["atpMatrix"]["rows"]["nodes"] == [{"minAtp": 4}]


async def test_another_threshold_counts_at_once_in_the_matrix(world: World) -> None:
    await world.channel()
    product, location = await world.product(), await world.location()
    await world.stock(product, location, 4)
    matrix = """query ($at: ID!) { atpMatrix(locationId: $at) {
      columns { lowAtpThreshold } rows { nodes { cells { severity } } } } }"""

    await ask(world, UPDATE, input={"lowAtpThreshold": 3.5})

    assert (await ask(world, matrix, at=location.id))["atpMatrix"] == {
        "columns": [{"lowAtpThreshold": 3.5}],
        "rows": {"nodes": [{"cells": [{"severity": "OK"}]}]},
    }


async def test_needs_the_right_to_change_settings(world: World) -> None:
    found = await answer(world, UPDATE, permissions=["admin.keys"], input={"name": "New"})

    assert found["errors"][0]["details"] == {"required": ["admin.settings"]}
    assert await kept(world) == [(world.code, "UTC", 1, None)]


async def test_a_tenant_is_not_made_with_settings_that_break_a_rule(world: World) -> None:
    with pytest.raises(Invalid) as found:
        await tenants.create(world.database, "another", {"currency": None})

    assert found.value.field == "currency"
    assert await tenants.find(world.database, "another") is None
