"""What the tests of imports start from."""

from pathlib import Path

import pytest

from folders import ImportFolder
from world import World


@pytest.fixture
def folder(world: World, tmp_path: Path) -> ImportFolder:
    """An empty folder that is imported into the test's tenant."""
    path = tmp_path / "company"
    path.mkdir()
    return ImportFolder(path, world.database, world.tenant_id)
