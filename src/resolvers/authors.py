"""Who did something, as records keep it."""

import strawberry

from resolvers.fields import output


@output
class Author:
    """The key with which something was done, as it was named then."""

    id: strawberry.ID
    """The key's id; `system` for what was done from the command line."""

    name: str
    """The key's name."""

    @classmethod
    def of(cls, id: str | None, name: str | None) -> "Author | None":
        """This author as the graph shows it; None where nobody was kept."""
        return cls(id=strawberry.ID(id), name=name) if id and name else None
