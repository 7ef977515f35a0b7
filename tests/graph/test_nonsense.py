"""Every place of every input, given what nobody means: an answer or a refusal, never a failure."""

import random
from collections.abc import Iterator
from typing import Any

from graphql import GraphQLSchema, build_schema

from graph import answer, schema
from graph_calls import EVERYTHING, REQUIRED, Call, calls
from nonsense import places, put
from two_tenants import fill
from world import World

OF_SO_MANY_ONE = 25  # is tried without --long


def wrong_calls(served: GraphQLSchema) -> Iterator[tuple[str, Call, dict[str, Any]]]:
    """Each call with one wrong value, where its label says that something may stand."""
    for call in calls(served, "ours", "OURS"):
        root = served.mutation_type if call.is_mutation else served.query_type
        assert root is not None
        name, _, label = call.name.partition(".")[2].removesuffix(")").partition("(")
        argument, _, part = label.partition(".")
        for given, value in call.variables.items():
            if argument not in (REQUIRED, EVERYTHING, given):
                continue
            for path, wrong in places(root.fields[name].args[given].type, value, [given]):
                if part in ("", *path[1:2]):
                    what = f"{call.name} {path} {wrong!r:.40}"
                    yield what, call, put(call.variables, path, wrong)


async def test_nonsense_is_refused_or_taken_and_never_fails(
    world: World, run_seed: int, *, is_long: bool
) -> None:
    await fill(world, "ours", "OURS", "Ours")
    tried = list(wrong_calls(build_schema(schema().as_str())))
    if not is_long:
        tried = random.Random(run_seed).sample(tried, len(tried) // OF_SO_MANY_ONE)

    failed = []
    for what, call, variables in tried:
        try:
            await answer(world, call.text, **variables)
        except Exception as failure:  # noqa: BLE001 - whatever it is, it is told with its call
            failed.append(f"{what}: {type(failure).__name__} {failure!s:.300}")

    assert failed == []
