"""An export gives the same files back, and an import of them changes nothing."""

from pathlib import Path

import pytest

from domain.errors import Invalid
from folders import ImportFolder, told
from services import imports
from world import World

COMPANY = {
    "categories": """
        id,code,name,parentCode
        food,FOOD,Food,
        tea,TEA,Tea,FOOD
        """,
    "products": """
        id,sku,name,categoryCode,unitOfMeasure,quantityStep,barcode,unitCost,lotTracked,packs,colour
        prod_tea,TEA,"Tea, green",TEA,KG,0.001,400638,1.123456,true,CASE=12:99;PALLET=480,green
        prod_mug,MUG,Mug,,EA,1,,0,false,,
        """,
    "locations": """
        id,code,name,type,parentCode,active
        loc_wh,WH,Warehouse,DC_STORAGE,,true
        loc_zone,ZONE,Zone,DC_STORAGE,WH,false
        """,
    "bins": """
        id,locationCode,code,name,type,zone,pickOrder
        bin_a,WH,N/A-0,,STANDARD,,3
        bin_q,WH,Q,Quarantine,QUARANTINE,Cold,0
        """,
    "channels": "code,name,type,position\nDTC,Web,E_COMMERCE,1\nB2B,Trade,WHOLESALE,2\n",
    "reason_codes": """
        id,code,name,direction,category,requiresComment,contexts
        reason_1,BROKEN,Broken,DECREASE,Loss,true,ADJUSTMENT;COUNT
        """,
    "lots": "id,lotNumber,expiryDate,sku,note\nlot_1,L1,2030-01-31,TEA,first\n",
    "policies": """
        id,channelCode,locationCode,sku,categoryCode,mode,priority,share,spillOver,safetyStock
        policy_1,DTC,,,,SHARE,1,0.5,,
        policy_2,DTC,WH,TEA,,FENCED,,,true,2.5
        policy_3,B2B,,,FOOD,CAP,2,,,
        """,
    "quotas": "id,channelCode,sku,locationCode,allocated,consumed\nquota_1,DTC,TEA,WH,10,3\n",
    "levels": """
        id,sku,locationCode,minQuantity,reorderQuantity,maxQuantity,abcClass,preferredBinCode
        level_1,TEA,WH,1,2,3.5,A,N/A-0
        """,
    "vendors": "id,code,name,creditRating,preferred,active\nvend_1,V1,Tea Co,1,true,true\n",
    "vendor_products": """
        id,vendorCode,sku,leadTimeDays,minOrderQty,standardPrice,orderUnitOfMeasure
        vprd_1,V1,TEA,17,2.5,45.26,CTN
        """,
    "purchase_orders": """
        id,poNumber,lineNumber,vendorCode,orderDate,dueDate,sku,orderQty,receivedQty,status,locationCode
        poln_1,PO1,1,V1,2026-01-01,2026-02-01,TEA,10.5,3,APPROVED,WH
        poln_2,PO1,2,V1,,,MUG,4,4,COMPLETE,
        """,
    "replenishment": """
        id,sku,locationCode,method,orderQuantity,packSize,serviceLevel,orderCost,holdingCost,demandShare
        level_1,TEA,WH,MIN_MAX,,6,0.95,,,0.25
        level_2,MUG,WH,EOQ,,,,10,0.5,
        """,
    "stock": """
        sku,locationCode,binCode,lotNumber,expiryDate,quantity
        TEA,WH,N/A-0,L1,2030-01-31,40.125
        TEA,WH,Q,L2,2020-01-31,1
        MUG,WH,,,,0
        """,
    "transfers": """
        transferNumber,lineNumber,sourceLocationCode,destLocationCode,sku,lotNumber,quantity,inTransit,expectedDate
        XFER-000007,1,WH,ZONE,TEA,L1,2.5,true,2027-01-31
        XFER-000007,2,WH,ZONE,TEA,,3.5,false,2027-01-31
        T-1,1,ZONE,WH,MUG,,4,,
        """,
    "movements": """
        occurredAt,sku,type,quantity,unitCost,unitPrice,channelCode,reference,locationCode,binCode,lotNumber
        2025-01-01,TEA,SALE,-3,,9.5,DTC,SO1,,,
        2025-01-02,TEA,SALE,-3,,9.5,DTC,SO2,WH,N/A-0,L1
        2025-01-02T10:30:00Z,TEA,PURCHASE,12,1.5,,,PO1,WH,N/A-0,L1
        2025-01-02T10:30:00Z,TEA,PURCHASE,12,1.5,,,PO1,WH,N/A-0,L1
        2025-01-03T10:30:00+02:00,TEA,COUNT,7,,,,,WH,N/A-0,L1
        """,
}


def contents(path: Path) -> dict[str, str]:
    return {one.name: one.read_text(encoding="utf-8") for one in sorted(path.iterdir())}


async def test_gives_every_file_back(
    folder: ImportFolder, world: World, other_world: World, tmp_path: Path
) -> None:
    await folder.write(**COMPANY).take()
    first, second = tmp_path / "first", tmp_path / "second"

    written = await imports.export(world.database, world.tenant_id, first)
    there = await imports.run(other_world.database, other_world.tenant_id, first)
    await imports.export(other_world.database, other_world.tenant_id, second)

    assert sorted(written) == sorted(f"{name}.csv" for name in COMPANY)
    assert written["movements.csv"] == 5
    assert there.warnings == [
        imports.Problem("stock.csv", 5, "expiryDate", "2020-01-31", "is in the past"),
        imports.Problem(
            "policies.csv",
            2,
            "cap",
            None,
            "Mode CAP needs a cap, here or in a more general policy.",
        ),
    ]
    assert contents(first) == contents(second)


async def test_an_import_of_it_changes_nothing(
    folder: ImportFolder, world: World, tmp_path: Path
) -> None:
    await folder.write(**COMPANY).take()
    await imports.export(world.database, world.tenant_id, tmp_path / "out")

    report = await imports.run(world.database, world.tenant_id, tmp_path / "out")

    assert report.changes_nothing
    assert {file: counts[:2] for file, counts in told(report).items()} == dict.fromkeys(
        told(report), (0, 0)
    )


async def test_writes_compressed_files_that_are_always_the_same(
    folder: ImportFolder, world: World, tmp_path: Path
) -> None:
    await folder.write(**COMPANY).take()
    one, two = tmp_path / "one", tmp_path / "two"

    for path in (one, two):
        await imports.export(world.database, world.tenant_id, path, compress=True)

    assert {p.name: p.read_bytes() for p in one.iterdir()} == {
        p.name: p.read_bytes() for p in two.iterdir()
    }
    assert (await imports.run(world.database, world.tenant_id, one)).changes_nothing


async def test_writes_into_no_folder_that_holds_something(
    folder: ImportFolder, world: World
) -> None:
    folder.write(**COMPANY)

    with pytest.raises(Invalid, match="is not empty"):
        await imports.export(world.database, world.tenant_id, folder.path)
