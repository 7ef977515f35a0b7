"""Reference data that this process has read: kept by tenant, at one version of it.

Names of products and places change rarely and are asked for with every page. Each tenant has a
number that every write to reference data raises in its own transaction (`tenant_versions`), as does
the first posting of a product to a location. A snapshot in which the number is the kept one sees
the kept rows, so what is kept is never older than the snapshot that asks, not even by one request
and whichever process wrote. Policies begin and end by the clock as well: what is kept counts
between two such moments.
"""

import sys
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

_ENTRY_BYTES = 250  # of a row's own object and its places in dictionaries


@dataclass(frozen=True, slots=True)
class Epoch:
    """When reference data of one version counts: from `since` on, and before `until`."""

    version: int
    since: datetime | None = None
    until: datetime | None = None

    def holds(self, version: int, now: datetime) -> bool:
        """Whether it is what a snapshot of this version sees at this moment."""
        return (
            version == self.version
            and (self.since is None or self.since <= now)
            and (self.until is None or now < self.until)
        )


class Shelf:
    """What is kept of one tenant in one epoch: rows by list and id, and what is made of them.

    `room` is how many bytes of text that was written of rows may be kept.
    """

    def __init__(self, epoch: Epoch, room: int = 0) -> None:
        self.epoch = epoch
        self.room = room
        self.bytes = 0
        self._rows: dict[tuple[Hashable, str], Any] = {}
        self._things: dict[Hashable, Any] = {}

    def get(self, name: Hashable, id: str) -> Any:
        """The row, or None where it has not been read yet."""
        return self._rows.get((name, id))

    def put(self, name: Hashable, id: str, row: Any) -> None:
        """Keep a row that was read in this epoch."""
        self._rows[name, id] = row
        self.bytes += _ENTRY_BYTES + sum(map(sys.getsizeof, row))

    def thing(self, name: Hashable) -> Any:
        """What was made of rows and is kept under this name, or None."""
        return self._things.get(name)

    def keep(self, name: Hashable, thing: Any, size: int) -> None:
        """Keep something made of rows of this epoch, of about so many bytes."""
        self._things[name] = thing
        self.bytes += _ENTRY_BYTES + size


class References:
    """The shelves of a process, those that were used last, up to about so many bytes.

    What a tenant has at an older version is dropped when a newer one is seen. A snapshot that is
    older than the shelf gets a shelf for itself.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._shelves: OrderedDict[UUID, Shelf] = OrderedDict()

    def latest(self, tenant_id: UUID) -> Shelf | None:
        """The shelf that was used last; whoever reads from it must compare its epoch."""
        shelf = self._shelves.get(tenant_id)
        if shelf is not None:
            self._shelves.move_to_end(tenant_id)
            self._shrink()
        return shelf

    def of(self, tenant_id: UUID, version: int, now: datetime) -> Shelf | None:
        """The shelf for what this tenant has at this version and moment, where there is one."""
        shelf = self._shelves.get(tenant_id)
        if shelf is None or not shelf.epoch.holds(version, now):
            return None
        self._shelves.move_to_end(tenant_id)
        self._shrink()
        return shelf

    def begin(self, tenant_id: UUID, epoch: Epoch) -> Shelf:
        """A shelf for this epoch, kept for others unless a newer version was seen."""
        shelf = Shelf(epoch, room=self._max_bytes // 2)
        known = self._shelves.get(tenant_id)
        if known is None or known.epoch.version <= epoch.version:
            self._shelves[tenant_id] = shelf
            self._shelves.move_to_end(tenant_id)
            self._shrink()
        return shelf

    @property
    def bytes(self) -> int:
        """About how much is kept."""
        return sum(shelf.bytes for shelf in self._shelves.values())

    def _shrink(self) -> None:
        """Drop what was used longest ago; one that is too large by itself begins anew."""
        while self._shelves and self.bytes > self._max_bytes:
            self._shelves.popitem(last=False)
