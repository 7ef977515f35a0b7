"""A folder with bad rows is refused whole: every bad row is told, and nothing changes."""

import gzip
from typing import Any

import pytest
from sqlalchemy import text

from folders import SMALL, ImportFolder
from world import World


async def counts(world: World) -> tuple[Any, ...]:
    async with world.read() as session:
        row = await session.one(
            text(
                "select (select count(*) from products), (select count(*) from postings),"
                " (select count(*) from import_rows)"
            )
        )
    return tuple(row)


async def test_tells_every_bad_row_and_posts_nothing(folder: ImportFolder, world: World) -> None:
    folder.write(
        products="""
            sku,name,unitCost,active
            TEA,Green tea,1.25,true
            MUG,,-3,yes
            TEA,Again,1.1234567,true
            """,
        locations="code,name,type\nWH,Warehouse,DC_STORAGE\n",
        stock="""
            sku,locationCode,lotNumber,expiryDate,quantity
            TEA,WH,L1,2026-02-30,40
            CUP,WH,,,1
            TEA,NOWHERE,,,0.123456789
            TEA,WH,,,-3
            TEA,WH,,,many
            """,
    )

    assert await folder.refused() == [
        'products.csv:3 name "": is missing',
        (
            'products.csv:3 unitCost "-3": must be a number that is not negative, below'
            " 1,000,000,000,000 and with at most 6 decimals"
        ),
        'products.csv:3 active "yes": must be true or false',
        (
            'products.csv:4 unitCost "1.1234567": must be a number that is not negative, below'
            " 1,000,000,000,000 and with at most 6 decimals"
        ),
        'products.csv:4 sku "TEA": is in line 2 already',
        'stock.csv:2 expiryDate "2026-02-30": is no day of the calendar',
        'stock.csv:3 sku "CUP": names no known product',
        (
            'stock.csv:4 quantity "0.123456789": must be a number that is not negative, below'
            " 1,000,000,000,000 and with at most 6 decimals"
        ),
        'stock.csv:4 locationCode "NOWHERE": names no known location',
        (
            'stock.csv:5 quantity "-3": must be a number that is not negative, below'
            " 1,000,000,000,000 and with at most 6 decimals"
        ),
        (
            'stock.csv:6 quantity "many": must be a number that is not negative, below'
            " 1,000,000,000,000 and with at most 6 decimals"
        ),
        'stock.csv:6 sku "TEA / WH /  / ": is in line 5 already',
    ]
    assert await counts(world) == (0, 0, 0)


async def test_tells_a_thousand_bad_rows_at_once(folder: ImportFolder) -> None:
    bad = "\n".join(f"NONE-{n},WH,1" for n in range(1_500))
    folder.write(**SMALL).write(stock=f"sku,locationCode,quantity\n{bad}\n")

    problems = await folder.refused()

    assert len(problems) == 1_000
    assert problems[999] == 'stock.csv:1001 sku "NONE-999": names no known product'


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "products.csv:1: has no header line"),
        (b"sku,price\nA,1\n", "products.csv:1: lacks the column name"),
        (b"sku,name,sku\nA,B,C\n", "products.csv:1: names the column 'sku' twice"),
        (b"sku,name,\nA,B,C\n", "products.csv:1: has a column without name"),
        (b"sku,name\nA,B\nC\n", "products.csv:3: has 1 cells where the header has 2"),
        (b"sku,name\nA,B\nC,D\xe9\n", "products.csv:3: is not UTF-8"),
        (b'sku,name\nA,"B\nC,D\n', "products.csv:2: is no well-formed CSV: unexpected end of data"),
        (b"sku,name\nA,B\0\n", "products.csv:2: is no well-formed CSV: there is a NUL character"),
        (b"sku,name\nA ,B\n", ('products.csv:2 sku "A ": must be 1 to 100 printable characters'
         " without spaces around them")),
    ],
)  # fmt: skip
async def test_reads_csv_strictly(folder: ImportFolder, content: bytes, problem: str) -> None:
    (folder.path / "products.csv").write_bytes(content)

    assert await folder.refused() == [problem]


async def test_reads_what_spreadsheets_write(folder: ImportFolder) -> None:
    content = '\ufeffsku,name\r\nA,"Two\r\nlines, quoted"\r\n'.encode()
    (folder.path / "products.csv").write_bytes(content)

    assert await folder.refused() == [
        'products.csv:2 name "Two\\r\\nlines, quoted": must be at most 300 printable characters'
    ]


async def test_names_the_line_on_which_a_row_begins(folder: ImportFolder) -> None:
    folder.write(products='sku,name,active,note\nA,B,true,"two\nlines"\nC,D,no,\n')

    assert await folder.refused() == ['products.csv:4 active "no": must be true or false']


async def test_refuses_a_gzip_file_that_is_cut_off(folder: ImportFolder) -> None:
    whole = gzip.compress(b"sku,name\n" + b"".join(b"A%d,B\n" % n for n in range(5_000)))
    (folder.path / "products.csv.gz").write_bytes(whole[:-20])

    assert await folder.refused() == [
        (
            "products.csv.gz: cannot be read: Compressed file ended before the end-of-stream marker"
            " was reached"
        )
    ]


async def test_refuses_unknown_columns_only_when_strict(folder: ImportFolder) -> None:
    folder.write(**SMALL).write(locations="code,name,type,colour\nWH,W,DC\nSHOP,S,X\n")
    folder.write(locations="code,name,type,colour\nWH,W,DC,red\nSHOP,S,X,blue\n")

    assert await folder.refused(strict=True) == [
        "locations.csv:1 colour: is no column of this file"
    ]
    report = await folder.take()
    assert report.ignored_columns == {"locations.csv": ["colour"]}


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        (
            {"categories": "code,name,parentCode\nA,A,B\nB,B,A\n"},
            [
                'categories.csv:2 parentCode "B": puts A below itself',
                'categories.csv:3 parentCode "A": puts B below itself',
            ],
        ),
        (
            {"products": "sku,name,barcode\nTEA,A,123\nMUG,B,123\n"},
            ['products.csv:3 barcode "123": is in line 2 already'],
        ),
        (
            {"products": "id,sku,name\nloc_1,TEA,A\nmy-1,MUG,B\n"},
            [
                ('products.csv:2 id "loc_1": must be 1 to 64 of A-Z a-z 0-9 _ - and not begin as'
                " the ids of other things do")
            ],
        ),
        (
            {"levels": "sku,locationCode,minQuantity,maxQuantity\nTEA,WH,9,5\n"},
            ['levels.csv:2 minQuantity "9": must not be above reorderQuantity and maxQuantity'],
        ),
        (
            {"bins": "locationCode,code\nWH,A\n", "stock": "sku,locationCode,binCode,quantity\n"
             "TEA,SHOP,A,1\n"},
            ['stock.csv:2 binCode "A": names no known bin of SHOP'],
        ),
        (
            {"stock": "sku,locationCode,lotNumber,expiryDate,quantity\nTEA,WH,L,2030-01-01,1\n"
             "TEA,SHOP,L,2030-01-02,1\nMUG,WH,,2030-01-01,1\n"},
            [
                ('stock.csv:3 expiryDate "2030-01-02": contradicts line 2, where the lot expires on'
                " 2030-01-01"),
                'stock.csv:4 expiryDate "2030-01-01": needs a lotNumber',
            ],
        ),
    ],
)  # fmt: skip
async def test_refuses_what_contradicts_itself(
    folder: ImportFolder, files: dict[str, str], problem: list[str]
) -> None:
    folder.write(**SMALL).write(**files)

    assert await folder.refused() == problem
