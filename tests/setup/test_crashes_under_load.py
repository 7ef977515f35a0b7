"""Kills of the built-in PostgreSQL while commits are acknowledged."""

import asyncio
import contextlib
import itertools
import os
import random
import signal
from pathlib import Path

import asyncpg
import pytest

from gateway import embedded
from server_user import postgres_processes, postmaster

CONNECTIONS = 4
GONE = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


async def commit_until(end: asyncio.Event, url: str, first: int, acknowledged: list[int]) -> None:
    """Commit numbers one by one and note each acknowledged one, until the end or a lost server."""
    with contextlib.suppress(*GONE):
        connection = await asyncpg.connect(url)
        try:
            for number in itertools.takewhile(lambda _: not end.is_set(), itertools.count(first)):
                await connection.execute("insert into marks values ($1)", number)
                acknowledged.append(number)
        finally:
            connection.terminate()


async def count_of(url: str, numbers: list[int]) -> int:
    connection = await asyncpg.connect(url)
    try:
        return int(
            await connection.fetchval("select count(*) from marks where n = any($1)", numbers)
        )
    finally:
        await connection.close()


def victims(root: Path, dice: random.Random) -> list[int]:
    """Choose the postmaster, every process, or one of them."""
    processes = postgres_processes(root)
    return dice.choice([[postmaster(root)], processes, [dice.choice(processes)]])


@pytest.mark.parametrize("rounds", [2, pytest.param(20, marks=pytest.mark.long)])
async def test_no_acknowledged_commit_is_lost_by_a_kill(
    rounds: int, root: Path, run_seed: int
) -> None:
    dice = random.Random(run_seed)
    acknowledged: list[int] = []
    handles = [embedded.start(root)]
    connection = await asyncpg.connect(handles[0].owner_url)
    await connection.execute("create table marks (n bigint primary key)")
    await connection.close()

    for number in range(rounds):
        url, end = handles[-1].owner_url, asyncio.Event()
        writers = [
            asyncio.create_task(
                commit_until(end, url, (number * CONNECTIONS + i) * 10_000_000, acknowledged)
            )
            for i in range(CONNECTIONS)
        ]
        await asyncio.sleep(dice.uniform(0.1, 1))
        for process in victims(root, dice):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        end.set()  # some of its processes can be lost without a loss of connections
        await asyncio.wait_for(asyncio.gather(*writers), 60)
        handles.append(await asyncio.to_thread(embedded.start, root))

        assert await count_of(handles[-1].owner_url, acknowledged) == len(acknowledged)

    assert acknowledged
    for handle in handles:
        handle.close()
    assert postgres_processes(root) == []
