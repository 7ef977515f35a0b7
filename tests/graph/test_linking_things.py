"""Every thing reaches its neighbours, both ways."""

from datetime import UTC, datetime, timedelta

from graph import ask
from world import World


async def test_an_item_and_everything_around_it(world: World) -> None:
    category = await world.category(code="FOOD")
    product = await world.product(sku="S", category_id=category.id, unit_cost="2.50")
    region = await world.location(code="R")
    location = await world.location(code="L", parent_id=region.id, path=[region.id, "loc_l"])
    bin = await world.bin(location, code="B", type="HOLD")
    lot = await world.lot(product, number="N")
    id = await world.stock(product, location, "1.5", bin=bin, lot=lot)
    query = """query ($id: ID!) { inventoryItem(id: $id) {
      onHand reserved held expired available unitCost value lastCountedAt
      level { onHand held available product { sku } location { code } }
      product { sku items { nodes { id } } lots { nodes { id } } category { code } }
      location {
        code items { nodes { id } } bins { nodes { code } } levels { nodes { onHand } }
        parent { code children { nodes { code } } } ancestors { code }
      }
      bin { code type isHeld location { code } items { nodes { id } } }
      lot { number state product { sku } items { nodes { id } } }
    } }"""

    found = await ask(world, query, id=id)

    here = {"nodes": [{"id": id}]}
    assert found["inventoryItem"] == {
        "onHand": 1.5,
        "reserved": 0,
        "held": 1.5,
        "expired": 0,
        "available": 0,
        "unitCost": 2.5,
        "value": 3.75,
        "lastCountedAt": None,
        "level": {"onHand": 1.5, "held": 1.5, "available": 0}
        | {"product": {"sku": "S"}, "location": {"code": "L"}},
        "product": {
            "sku": "S",
            "items": here,
            "lots": {"nodes": [{"id": lot.id}]},
            "category": {"code": "FOOD"},
        },
        "location": {
            "code": "L",
            "items": here,
            "bins": {"nodes": [{"code": "B"}]},
            "levels": {"nodes": [{"onHand": 1.5}]},
            "parent": {"code": "R", "children": {"nodes": [{"code": "L"}]}},
            "ancestors": [{"code": "R"}],
        },
        "bin": {"code": "B", "type": "HOLD", "isHeld": True, "location": {"code": "L"}}
        | {"items": here},
        "lot": {"number": "N", "state": "ACTIVE", "product": {"sku": "S"}, "items": here},
    }


async def test_stock_in_no_bin_and_of_no_lot_says_so(world: World) -> None:
    id = await world.stock(await world.product(), await world.location(), 1)

    found = await ask(
        world,
        "query ($id: ID!) { inventoryItem(id: $id) { bin { code } lot { id } unitCost value } }",
        id=id,
    )

    assert found["inventoryItem"] == {"bin": None, "lot": None, "unitCost": None, "value": 0}


async def test_a_channel_and_its_policies_and_quotas(world: World) -> None:
    channel = await world.channel("WEB", name="Web")
    product, location = await world.product(sku="S"), await world.location(code="L")
    category = await world.category(code="C")
    await world.policy(channel, product_id=product.id, location_id=location.id, mode="CAP", cap=5)
    await world.policy(channel, category_id=category.id, tier="LOW")
    await world.quota(channel, product, location, 3)
    about = "channel { id } product { sku } location { code } category { code }"
    of_channel = "policies { totalCount } quotas { nodes { allocated } }"
    query = f"""{{
      channel(id: "WEB") {{
        name policies {{ nodes {{ mode tier cap {about} }} }}
        quotas {{ nodes {{ allocated channel {{ name }} product {{ sku }} location {{ code }} }} }}
      }}
      product(sku: "S") {{ {of_channel} }} location(code: "L") {{ {of_channel} }}
      categories {{ nodes {{ policies {{ nodes {{ tier }} }} }} }}
    }}"""

    found = await ask(world, query)

    counted = {"policies": {"totalCount": 1}, "quotas": {"nodes": [{"allocated": 3}]}}
    assert found == {
        "channel": {
            "name": "Web",
            "policies": {
                "nodes": [
                    {"mode": "CAP", "tier": None, "cap": 5, "channel": {"id": "WEB"}}
                    | {"product": {"sku": "S"}, "location": {"code": "L"}, "category": None},
                    {"mode": None, "tier": "LOW", "cap": None, "channel": {"id": "WEB"}}
                    | {"product": None, "location": None, "category": {"code": "C"}},
                ]
            },
            "quotas": {
                "nodes": [
                    {"allocated": 3, "channel": {"name": "Web"}, "product": {"sku": "S"}}
                    | {"location": {"code": "L"}}
                ]
            },
        },
        "product": counted,
        "location": counted,
        "categories": {"nodes": [{"policies": {"nodes": [{"tier": "LOW"}]}}]},
    }


