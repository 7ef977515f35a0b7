"""What a plan does once and what each time; the order of writes; loads without tasks."""

import asyncio
import json
from typing import Any

import pytest
from graphql import (
    ExecutionResult,
    GraphQLSchema,
    OperationDefinitionNode,
    build_schema,
    execute,
    get_introspection_query,
    parse,
)

from execution import compiling
from execution.batching import Loader
from execution.plans import VARIANTS_MAX, Plan, Plans
from execution.strawberry_fields import graph_of
from resolvers.schema import build_schema as build_graph

SCHEMA = build_schema("""
    type Leaf { id: ID! name: String owner: Leaf must: Leaf! }
    type Query { leaves: [Leaf!] one: Leaf two: Leaf }
    type Mutation { first: String second: String! third: String }
    type Subscription { leaf: Leaf }
""")


def plan(text: str, schema: GraphQLSchema = SCHEMA) -> Plan:
    document = parse(text)
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    return Plans(schema).of(document, operation)


def done(made: Any) -> ExecutionResult:
    assert isinstance(made, ExecutionResult), "no resolver was awaitable"
    return made


def test_compiles_an_operation_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    compiler = compiling.Compiler.roots

    def roots(self: Any, *args: Any, **more: Any) -> Any:
        made.append(self)
        return compiler(self, *args, **more)

    monkeypatch.setattr(compiling.Compiler, "roots", roots)
    one = plan("{ one { id } }")

    for number in range(3):
        root = {"one": {"id": str(number)}}
        assert done(one.execute(root=root)).data == {"one": {"id": str(number)}}

    assert len(made) == 1


def test_compiles_once_for_each_value_of_its_conditions_and_leaves_the_rest_to_graphql_core() -> (
    None
):
    names = [f"c{number}" for number in range(5)]
    fields = " ".join(f"{name}: name @include(if: ${name})" for name in names)
    declared = " ".join(f"${name}: Boolean!" for name in names)
    text = f"query({declared}) {{ one {{ {fields} }} }}"
    one, document = plan(text), parse(text)
    root = {"one": {"name": "n"}}

    for number in range(2**5):
        variables = {name: bool(number >> place & 1) for place, name in enumerate(names)}
        theirs = execute(SCHEMA, document, root, variable_values=variables)
        assert one.execute(root=root, variables=variables) == theirs

    assert len(one._variants) == VARIANTS_MAX < 2**5


@pytest.mark.parametrize(
    "text",
    [
        "subscription { leaf { id } }",
        "{ one { ... @defer { id } } }",
        "{ leaves @stream(initialCount: 1) { id } }",
        "query @experimental_disableErrorPropagation { one { id } }",
    ],
)
def test_what_is_experimental_is_not_compiled(text: str) -> None:
    assert not plan(text).is_compiled


def test_a_chain_of_fragments_that_is_too_long_is_answered_as_graphql_core_does() -> None:
    chain = [f"fragment F{n} on Query {{ ...F{n + 1} }}" for n in range(400)]
    text = " ".join(["{ ...F0 }", *chain, "fragment F400 on Query { one { id } }"])

    ours = done(plan(text).execute(root={"one": {"id": "1"}}))

    assert ours == execute(SCHEMA, parse(text), {"one": {"id": "1"}})


async def test_writes_are_done_one_after_the_other_in_the_order_of_the_text() -> None:
    done: list[str] = []

    def act(name: str) -> Any:
        async def resolve(_info: Any) -> str:
            done.append(f"{name} begins")
            await asyncio.sleep(0)
            done.append(f"{name} ends")
            return name

        return resolve

    root = {name: act(name) for name in ("first", "second", "third")}

    result = await plan("mutation { third first again: third }").execute(root=root)  # type: ignore[misc] # it is awaitable

    assert result.data == {"third": "third", "first": "first", "again": "third"}
    names = ["third", "first", "third"]
    assert done == [f"{name} {word}" for name in names for word in ("begins", "ends")]


async def test_a_write_that_fails_and_may_not_be_null_keeps_the_next_from_being_done() -> None:
    done: list[str] = []

    async def fail(_info: Any) -> None:
        raise ValueError("no")

    root = {"second": fail, "third": lambda _info: done.append("third")}

    result = await plan("mutation { second third }").execute(root=root)  # type: ignore[misc] # it is awaitable

    assert result.data is None
    assert [(error.message, error.path) for error in result.errors or ()] == [("no", ["second"])]
    assert done == []


