"""Seals: an export is checked from the file alone, and shows whatever was done to it."""

import hashlib
import json
from collections.abc import Callable

import pytest

from domain import seals
from services import feed
from world import World


async def export(world: World) -> list[str]:
    """An export of two seals, over two changes and over one."""
    location, product = await world.location(), await world.product(name="Zoë's “gauze”")
    await world.stock(product, location, 1)
    await world.stock(product, location, 2)
    await feed.relay(world.database)
    await world.lot(product, note="line\nbreak é")
    await feed.relay(world.database)
    await world.stock(product, location, 3)
    async with world.read() as session:
        return [line async for line in feed.exported(session, world.code)]


async def test_an_export_is_whole_and_holds_what_is_sealed(world: World) -> None:
    lines = await export(world)

    chain = seals.verify(f"{line}\n" for line in lines)

    assert (chain.tenant, chain.seals, chain.events) == (world.code, 2, 3)
    async with world.read() as session:
        digest = await session.call("select sha256 from ledger_seals order by number desc limit 1")
    assert chain.sha256 == digest.hex()
    told = [json.loads(line) for line in lines if "topic" in line]
    assert [(one["number"], one["topic"]) for one in told] == [
        (1, "stock.posted"),
        (2, "stock.posted"),
        (3, "lot.created"),
    ]


async def test_an_export_of_nothing_is_whole(world: World) -> None:
    async with world.read() as session:
        lines = [line async for line in feed.exported(session, world.code)]

    assert seals.verify(lines) == seals.Chain(tenant=world.code, seals=0, events=0, sha256=None)


def swapped(lines: list[str]) -> list[str]:
    return [*lines[:2], lines[3], lines[2], *lines[4:]]


# Lines: 0 header, 1 seal, 2 and 3 its changes, 4 seal, 5 its change, 6 end.
TAMPERING: dict[str, tuple[Callable[[list[str]], list[str]], str]] = {
    "a quantity": (
        lambda ls: [*ls[:2], ls[2].replace('"delta": 1', '"delta": 9'), *ls[3:]],
        "Seal 1 at line 2 is not the digest of its events",
    ),
    "a space": (
        lambda ls: [*ls[:2], ls[2].replace(", ", ",", 1), *ls[3:]],
        "Seal 1 at line 2 is not the digest of its events",
    ),
    "the order": (swapped, "The number of the event at line 3 is 2 and should be 1."),
    "a change less": (
        lambda ls: [*ls[:3], *ls[4:]],
        "The number of the event at line 4 is None and should be 2.",
    ),
    "a seal less": (
        lambda ls: [ls[0], *ls[4:]],
        "The number of the seal at line 2 is 2 and should be 1.",
    ),
    "the last seal less": (
        lambda ls: [*ls[:4], ls[6]],
        "The end of the file at line 5",
    ),
    "another digest": (
        lambda ls: [*ls[:4], ls[4].replace('"previous": "', '"previous": "0'), *ls[5:]],
        "The digest before the seal at line 5",
    ),
    "the end": (lambda ls: ls[:6], "The file is cut off after line 6."),
    "more": (lambda ls: [*ls, ls[5]], "Line 8 stands behind the end."),
    "no header": (lambda ls: ls[1:], "This is no export of seals"),
    "no JSON": (lambda ls: [*ls[:2], "{", *ls[3:]], "Line 3 is no JSON object."),
    "a seal without an end": (
        lambda ls: [ls[0], '{"seal": 1}', *ls[2:]],
        "The seal at line 2 does not say where it ends.",
    ),
    "nothing": (lambda _: [], "The file is cut off after line 0."),
}


async def test_whatever_is_done_to_an_export_is_found(world: World) -> None:
    lines = await export(world)

    for name, (tamper, told) in TAMPERING.items():
        with pytest.raises(seals.SealBroken) as broken:
            seals.verify(tamper(lines))
        assert told in str(broken.value), name


async def test_the_way_that_the_manual_describes_gives_the_same_digest(world: World) -> None:
    lines = await export(world)
    first, second = (json.loads(lines[at])["sha256"] for at in (1, 4))

    def d(line: str) -> bytes:
        return hashlib.sha256(line.encode()).digest()

    assert hashlib.sha256(d(lines[2]) + d(lines[3])).hexdigest() == first
    assert hashlib.sha256(bytes.fromhex(first) + d(lines[5])).hexdigest() == second