async def test_levels_and_the_settings_beside_them(world: World) -> None:
    product, location, other = await world.product(), await world.location(), await world.location()
    bin = await world.bin(other, code="PUT")
    await world.stock(product, location, 7)
    await world.level(product, location, min_quantity=1, max_quantity=9, abc_class="A")
    await world.level(
        product, other, preferred_bin_id=bin.id, replenishment_location_id=location.id
    )
    query = """query ($id: ID!) { product(id: $id) {
      levels { nodes { onHand available location { id } settings { minQuantity maxQuantity } } }
      inventoryLevels(orderBy: {field: CREATED_AT}) { nodes {
        location { id } abcClass status stock { onHand product { id } }
        preferredBin { code } replenishmentLocation { id } } }
    } }"""

    found = (await ask(world, query, id=product.id))["product"]

    assert found["levels"]["nodes"] == [
        {"onHand": 7, "available": 7, "location": {"id": location.id}}
        | {"settings": {"minQuantity": 1, "maxQuantity": 9}}
    ]
    assert found["inventoryLevels"]["nodes"] == [
        {"location": {"id": location.id}, "abcClass": "A", "status": "Supported"}
        | {"stock": {"onHand": 7, "product": {"id": product.id}}}
        | {"preferredBin": None, "replenishmentLocation": None},
        {"location": {"id": other.id}, "abcClass": None, "status": "Supported", "stock": None}
        | {"preferredBin": {"code": "PUT"}, "replenishmentLocation": {"id": location.id}},
    ]


async def test_a_category_and_the_tree_around_it(world: World) -> None:
    root = await world.category(code="ROOT")
    middle = await world.category(code="MIDDLE", parent=root)
    leaf = await world.category(code="LEAF", parent=middle)
    await world.product(sku="IN-LEAF", category_id=leaf.id)
    await world.product(sku="IN-MIDDLE", category_id=middle.id)
    query = """query ($id: ID!, $in: [ID!]) {
      category(id: $id) {
        parent { code parent { code } } ancestors { code } children { nodes { code } }
        products { nodes { sku } }
      }
      products(filter: {categoryIdIn: $in}) { nodes { sku } }
    }"""

    found = await ask(world, query, **{"id": middle.id, "in": [root.id]})

    assert found["category"] == {
        "parent": {"code": "ROOT", "parent": None},
        "ancestors": [{"code": "ROOT"}],
        "children": {"nodes": [{"code": "LEAF"}]},
        "products": {"nodes": [{"sku": "IN-MIDDLE"}]},
    }
    assert found["products"]["nodes"] == [{"sku": "IN-LEAF"}, {"sku": "IN-MIDDLE"}]


async def test_lots_near_their_end(world: World) -> None:
    now = datetime(2026, 3, 10, 12, tzinfo=UTC)
    world.database.now = now
    own = await world.product(expiry_warning_days=5)
    usual = await world.product()
    location = await world.location()
    for product in (own, usual):
        for days in (-1, 0, 5, 6, 30, 31):
            expiry = (now + timedelta(days=days)).date()
            lot = await world.lot(product, expiry=expiry)
            await world.stock(product, location, 1, lot=lot)
    query = """query ($id: ID!) { product(id: $id) {
      lots { nodes { daysLeft state } } items(filter: {isExpired: true}) { totalCount } } }"""

    async def states(id: str) -> list[tuple[int, str]]:
        lots = (await ask(world, query, id=id))["product"]["lots"]["nodes"]
        return [(lot["daysLeft"], lot["state"]) for lot in lots]

    near = [(-1, "EXPIRED"), (0, "EXPIRING"), (5, "EXPIRING")]
    far = [(30, "ACTIVE"), (31, "ACTIVE")]
    assert await states(own.id) == [*near, (6, "ACTIVE"), *far]
    assert await states(usual.id) == [
        *near,
        (6, "EXPIRING"),
        (30, "EXPIRING"),
        (31, "ACTIVE"),
    ]
    assert (await ask(world, query, id=own.id))["product"]["items"]["totalCount"] == 1


async def test_what_a_location_holds_in_all(world: World) -> None:
    world.database.now = datetime(2026, 3, 10, 12, tzinfo=UTC)
    here, elsewhere = await world.location(code="HERE"), await world.location(code="NONE")
    dear, free = await world.product(unit_cost="0.125"), await world.product()
    shelf, hold = await world.bin(here), await world.bin(here, type="HOLD")
    expired = await world.lot(dear, expiry=datetime(2026, 3, 9, tzinfo=UTC).date())
    soon = await world.lot(dear, expiry=datetime(2026, 3, 12, tzinfo=UTC).date())
    await world.stock(dear, here, 10, bin=shelf, lot=expired)
    await world.stock(dear, here, 20, bin=shelf, lot=soon)
    item = await world.stock(dear, here, 40)
    await world.stock(free, here, 80, bin=hold)
    await world.reserve(item, 5)
    gone = await world.product()
    await world.stock(gone, here, 1)
    await world.issue(gone, here, 1)
    query = """query ($code: String) { location(code: $code) { totals {
      onHand reserved held expired available value
      productCount lotCount binCount expiringCount } } }"""

    assert (await ask(world, query, code=here.code))["location"]["totals"] == {
        "onHand": 150,
        "reserved": 5,
        "held": 80,
        "expired": 10,
        "available": 55,
        "value": 8.75,
        "productCount": 2,
        "lotCount": 2,
        "binCount": 2,
        "expiringCount": 1,
    }
    nothing = (await ask(world, query, code=elsewhere.code))["location"]["totals"]
    assert set(nothing.values()) == {0}
