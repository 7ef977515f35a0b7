"""Two file locks: who is starting or stopping the server, and who is using it.

The kernel drops a process's locks when it ends in whatever way, so a kill -9 leaves no stale user.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def starting(root: Path) -> Iterator[None]:
    """Hold `start.lock` alone: nobody else starts or stops this folder's server meanwhile.

    Waits for as long as another process holds it.
    """
    descriptor = _open(root / "start.lock")
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


class Use:
    """One use of the server, from construction to `leave`; counted by the kernel."""

    def __init__(self, root: Path) -> None:
        self._descriptor = _open(root / "users.lock")
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def is_last(self) -> bool:
        """Say whether nobody else uses the server. Ask only within `starting`.

        Answering trades the shared lock for an exclusive one, so a use that was the last stays
        alone until `leave`.
        """
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def leave(self) -> None:
        """Give the use back."""
        os.close(self._descriptor)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
