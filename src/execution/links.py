"""Fields that give a thing by an id that their object has in it.

Most of an answer's fields that are resolved are of this sort, and nearly all of them point at what
another field has shown already, or ask for the id alone: neither takes more than the object.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from graphql import FieldNode

LINK = "link"  # the attribute of a resolver that says so
ASK = object()  # the resolver has to be asked


class Link(NamedTuple):
    """What a resolver says of itself.

    What one that is closed gives is kept reference data, or was read with the object: then the mark
    of what is written once is of it too. `id_of` gives the id of the thing, or None without one;
    `at_hand` takes the context as well, and gives `ASK` where it cannot tell.
    """

    is_closed: bool
    id_of: Callable[[Any], str | None] | None = None
    at_hand: Callable[[Any, Any], Any] | None = None


def asks_id_only(nodes: Sequence[FieldNode]) -> bool:
    """Whether nothing but the id of a thing is selected, and its type's name."""
    return all(
        isinstance(selection, FieldNode) and selection.name.value in ("id", "__typename")
        for node in nodes
        for selection in (node.selection_set.selections if node.selection_set else ())
    )
