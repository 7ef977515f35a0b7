"""Schemathesis sends what the OpenAPI document allows and what it does not, and checks answers.

The seed is printed; STOCKGRAPH_TEST_SEED repeats a run.
"""

import contextlib
import json
import os
import random
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from clients import key_of
from gateway import schema_files
from gateway.app import create_app
from gateway.settings import load_settings
from models.session import Database
from resolvers.schema import build_schema
from world import World

EXAMPLES, EXAMPLES_LONG = 4, 150
TWICE_NAMED = (
    {"productId", "productMasterId"},
    {"sourceLocationId", "originLocationId"},
    {"destLocationId", "destinationLocationId"},
)
START_SECONDS = 20


@pytest.fixture
def address(urls: tuple[str, str]) -> Iterator[str]:
    """A server in a thread of its own, with its own connections."""
    listener = socket.create_server(("127.0.0.1", 0))
    app = create_app(load_settings(explorer=False), Database(urls[1], pool_size=2))
    server = uvicorn.Server(
        uvicorn.Config(app, log_config=None, access_log=False, lifespan="on", ws="none")
    )
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    latest = time.monotonic() + START_SECONDS
    while not server.started and time.monotonic() < latest:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(START_SECONDS)


@pytest.fixture
async def key(world: World) -> str:
    """A key of a tenant with one filled cell."""
    place = await world.location(id="loc_1")
    await world.channel("DTC")
    await world.stock(await world.product(id="prod_1"), place, 3)
    return await key_of(world)


@pytest.mark.filterwarnings("ignore")
def test_answers_keep_to_the_document(address: str, key: str, *, is_long: bool) -> None:
    seed = int(os.environ.get("STOCKGRAPH_TEST_SEED") or random.randrange(2**32))
    print(f"seed {seed}")  # noqa: T201 - pytest shows it when the test fails
    document = json.loads(schema_files.openapi(schema_files.served(build_schema())))
    schema = schemathesis.openapi.from_dict(document)
    headers = {"Authorization": f"Bearer {key}"}
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]  # the document is valid
        for mode in schemathesis.GenerationMode:

            @hypothesis.seed(seed)
            @settings(
                max_examples=EXAMPLES_LONG if is_long else EXAMPLES,
                deadline=None,
                database=None,
                phases=(Phase.generate, Phase.shrink),
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def send(case: Any) -> None:
                # OpenAPI cannot say that two parameters exclude each other.
                asked = set(case.query or ())
                hypothesis.assume(not any(pair <= asked for pair in TWICE_NAMED))
                case.call_and_validate(
                    base_url=address, headers=headers, excluded_checks=_untold(case)
                )

            # Of an address without rules nothing can be made that breaks one.
            with contextlib.suppress(Unsatisfiable):
                send()


def _untold(case: Any) -> list[Any]:
    """What the document cannot say.

    In an address everything is text: a single value cannot be told from a list of one. Of a body
    it says the types, and the service's rules go further; of a moment not that it must be past,
    of two dates not that the first comes first, and of one not how long a period may be.
    """
    asked = set(case.query or ())
    if asked & {"asOf", "fromDate", "toDate"}:
        return [positive_data_acceptance, negative_data_rejection]
    return [positive_data_acceptance if case.operation.body else negative_data_rejection]
