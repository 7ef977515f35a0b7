"""The code of stored operations is made while the server begins to answer."""

import asyncio

from graphql import build_schema, parse
from structlog.testing import capture_logs

from execution.plans import Plan, Plans
from gateway.app import create_app
from gateway.settings import load_settings
from gateway.warming import warmed
from rest_compat import dispatch
from world import World

SCHEMA = build_schema("type Query { text: String, more: String }")


def plan(text: str) -> Plan:
    document = parse(text)
    return Plans(SCHEMA).of(document, document.definitions[0])  # type: ignore[arg-type] # it is one


async def test_warms_one_after_another_and_lets_others_in_between() -> None:
    plans = [plan("{ text }"), plan("query ($a: Boolean! = true) { text @skip(if: $a) more }")]
    with capture_logs() as logs:
        async with warmed(plans):
            await asyncio.sleep(0)
            assert [len(one._variants) for one in plans] == [0, 0]
            await asyncio.sleep(0)
            assert [len(one._variants) for one in plans] == [1, 0]
            await asyncio.sleep(0)

    assert [len(one._variants) for one in plans] == [1, 1]
    assert logs == [{"event": "plans_warmed", "count": 2, "log_level": "info"}]
    assert plans[1].execute().data == {"more": None}  # type: ignore[union-attr] # nothing is awaited
    assert len(plans[1]._variants) == 1


async def test_what_depends_on_what_everybody_says_is_made_by_the_first_who_asks() -> None:
    one = plan("query ($a: Boolean!) { text @skip(if: $a) }")

    one.warm()

    assert one._variants == {}
    assert one.execute(variables={"a": False}).data == {"text": None}  # type: ignore[union-attr] # as above


async def test_every_row_of_rest_is_warm_soon_after_the_start(world: World) -> None:
    app = create_app(load_settings(explorer=False), world.database)
    plans = list(dispatch.plans(app.routes))
    async with warmed(plans):
        for _ in range(len(plans) + 2):
            await asyncio.sleep(0)

    assert len(plans) > 80
    assert [one.operation.name for one in plans if len(one._variants) != 1] == []
