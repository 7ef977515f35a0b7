"""Folders of CSV files for tests, and the smallest company that can be imported."""

from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any
from uuid import UUID

from domain.errors import ImportRefused
from models.session import Database
from services import imports

SMALL = {
    "products": """
        sku,name,unitCost
        TEA,Green tea,1.25
        MUG,Mug,3.5
        """,
    "locations": """
        code,name,type
        WH,Warehouse,DC_STORAGE
        SHOP,Shop,STORE_FRONT
        """,
    "stock": """
        sku,locationCode,quantity
        TEA,WH,40
        TEA,SHOP,2.5
        MUG,WH,0
        """,
}


@dataclass
class ImportFolder:
    """A folder that a test fills and imports into its tenant."""

    path: Path
    database: Database
    tenant_id: UUID

    def write(self, **files: str) -> "ImportFolder":
        """Write files by their names without ending; the text may be indented."""
        for name, text in files.items():
            (self.path / f"{name}.csv").write_text(dedent(text).lstrip("\n"), encoding="utf-8")
        return self

    async def take(self, **options: Any) -> imports.Report:
        """Import the folder."""
        wish = imports.Options(**options)
        return await imports.run(self.database, self.tenant_id, self.path, wish)

    async def refused(self, **options: Any) -> list[str]:
        """Import the folder, which must be refused; each problem as one line."""
        try:
            await self.take(**options)
        except ImportRefused as refusal:
            return [str(imports.Problem(**one)) for one in refusal.details["problems"]]
        raise AssertionError("the folder was imported")


def told(report: imports.Report) -> dict[str, tuple[int, int, int]]:
    """Made, changed and unchanged of each file, by its name without ending."""
    return {
        one.file.partition(".")[0]: (one.made, one.changed, one.unchanged) for one in report.files
    }
