"""Put-away rules in the graph, suggestions without a task, and goods without a right bin."""

from decimal import Decimal

from dock import Dock
from domain.actor import SYSTEM
from graph import ask, refusal
from services import put_away
from world import World

D = Decimal


async def test_rules_are_written_and_decide(world: World) -> None:
    dock = await Dock.of(world)
    create = (
        "mutation ($input: CreatePutAwayRuleInput!) { createPutAwayRule(input: $input)"
        " { putAwayRule { id name strategy priority bin { id } product { id } } } }"
    )
    wish = {
        "name": "Gloves go to TWO",
        "strategy": "FIXED",
        "productId": "prod_1",
        "locationId": "loc_1",
        "binId": "bin_2",
    }

    made = (await ask(world, create, input=wish))["createPutAwayRule"]["putAwayRule"]
    by_rule = await dock.task(2)
    usual = await dock.task(2, destinationBinId="bin_1")
    both = await refusal(world, create, input=wish | {"strategy": "LAST_USED"})
    category = (await world.category()).id
    twofold = await refusal(world, create, input=wish | {"categoryId": category})
    change = (
        "mutation ($id: ID!, $category: ID!) { updatePutAwayRule(id: $id, input:"
        " { categoryId: $category }) { putAwayRule { id } } }"
    )
    made_twofold = await refusal(world, change, id=made["id"], category=category)
    elsewhere = await refusal(
        world, create, input=wish | {"locationId": (await world.location()).id}
    )

    assert made == {
        "id": made["id"],
        "name": "Gloves go to TWO",
        "strategy": "FIXED",
        "priority": 0,
        "bin": {"id": "bin_2"},
        "product": {"id": "prod_1"},
    }
    assert by_rule["lines"][0]["suggestedBin"] == {"id": "bin_2"}
    assert usual["lines"][0]["bin"] == {"id": "bin_1"}
    assert (both["code"], elsewhere["code"]) == ("INVALID", "BIN_REFUSED")
    assert [(one["code"], one["field"]) for one in (twofold, made_twofold)] == [
        ("INVALID", "categoryId")
    ] * 2


async def test_suggestions_keep_no_room(world: World) -> None:
    dock = await Dock.of(world, capacity_units=D(10))
    query = """query ($input: PutAwaySuggestionsInput!) { putAwaySuggestions(input: $input)
      { quantity strategy bin { id } rejectedBins { code why } } }"""
    goods = {
        "locationId": "loc_1",
        "items": [{"inventoryItemId": dock.item, "quantity": 8}],
        "strategy": "EMPTY_NEAREST",
    }

    first, second = [(await ask(world, query, input=goods)) for _ in range(2)]

    assert first == second
    assert first["putAwaySuggestions"] == [
        {
            "quantity": 8,
            "strategy": "EMPTY_NEAREST",
            "bin": {"id": "bin_1"},
            "rejectedBins": [{"code": "GATE", "why": "SOURCE"}],
        }
    ]


async def test_goods_without_a_right_bin_wait_for_one(world: World) -> None:
    dock = await Dock.of(world)
    item = put_away.ItemWish(inventory_item_id=dock.item, quantity=D(2))
    goods = put_away.Wish(location_id="loc_1", items=[item], strategy="BULK_OVERFLOW")
    async with world.write() as session:
        made = await put_away.create(session, SYSTEM, put_away.TaskWish(goods=goods))
        noted = await put_away.comment(
            session, SYSTEM, put_away.Act(task_id=made.task.id, comment="No pallet rack.")
        )

    assert [line.bin_id for line in made.lines] == [None]
    assert noted.events[-1].comment == "No pallet rack."
