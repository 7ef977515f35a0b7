"""Whatever is asked of whatever schema, the answer is the one of graphql-core, to the letter."""

import asyncio
import contextlib
import json
from collections.abc import Callable, Iterable
from inspect import isawaitable
from typing import Any

import pytest
from graphql import (
    ExecutionResult,
    OperationDefinitionNode,
    execute,
    parse,
    print_schema,
    validate,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis_graphql import from_schema, nodes

from execution.plans import Plans
from graph_scalars import SCALARS
from random_graphs import RandomGraph
from resolvers.schema import build_schema as build_graph

OPERATIONS = 5  # on each schema
NOISE = (  # what nobody waits for, after an error, is in part never begun: by graphql-core as well
    "ignore:coroutine .* was never awaited:RuntimeWarning",
    "ignore::pytest.PytestUnraisableExceptionWarning",
)
pytestmark = [pytest.mark.filterwarnings(noise) for noise in NOISE]


async def answers(graph: RandomGraph) -> list[dict[str, Any]] | None:
    """What graphql-core and the compiled executor give for one operation."""
    return await answers_to(graph, *graph.operation())


async def answers_to(
    graph: RandomGraph, text: str, variables: dict[str, Any] | None = None
) -> list[dict[str, Any]] | None:
    document = parse(text)
    if validate(graph.schema, document):
        return None  # two fields of one name that differ, say
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    plan = Plans(graph.schema).of(document, operation)
    found = []
    runs: list[Callable[[], Any]] = [
        lambda: execute(graph.schema, document, variable_values=variables),
        lambda: plan.execute(variables=variables),
    ]
    for run in runs:
        graph.forget()
        result = run()
        if isawaitable(result):
            async with asyncio.timeout(5):
                result = await result
        answer = told(result)
        for _ in range(60):  # what nobody waits for ends by itself
            await asyncio.sleep(0)
        found.append({**answer, "calls": graph.calls, "batches": graph.batches})
    return found


def told(result: ExecutionResult) -> dict[str, Any]:
    errors = [
        (error.message, error.path, [tuple(one) for one in error.locations or ()], error.extensions)
        for error in result.errors or ()
    ]
    return {"data": json.dumps(result.data), "errors": errors}  # with the order of the keys


async def compare_all(seeds: Iterable[int], *, has_loaders: bool) -> int:
    compared = 0
    for seed in seeds:
        graph = RandomGraph(seed, has_loaders=has_loaders)
        for number in range(OPERATIONS):
            found = await answers(graph)
            if found is None:
                continue
            compared += 1
            theirs, ours = found
            if has_loaders:
                theirs, ours = settled(graph, *found)
            assert ours == theirs, f"operation {number} of seed {seed}"
    return compared


def settled(graph: RandomGraph, *answers: dict[str, Any]) -> list[dict[str, Any]]:
    """What does not depend on which of several things that run at once is the first.

    Loads of a level are filled in together here, and each by its own task there, so that two
    errors may come in another order; then each ends what is beside it before the other does, and
    the other error is not told. The data is the same whichever comes first.
    """
    if graph.is_nullable:
        return [_sorted(answer) for answer in answers]
    is_race = any(len(answer["errors"]) > 1 for answer in answers)
    names = ("data",) if is_race else ("data", "errors")
    return [{name: answer[name] for name in names} for answer in answers]


def _sorted(answer: dict[str, Any]) -> dict[str, Any]:
    keys = sorted(str(key) for batch in answer["batches"] for key in batch[1:])
    errors = sorted(answer["errors"], key=str)
    return {**answer, "errors": errors, "calls": sorted(answer["calls"]), "batches": keys}


async def test_random_operations_get_the_same_answer_and_the_same_calls_in_the_same_order(
    *, is_long: bool
) -> None:
    compared = await compare_all(range(4_010 if is_long else 80), has_loaders=False)

    assert compared > (20_000 if is_long else 300)


async def test_random_operations_with_loaders_get_the_same_answer(*, is_long: bool) -> None:
    assert await compare_all(range(2_000 if is_long else 80), has_loaders=True) > 300


SDL = build_graph().as_str()


def compare_hypothetical(sdl: str, scalars: dict[str, Any], examples: int) -> int:
    """How many operations that hypothesis-graphql makes up for a schema were compared."""
    compared = 0

    @settings(max_examples=examples, deadline=None, database=None)
    @given(query=from_schema(sdl, custom_scalars=scalars), seed=st.integers(0, 2**16))
    def compare(query: str, seed: int) -> None:
        nonlocal compared
        graph = RandomGraph(seed, sdl=sdl)
        found = asyncio.run(answers_to(graph, query))
        if found is not None:
            compared += 1
            theirs, ours = found
            assert ours == theirs

    compare()
    return compared


def test_operations_that_others_make_up_for_our_graph_get_the_same_answer(*, is_long: bool) -> None:
    assert compare_hypothetical(SDL, SCALARS, 600 if is_long else 6) > 0


def test_operations_that_others_make_up_for_random_schemas_get_the_same_answer(
    *, is_long: bool
) -> None:
    scalars = {"Odd": st.integers(0, 9).map(nodes.Int)}
    schemas = [print_schema(RandomGraph(seed).schema) for seed in range(100 if is_long else 3)]
    examples = 50 if is_long else 6

    known = []
    for sdl in schemas:
        # It cannot tell how large operations get on a schema of which each part has all others.
        with contextlib.suppress(ValueError):
            from_schema(sdl, custom_scalars=scalars)
            known.append(sdl)
    compared = sum(compare_hypothetical(sdl, scalars, examples) for sdl in known)

    assert len(known) > len(schemas) / 2
    assert compared > len(known)
