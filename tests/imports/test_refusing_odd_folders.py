"""What is wrong with a folder as files, and with rows against the records that are there."""

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.errors import Invalid
from folders import SMALL, ImportFolder, told
from services.imports import reading


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda path: path.symlink_to("/nowhere"), "is no file, or a link that leads nowhere."),
        (lambda path: path.mkdir(), "is no file, or a link that leads nowhere."),
        (os.mkfifo, "is no file, or a link that leads nowhere."),
        (lambda path: path.symlink_to("/proc/self/mem"), "cannot be read: Input/output error."),
    ],
)
async def test_refuses_a_file_that_cannot_be_read(
    folder: ImportFolder, make: Callable[[Path], object], problem: str
) -> None:
    folder.write(**{**SMALL, "stock": ""})
    path = folder.path / "stock.csv"
    path.unlink()
    make(path)

    with pytest.raises(Invalid) as refused:
        await folder.take()

    assert refused.value.message == f"{path} {problem}"


async def test_names_a_file_whose_name_is_written_otherwise(folder: ImportFolder) -> None:
    folder.write(**SMALL)
    (folder.path / "STOCK.CSV").write_text("sku\n")
    (folder.path / "Bins.csv.GZ").write_text("code\n")

    report = await folder.take()

    assert report.unknown_files == ["Bins.csv.GZ", "STOCK.CSV"]


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("SKU,name", "lacks the column sku: it has 'SKU'"),
        ("sku, name", "lacks the column name: it has ' name'"),
        ("product;name", "lacks the column sku: its cells are separated by ';', not by commas"),
        ("product,name", "lacks the column sku"),
    ],
)
async def test_says_what_a_header_has_instead(
    folder: ImportFolder, header: str, problem: str
) -> None:
    (folder.path / "products.csv").write_text(f"{header}\n")

    assert (await folder.refused())[0] == f"products.csv:1: {problem}"


