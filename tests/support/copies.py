"""Databases to copy: what takes long to make is made once in a run, by the worker that is first."""

import fcntl
import os
import pickle
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TypeVar

from gateway.embedded import Handle

T = TypeVar("T")
Urls = tuple[str, str]


class Copies:
    """Gives a worker databases of its own that are copies of a blank one, or of a filled one.

    The filled ones are shared by the workers of a run, and removed by the last of them.
    """

    def __init__(self, server: Handle, blank: str, run: str) -> None:
        self._server = server
        self._blank = blank
        self._run = run
        self._given: list[str] = []
        self._folder = Path(tempfile.gettempdir()) / f"stockgraph-{os.getuid()}-{run}"
        self._folder.mkdir(exist_ok=True)
        self._use = (self._folder / "use").open("w")
        fcntl.flock(self._use, fcntl.LOCK_SH)

    def blank(self) -> Urls:
        """A database with all tables and no tenant."""
        return self._copy(self._blank)

    def of(self, name: str, fill: Callable[[Urls], T]) -> tuple[Urls, T]:
        """A copy of the database that `fill` has filled, and what it has told of it."""
        told = self._folder / name
        with _alone(told.with_suffix(".lock")):
            if not told.exists():
                source = self._source(name)
                self._server.drop_database(source)
                made = fill(self._server.create_database(source, self._blank))
                told.write_bytes(pickle.dumps(made))
            return self._copy(self._source(name)), pickle.loads(told.read_bytes())

    def drop(self) -> None:
        """Remove the copies of this worker, and what they are copies of when it is the last."""
        for name in self._given:
            self._server.drop_database(name)
        if not _is_alone(self._use):
            return
        for told in self._folder.glob("*"):
            if not told.suffix and told.name != "use":
                self._server.drop_database(self._source(told.name))
            told.unlink()
        self._folder.rmdir()

    def _source(self, name: str) -> str:
        return f"{name}_{self._run}"

    def _copy(self, source: str) -> Urls:
        name = f"{self._blank}_{len(self._given)}"
        self._given.append(name)
        self._server.drop_database(name)  # of a run that was killed
        return self._server.create_database(name, source)


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    with place.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _is_alone(file: IO[str]) -> bool:
    """Whether no other process holds the file; nobody holds it any more afterwards."""
    fcntl.flock(file, fcntl.LOCK_UN)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        file.close()
    return True
