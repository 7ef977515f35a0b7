"""Reference data that this process has read: kept by tenant, at one version of it.

Names of products and places change rarely and are asked for with every page. Each tenant has a
number that every write to reference data raises in its own transaction (`tenant_versions`). A
snapshot in which the number is the kept one sees the kept rows, so what is kept is never older than
the snapshot that asks, not even by one request and whichever process wrote.
"""

import sys
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any
from uuid import UUID

_ENTRY_BYTES = 250  # of a row's own object and its places in dictionaries


class Shelf:
    """What is kept of one tenant at one version, by the name of a list and the id of a row."""

    def __init__(self, version: int) -> None:
        self.version = version
        self.bytes = 0
        self._rows: dict[tuple[Hashable, str], Any] = {}

    def get(self, name: Hashable, id: str) -> Any:
        """The row, or None where it has not been read yet."""
        return self._rows.get((name, id))

    def put(self, name: Hashable, id: str, row: Any) -> None:
        """Keep a row that was read at this version."""
        self._rows[name, id] = row
        self.bytes += _ENTRY_BYTES + sum(map(sys.getsizeof, row))


class References:
    """The shelves of a process, those that were used last, up to about so many bytes.

    What a tenant has at an older version is dropped when a newer one is seen. A snapshot that is
    older than the shelf gets a shelf for itself.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._shelves: OrderedDict[UUID, Shelf] = OrderedDict()

    def of(self, tenant_id: UUID, version: int) -> Shelf:
        """The shelf for what this tenant has at this version."""
        shelf = self._shelves.get(tenant_id)
        if shelf is None or shelf.version < version:
            shelf = self._shelves[tenant_id] = Shelf(version)
        self._shelves.move_to_end(tenant_id)
        self._shrink()
        return shelf if shelf.version == version else Shelf(version)

    @property
    def bytes(self) -> int:
        """About how much is kept."""
        return sum(shelf.bytes for shelf in self._shelves.values())

    def _shrink(self) -> None:
        """Drop what was used longest ago; one that is too large by itself begins anew."""
        while self._shelves and self.bytes > self._max_bytes:
            self._shelves.popitem(last=False)
