"""Categories form a tree that can be rearranged and never tied into a knot."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from graph import answer, ask, refusal
from world import World

CREATE = """mutation ($input: CreateCategoryInput!) {
  createCategory(input: $input) { category { id code name parent { id } version } } }"""
UPDATE = """mutation ($id: ID!, $input: UpdateCategoryInput!, $version: Int) {
  updateCategory(id: $id, input: $input, expectedVersion: $version) {
    category { name parent { id } version } } }"""
DELETE = "mutation ($id: ID!) { deleteCategory(id: $id) { id } }"


async def paths(world: World) -> dict[str, list[str]]:
    async with world.read() as session:
        rows = await session.all(text("select id, path from categories"))
    return {row.id: list(row.path) for row in rows}


async def test_makes_a_category_below_another(world: World) -> None:
    root = await world.category(id="cat_root")
    data = await ask(
        world, CREATE, input={"id": "cat_leaf", "code": "LEAF", "name": "Leaf", "parentId": root.id}
    )

    assert data["createCategory"]["category"] == {
        "id": "cat_leaf",
        "code": "LEAF",
        "name": "Leaf",
        "parent": {"id": "cat_root"},
        "version": 1,
    }
    assert await paths(world) == {"cat_root": ["cat_root"], "cat_leaf": ["cat_root", "cat_leaf"]}


async def test_moves_a_branch_with_all_below_it(world: World) -> None:
    a, b = await world.category(id="a"), await world.category(id="b")
    c = await world.category(id="c", parent=b)
    await world.category(id="d", parent=c)

    await ask(world, UPDATE, id="b", input={"parentId": a.id})
    moved = await paths(world)
    await ask(world, UPDATE, id="c", input={"parentId": None})

    assert moved == {"a": ["a"], "b": ["a", "b"], "c": ["a", "b", "c"], "d": ["a", "b", "c", "d"]}
    assert await paths(world) == {"a": ["a"], "b": ["a", "b"], "c": ["c"], "d": ["c", "d"]}


async def test_refuses_a_circle(world: World) -> None:
    a = await world.category(id="a")
    b = await world.category(id="b", parent=a)

    for parent in (a, b):
        found = await refusal(world, UPDATE, id=a.id, input={"parentId": parent.id})
        assert (found["code"], found["field"]) == ("INVALID", "parentId")
    assert await paths(world) == {"a": ["a"], "b": ["a", "b"]}


async def test_refuses_an_unknown_parent_and_a_taken_code(world: World) -> None:
    await world.category(code="FOOD")

    nowhere = await refusal(world, CREATE, input={"code": "X", "name": "X", "parentId": "cat_no"})
    taken = await refusal(world, CREATE, input={"code": "FOOD", "name": "X"})

    assert (nowhere["code"], nowhere["field"]) == ("NOT_FOUND", "parentId")
    assert (taken["code"], taken["field"]) == ("ALREADY_EXISTS", "code")
    assert len(await paths(world)) == 1


async def test_deletes_only_what_nothing_stands_on(world: World) -> None:
    root = await world.category()
    leaf = await world.category(parent=root)
    await world.product(category_id=leaf.id)

    found = [await refusal(world, DELETE, id=one.id) for one in (root, leaf)]

    assert [one["details"] for one in found] == [
        {"left": {"categories": 1}},
        {"left": {"products": 1}},
    ]


async def test_another_tenants_category_is_not_found(world: World, other_world: World) -> None:
    theirs = await other_world.category()

    found = await answer(world, UPDATE, id=theirs.id, input={"name": "Mine"})

    assert found["errors"][0]["code"] == "NOT_FOUND"
    assert len(await paths(other_world)) == 1


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(-1, 6)), max_size=12))
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_any_moves_leave_a_tree_whose_paths_are_true(
    world: World, moves: list[tuple[int, int]]
) -> None:
    here = await World.make(world.database)
    parents: dict[str, str | None] = {f"n{n}": None for n in range(7)}
    for id in parents:
        await here.category(id=id)

    def ancestors(id: str | None) -> list[str]:
        return [*ancestors(parents[id]), id] if id is not None else []

    for child, under in moves:
        id, parent = f"n{child}", None if under < 0 else f"n{under}"
        found: Any = await answer(here, UPDATE, id=id, input={"parentId": parent})
        assert ("errors" in found) == (id in ancestors(parent))
        if "errors" not in found:
            parents[id] = parent

    assert await paths(here) == {id: ancestors(id) for id in parents}
