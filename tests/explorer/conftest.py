from pathlib import Path

import pytest

from explorer_checkout import Checkout


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    """A checkout whose explorer is not built yet."""
    return Checkout(tmp_path, monkeypatch)