class Leaves:
    """A root of leaves whose owners are loaded; `batches` are the keys of each call."""

    def __init__(self, count: int, *, fails: bool = False) -> None:
        self.batches: list[list[int]] = []
        self._fails = fails
        self._loader = Loader(self._read)
        self.leaves = [self.leaf(number) for number in range(count)]

    def leaf(self, number: int) -> dict[str, Any]:
        owner = lambda _info: self._loader.load(number + 1_000).then(self.leaf)  # noqa: E731 - a field
        return {"id": str(number), "owner": owner, "must": owner}

    async def _read(self, keys: list[int]) -> dict[int, int]:
        self.batches.append(keys)
        await asyncio.sleep(0)
        if self._fails:
            raise ValueError("the database is away")
        return {key: key for key in keys}


async def test_loads_of_a_level_are_one_call_and_cost_no_task_and_no_future_each() -> None:
    loop = asyncio.get_running_loop()
    root = Leaves(200)
    futures: list[object] = []
    tasks: list[object] = []
    create_future = loop.create_future

    def future() -> Any:
        futures.append(None)
        return create_future()

    def task(loop: Any, work: Any, **more: Any) -> Any:
        tasks.append(work)
        return asyncio.Task(work, loop=loop, **more)

    loop.set_task_factory(task)
    loop.create_future = future  # type: ignore[method-assign] # counted
    try:
        text = "{ leaves { owner { id owner { id owner { id } } } } }"
        result = await plan(text).execute(root=root)  # type: ignore[misc] # it is awaitable
    finally:
        loop.set_task_factory(None)
        del loop.create_future

    assert result.errors is None
    assert result.data["leaves"][7]["owner"]["owner"]["owner"] == {"id": "3007"}
    assert root.batches == [
        [number + level for number in range(200)] for level in (1_000, 2_000, 3_000)
    ]
    assert len(tasks) == 3, "one for each call"
    assert len(futures) == 3


async def test_each_field_whose_batch_failed_tells_so_and_is_null() -> None:
    result = await plan("{ leaves { id owner { id } } }").execute(root=Leaves(2, fails=True))  # type: ignore[misc] # it is awaitable

    assert result.data == {"leaves": [{"id": "0", "owner": None}, {"id": "1", "owner": None}]}
    assert [(error.message, error.path) for error in result.errors or ()] == [
        ("the database is away", ["leaves", 0, "owner"]),
        ("the database is away", ["leaves", 1, "owner"]),
    ]


async def test_a_load_that_must_be_there_takes_what_is_around_it_along() -> None:
    root = Leaves(3, fails=True)

    result = await plan("{ leaves { id must { id } } one { id } }").execute(root=root)  # type: ignore[misc] # it is awaitable

    assert result.data == {"leaves": None, "one": None}
    assert [error.path for error in result.errors or ()] == [["leaves", 0, "must"]]


async def test_a_failed_call_is_made_again_by_whoever_asks_next() -> None:
    root = Leaves(1, fails=True)
    loader = root._loader
    with pytest.raises(ValueError, match="away"):
        await loader.load(1)
    root._fails = False

    assert await loader.load(1) == 1
    assert await loader.load_many([1, 2]) == [1, 2]
    assert root.batches == [[1], [1], [2]]


async def test_who_stops_waiting_for_a_load_takes_it_from_nobody_else() -> None:
    loader = Leaves(0)._loader
    waiting = [asyncio.ensure_future(wait(loader, 1)) for _ in range(2)]
    await asyncio.sleep(0)

    waiting[0].cancel()

    assert await waiting[1] == 1
    assert waiting[0].cancelled()


async def wait(loader: Loader, key: int) -> Any:
    return await loader.load(key)


async def test_who_waits_for_a_call_that_is_cancelled_is_cancelled_too_then_and_later() -> None:
    async def never(_keys: list[int]) -> dict[int, int]:
        await asyncio.Event().wait()
        return {}

    loader = Loader(never)
    waiting = asyncio.ensure_future(wait(loader, 1))
    for _ in range(5):
        await asyncio.sleep(0)
    (running,) = loader._running

    running.cancel()

    for _ in range(2):
        with pytest.raises(asyncio.CancelledError):
            await waiting
        waiting = asyncio.ensure_future(wait(loader, 1))
    with pytest.raises(asyncio.CancelledError):
        await waiting


def test_introspection_is_answered_as_graphql_core_does() -> None:
    schema, text = graph_of(build_graph()), get_introspection_query(input_value_deprecation=True)

    ours = done(plan(text, schema).execute())

    assert ours == execute(schema, parse(text))
    assert json.dumps(ours.data) == json.dumps(done(execute(schema, parse(text))).data)


async def test_a_primed_key_is_not_read_and_a_read_one_is_not_primed_over() -> None:
    root = Leaves(0)
    loader = root._loader
    loader.prime(1, "primed")
    assert await loader.load(2) == 2
    loader.prime(2, "late")

    assert [await loader.load(key) for key in (1, 2)] == ["primed", 2]
    assert root.batches == [[2]]