async def test_a_line_without_an_end_does_not_fill_the_memory(
    folder: ImportFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LINE_MAX", 1_000)
    packed = gzip.compress(b"sku,name\n" + b"x" * 5_000)
    (folder.path / "products.csv.gz").write_bytes(packed)

    assert await folder.refused() == [
        "products.csv.gz:2: is no well-formed CSV: a line is longer than 1,000 characters"
    ]


async def test_wide_rows_are_staged_fewer_at_a_time(
    folder: ImportFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "CHARACTERS_MAX", 50)
    folder.write(products="sku,name\n" + "".join(f"P{n},{'x' * 40}\n" for n in range(5)))

    source = reading.find(folder.path).sources[0]
    batches = [len(batch) for batch in reading.Reading(source).batches()]

    assert batches == [1, 2, 2]
    assert told(await folder.take()) == {"products": (5, 0, 0)}


async def test_a_bad_cell_is_told_in_one_short_line(folder: ImportFolder) -> None:
    folder.write(products=f'sku,name\nA,"\x1b[31m\n{"x" * 10_000}"\n')

    assert await folder.refused() == [
        (
            f'products.csv:2 name "\\u001b[31m\\n{"x" * 194}…":'
            " must be at most 300 printable characters"
        )
    ]


THERE = {
    "products": "id,sku,name,barcode,packs\nprod_t,TEA,Tea,111,CASE=12:112\nprod_m,MUG,Mug,221,\n",
    "locations": "id,code,name,type\nloc_w,WH,Warehouse,DC\nloc_s,SHOP,Shop,STORE\n",
    "bins": "id,locationCode,code\nbin_1,WH,A\n",
    "lots": "id,lotNumber,sku\nlot_1,L1,TEA\nlot_2,L2,TEA\n",
    "stock": "sku,locationCode,binCode,lotNumber,quantity\nTEA,WH,A,L1,5\nMUG,WH,,,700000000000\n",
}


@pytest.mark.parametrize(
    ("files", "problems"),
    [
        (
            {"products": "id,sku,name\nprod_t,CHAI,Chai\n,TEA,Tea\n"},
            ['products.csv:3 id "": is about the same record as line 2'],
        ),
        (
            {
                "products": "id,sku,name\nprod_t,CHAI,Chai\n",
                "stock": "sku,locationCode,quantity\nTEA,WH,1\n",
            },
            ['stock.csv:2 sku "TEA": names no known product'],
        ),
        (
            {"bins": "id,locationCode,code\nbin_1,SHOP,A\n"},
            ['bins.csv:2 locationCode "SHOP": is not where this bin is: WH'],
        ),
        (
            {"lots": "id,lotNumber,sku\nlot_1,L1,MUG\nlot_1x,L1,TEA\nlot_9,L9,\n"},
            [
                'lots.csv:2 sku "MUG": is not the product of this lot: TEA',
                'lots.csv:3 id "lot_1x": is not the id it has here: lot_1',
                'lots.csv:4 sku "": is missing: an id is that of one lot',
            ],
        ),
        (
            {"lots": "id,lotNumber,sku\nlot_1,L2,TEA\n"},
            ['lots.csv:2 id "lot_1": is not the id it has here: lot_2'],
        ),
        (
            {"products": "sku,name,packs\nMUG,Mug,CASE=6;CASE=12\nTEA,Tea,BOX=0.0\n"},
            [
                'products.csv:2 packs "CASE": is there twice',
                (
                    'products.csv:3 packs "BOX=0.0": must be packs such as'
                    " CASE=12:4006381333931;PALLET=480"
                ),
            ],
        ),
        (
            {"products": "sku,name,barcode,packs\nMUG,Mug,111,CASE=6:112\nCUP,Cup,333,BOX=2:333\n"},
            [
                'products.csv:2 barcode "111": is the barcode of TEA',
                'products.csv:2 packs "112": is the barcode of TEA',
                'products.csv:3 packs "333": is there twice',
            ],
        ),
        (
            {"stock": "sku,locationCode,binCode,quantity\nMUG,WH,A,700000000000\n"},
            ["stock.csv:2 quantity: brings MUG in WH to 1400000000000, more than can be counted"],
        ),
        (
            {
                "movements": "occurredAt,sku,type,quantity,locationCode\n"
                "2025-01-01,MUG,RECEIPT,300000000000,WH\n2025-01-01T10,MUG,RECEIPT,1,WH\n"
            },
            [
                (
                    'movements.csv:3 occurredAt "2025-01-01T10": must be a date such as 2026-01-31'
                    " or a moment such as 2026-01-31T14:30:00Z"
                ),
                (
                    "movements.csv:3 quantity: brings MUG in WH to 1000000000001,"
                    " more than can be counted"
                ),
            ],
        ),
    ],
)
async def test_refuses_what_contradicts_what_is_there(
    folder: ImportFolder, files: dict[str, str], problems: list[str]
) -> None:
    await folder.write(**THERE).take()
    for file in folder.path.iterdir():
        file.unlink()

    assert await folder.write(**files).refused() == problems


async def test_a_renamed_product_keeps_its_barcode_and_a_pack_may_go_to_another(
    folder: ImportFolder,
) -> None:
    await folder.write(**THERE).take()
    folder.write(
        products="id,sku,name,barcode,packs\nprod_t,CHAI,Tea,111,\nprod_m,MUG,Mug,221,C=6:112\n",
        bins="id,locationCode,code\nbin_1,WH,B\n",
        lots="id,lotNumber,sku\nlot_1,L1,CHAI\nlot_2,L3,CHAI\n",
        stock="sku,locationCode,binCode,lotNumber,quantity\nCHAI,WH,B,L1,5\n",
    )

    assert told(await folder.take()) == {
        "products": (0, 2, 0),
        "locations": (0, 0, 2),
        "bins": (0, 1, 0),
        "lots": (0, 1, 1),
        "stock": (0, 0, 1),
    }
