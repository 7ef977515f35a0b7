"""Who is asking."""

from dataclasses import dataclass
from uuid import UUID

from domain.errors import Forbidden
from domain.permissions import Permission


@dataclass(frozen=True, slots=True)
class Author:
    """Who did something, as a record keeps it."""

    id: str
    name: str


SYSTEM = Author("system", "Stockgraph")


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The key behind a request: its tenant, its name and what it may do."""

    tenant_id: UUID
    key_id: str
    name: str
    permissions: frozenset[Permission]

    @property
    def author(self) -> Author:
        """This actor as a record keeps it."""
        return Author(self.key_id, self.name)

    def require(self, *needs: Permission) -> None:
        """Refuse unless all of these permissions are held.

        Raises:
            Forbidden: one of them is not; `details.required` names all that the act needs.
        """
        if not self.permissions.issuperset(needs):
            raise Forbidden(required=sorted(needs))
