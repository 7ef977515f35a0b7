"""Finds what kind of thing an id belongs to."""

from collections.abc import Mapping, Sequence

from models.lists import nodes
from models.session import Session


async def kinds_by_id(session: Session, ids: Sequence[str]) -> Mapping[str, str]:
    """The kind of each of these ids, in one statement; the first in `nodes.KINDS` if several."""
    ranks = {name: rank for rank, name in enumerate(nodes.KINDS)}
    rows = await session.all(nodes.kinds_of(ids))
    found = sorted(rows, key=lambda row: ranks[row.kind], reverse=True)
    return {row.id: row.kind for row in found}
