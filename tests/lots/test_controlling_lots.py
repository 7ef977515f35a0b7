"""Lot control: what may come in, for each product and with the tenant's switches."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.errors import LotRefused, NotFound
from services.lots import control
from services.lots.control import InboundLine
from world import World

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
PAST, SOON, LATER = date(2026, 5, 31), date(2026, 6, 20), date(2027, 6, 1)


async def codes(world: World, product: Any, **line: Any) -> tuple[list[Any], list[Any]]:
    async with world.read() as session:
        (verdict,) = await control.validate(session, [InboundLine(product_id=product.id, **line)])
    assert verdict.valid == (not verdict.errors)
    return (
        [(one.field, one.code) for one in verdict.errors],
        [(one.field, one.code) for one in verdict.warnings],
    )


@pytest.mark.parametrize(
    ("rules", "line", "errors", "warnings"),
    [
        ({}, {}, [], []),
        ({}, {"lot_number": "L"}, [], []),
        ({}, {"expiry_date": LATER}, [("lotNumber", "LOT_REQUIRED")], []),
        ({"lot_tracked": True}, {}, [("lotNumber", "LOT_REQUIRED")], []),
        ({"lot_tracked": True}, {"lot_number": "L"}, [], []),
        (
            {"expiry_tracked": True},
            {},
            [("lotNumber", "LOT_REQUIRED"), ("expiryDate", "EXPIRY_REQUIRED")],
            [],
        ),
        (
            {"expiry_tracked": True},
            {"lot_number": "L"},
            [("expiryDate", "EXPIRY_REQUIRED")],
            [],
        ),
        (
            {},
            {"lot_number": "L", "expiry_date": PAST},
            [("expiryDate", "EXPIRED_NOT_ALLOWED")],
            [],
        ),
        (
            {"allow_past_expiry": True},
            {"lot_number": "L", "expiry_date": PAST},
            [],
            [("expiryDate", "PAST_EXPIRY")],
        ),
        ({}, {"lot_number": "L", "expiry_date": SOON}, [], [("expiryDate", "EXPIRES_SOON")]),
        ({"expiry_warning_days": 7}, {"lot_number": "L", "expiry_date": SOON}, [], []),
        ({}, {"lot_number": "L", "expiry_date": NOW.date()}, [], [("expiryDate", "EXPIRES_SOON")]),
    ],
)
async def test_a_line_is_judged_by_its_product(
    world: World,
    rules: dict[str, Any],
    line: dict[str, Any],
    errors: list[Any],
    warnings: list[Any],
) -> None:
    world.database.now = NOW

    assert await codes(world, await world.product(**rules), **line) == (errors, warnings)


async def test_a_known_lot_brings_its_date_and_keeps_it(world: World) -> None:
    world.database.now = NOW
    product = await world.product(expiry_tracked=True)
    lot = await world.lot(product, expiry=LATER)

    by_number = await codes(world, product, lot_number=lot.number)
    by_id = await codes(world, product, lot_id=lot.id)
    other = await codes(world, product, lot_number=lot.number, expiry_date=SOON)

    assert by_number == by_id == ([], [])
    assert other[0] == [("expiryDate", "EXPIRY_MISMATCH")]


async def test_switches_of_the_tenant_go_before_the_product(world: World) -> None:
    world.database.now = NOW
    product = await world.product(lot_tracked=True, expiry_tracked=True)
    lot = await world.lot(product, expiry=LATER)
    await world.settings(lot_tracking=False, expiry_tracking=False)

    nothing = await codes(world, product)
    named = await codes(world, product, lot_number="L", expiry_date=LATER)
    known = await codes(world, product, lot_id=lot.id)

    off = "FEATURE_NOT_ENABLED"
    assert nothing == known == ([], [])
    assert named == ([("lotNumber", off), ("expiryDate", off)], [])


async def test_refuses_the_first_fault_and_names_its_place(world: World) -> None:
    world.database.now = NOW
    pear, apple = await world.product(), await world.product(lot_tracked=True)
    lot = await world.lot(pear)
    cases: list[tuple[InboundLine, str, str]] = [
        (InboundLine(product_id=apple.id), "lines[1].lotNumber", "LOT_REQUIRED"),
        (
            InboundLine(product_id=apple.id, lot_id=lot.id),
            "lines[1].lotId",
            "LOT_OF_OTHER_PRODUCT",
        ),
    ]
    async with world.read() as session:
        for line, field, code in cases:
            with pytest.raises(LotRefused) as refused:
                await control.require(session, [InboundLine(product_id=pear.id), line])
            assert (refused.value.field, refused.value.details) == (field, {"code": code})
        with pytest.raises(NotFound) as missing:
            await control.require(session, [InboundLine(product_id="prod_none")], field=None)
        assert missing.value.field == "productId"
        with pytest.raises(NotFound) as no_lot:
            await control.require(session, [InboundLine(product_id=pear.id, lot_id="lot_none")])
        assert no_lot.value.field == "lines[0].lotId"
