"""A server of its own, which may be killed."""

import contextlib
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from server_user import postgres_processes


@pytest.fixture
def root() -> Iterator[Path]:
    """A folder that every user of the system may pass, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="sg-crash-")).resolve()
    folder.chmod(0o755)
    yield folder / "root"
    for process in postgres_processes(folder / "root"):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)
