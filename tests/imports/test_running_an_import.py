"""How an import runs: rehearsed, in one transaction, alone, and what it says at the end."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from domain.errors import Conflict, Invalid, NotFound
from folders import SMALL, ImportFolder, told
from models.imports import state
from models.session import Session
from services import imports
from services.imports import posting
from world import World

TABLES = ("products", "locations", "inventory_items", "ledger_entries", "movement_history")
MOVES = """
    occurredAt,sku,type,quantity,locationCode
    2025-01-01,TEA,SALE,-1,WH
    2025-01-01,TEA,SALE,-1,
    """


async def sizes(world: World) -> list[int]:
    async with world.read() as session:
        return [await session.scalar(text(f"select count(*) from {table}")) for table in TABLES]


async def test_a_dry_run_says_what_would_happen_and_changes_nothing(
    folder: ImportFolder, world: World
) -> None:
    folder.write(**SMALL).write(movements=MOVES)

    rehearsed = await folder.take(dry_run=True)
    before = await sizes(world)
    real = await folder.take()

    assert before == [0, 0, 0, 0, 0]
    assert rehearsed.dry_run
    assert rehearsed.files == real.files
    assert (rehearsed.opened, rehearsed.history) == (real.opened, real.history) == (1, 1)


async def test_all_at_once_or_nothing_when_atomic(
    folder: ImportFolder, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "BATCH_SIZE", 1)
    folder.write(**SMALL).write(movements=MOVES)
    post = posting.post_batch

    async def failing(session: Session, import_id: str, batch: int) -> int:
        if batch == 3:
            raise RuntimeError("in the middle")
        return await post(session, import_id, batch)

    monkeypatch.setattr(posting, "post_batch", failing)
    with pytest.raises(RuntimeError):
        await folder.take(atomic=True)
    after_failure = await sizes(world)
    monkeypatch.setattr(posting, "post_batch", post)
    report = await folder.take(atomic=True)

    assert after_failure == [0, 0, 0, 0, 0]
    assert told(report)["stock"] == (3, 0, 0)
    assert await sizes(world) == [2, 2, 3, 5, 1]


async def test_one_import_runs_at_a_time(folder: ImportFolder, world: World) -> None:
    folder.write(**SMALL)

    async with world.write() as another:
        assert await another.scalar(state.only_one())
        with pytest.raises(Conflict, match="Another import into this tenant is running"):
            await folder.take()

    assert told(await folder.take())["stock"] == (3, 0, 0)


async def test_another_folder_waits_for_one_that_was_interrupted_while_it_posted(
    folder: ImportFolder, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = posting.post_batch

    async def failing(*_: Any) -> int:
        raise RuntimeError("interrupted")

    monkeypatch.setattr(posting, "post_batch", failing)
    with pytest.raises(RuntimeError):
        await folder.write(**SMALL).take()
    monkeypatch.setattr(posting, "post_batch", post)
    (tmp_path / "other").mkdir()
    other = ImportFolder(tmp_path / "other", world.database, world.tenant_id).write(**SMALL)
    other.write(stock="sku,locationCode,quantity\nTEA,WH,1\n")

    with pytest.raises(Conflict, match="of company was interrupted while it posted"):
        await other.take()
    await folder.take()
    report = await other.take()

    assert told(report)["stock"] == (0, 1, 0)


async def test_there_is_nothing_to_resume_of_an_import_that_is_done(
    folder: ImportFolder, world: World
) -> None:
    report = await folder.write(**SMALL).take()

    with pytest.raises(Conflict, match="is DONE: there is nothing of it left to post"):
        await imports.resume(world.database, world.tenant_id, report.import_id)
    with pytest.raises(NotFound):
        await imports.resume(world.database, world.tenant_id, "imp_none")


async def test_names_the_files_that_it_leaves_alone(folder: ImportFolder) -> None:
    folder.write(**SMALL).write(scrap="sku\nA\n", notes="a\nb\n")
    (folder.path / "README.md").write_text("text")

    report = await folder.take()

    assert (report.later_files, report.unknown_files) == (["scrap.csv"], ["notes.csv"])


async def test_refuses_a_folder_that_holds_nothing_to_import(folder: ImportFolder) -> None:
    with pytest.raises(Invalid, match="holds no file that can be imported"):
        await folder.write(notes="a\n").take()
    (folder.path / "products.csv.gz").write_bytes(b"")
    with pytest.raises(Invalid, match="are the same file"):
        await folder.write(products="sku,name\n").take()
    folder.path = folder.path / "none"
    with pytest.raises(NotFound):
        await folder.take()


async def test_posts_batches_of_a_size_in_the_order_of_keys(
    folder: ImportFolder, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "BATCH_SIZE", 2)
    seen: list[tuple[str, int, int | None]] = []

    await imports.run(
        world.database,
        world.tenant_id,
        folder.write(**SMALL).path,
        watch=lambda told: seen.append((told.step, told.done, told.total)),
    )

    assert [one for one in seen if one[0] == "posting"] == [
        ("posting", 0, 2),
        ("posting", 1, 2),
        ("posting", 2, 2),
    ]
    async with world.read() as session:
        found = await session.all(text("select kind, entry_count from postings order by id"))
    assert [tuple(row) for row in found] == [("RECEIPT", 2), ("RECEIPT", 1)]


async def test_the_report_is_json_for_programs(folder: ImportFolder) -> None:
    report = await folder.write(**SMALL).take()

    told_to_programs = json.loads(json.dumps(report.as_json()))

    assert told_to_programs["files"][0] == {
        "file": "products.csv",
        "rows": 2,
        "made": 2,
        "changed": 0,
        "unchanged": 0,
    }
    assert (told_to_programs["importId"], told_to_programs["changesNothing"]) == (
        report.import_id,
        False,
    )
