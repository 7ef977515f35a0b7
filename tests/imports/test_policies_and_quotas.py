"""Policies and quotas of a folder: what they come to with those that are there already."""

import pytest

from domain.errors import Invalid
from folders import SMALL, ImportFolder, told

SELLING = SMALL | {"channels": "code,name,type\nDTC,Online,ONLINE\nB2B,Trade,B2B\nPOS,Shop,POS\n"}


async def test_shares_of_more_than_all_there_is_are_refused(folder: ImportFolder) -> None:
    await folder.write(**SELLING, policies="channelCode,mode,share\nDTC,SHARE,0.6\n").take()
    folder.write(policies="channelCode,locationCode,mode,share\nB2B,SHOP,SHARE,0.5\n")

    assert await folder.refused() == [
        (
            "policies.csv share: The shares of B2B 0.5, DTC 0.6 add up to 1.1; together they are at"
            " most 1."
        )
    ]
    assert await folder.refused(dry_run=True) == await folder.refused(atomic=True)
    folder.write(policies="channelCode,locationCode,mode,share\nB2B,SHOP,SHARE,0.4\n")
    assert told(await folder.take())["policies"] == (1, 0, 0)


async def test_a_mode_without_its_number_is_worth_a_warning(folder: ImportFolder) -> None:
    files = {name: text for name, text in SELLING.items() if name != "stock"}
    folder.write(
        **files,
        policies="""
            channelCode,locationCode,mode,share,cap
            DTC,,SHARED,0.5,
            DTC,WH,SHARE,,
            B2B,,SHARE,,
            POS,,CAP,,
            """,
    )

    warnings = [str(one) for one in (await folder.take()).warnings]

    assert warnings == [
        "policies.csv:4 share: Mode SHARE needs a share, here or in a more general policy.",
        "policies.csv:5 cap: Mode CAP needs a cap, here or in a more general policy.",
    ]


async def test_quotas_above_what_is_available_are_worth_a_warning(folder: ImportFolder) -> None:
    files = {
        "bins": "locationCode,code,type\nWH,H,HOLD\n",
        "stock": "sku,locationCode,binCode,quantity\nTEA,WH,,40\nTEA,WH,H,100\nMUG,WH,,5\n",
        "quotas": """
            channelCode,sku,locationCode,allocated,consumed
            DTC,TEA,WH,30,5
            B2B,TEA,WH,15,0
            POS,TEA,WH,1,0
            DTC,MUG,WH,5,0
            DTC,MUG,SHOP,2,0
            """,
    }
    expected = [
        (
            'quotas.csv:2 allocated "30": is more than there is: 41 of TEA in WH are set aside for'
            " channels, and 40 are available"
        ),
        (
            'quotas.csv:6 allocated "2": is more than there is: 2 of MUG in SHOP are set aside for'
            " channels, and 0 are available"
        ),
    ]
    folder.write(**{**SELLING, **files})

    for options in ({"dry_run": True}, {}, {}, {"atomic": True}):
        assert [str(one) for one in (await folder.take(**options)).warnings] == expected


async def test_the_complete_stock_needs_a_file_of_stock(folder: ImportFolder) -> None:
    folder.write(products=SMALL["products"])

    with pytest.raises(Invalid, match=r"Without stock.csv nothing says which buckets"):
        await folder.take(complete=True)
