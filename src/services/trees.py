"""Trees of one table: each node keeps the path of ids from its root down to itself."""

from collections.abc import Mapping
from typing import Any

from domain import ids
from domain.errors import Invalid
from models import records as statements
from models.session import Session
from services import records

DEPTH_MAX = 12


async def add(
    session: Session, table: Any, thing: str, prefix: str, values: Mapping[str, Any]
) -> Any:
    """Add a node under `parent_id`, or a root.

    The shape of the tree stays locked until the transaction ends.

    Raises:
        NotFound: there is no such parent.
        Invalid: the tree would be too deep, or a value breaks a rule.
        AlreadyExists: the id or a unique name is taken.
    """
    await session.one(statements.lock_whole(table))
    parent = await records.require(session, table, thing, values.get("parent_id"), "parentId")
    id = values.get("id") or ids.new(prefix)
    path = [*(parent.path if parent else []), id]
    _check_depth(len(path))
    added = {**values, "path": path}
    if not values.get("id"):
        added["id"] = id
    return await records.add(session, table, thing, prefix, added)


async def change(
    session: Session,
    table: Any,
    thing: str,
    id: str,
    values: Mapping[str, Any],
    expected_version: int | None,
) -> Any:
    """Change a node; with another `parent_id` it moves with all that is below it.

    Who names a parent locks the shape of the tree, before the node, until the transaction ends.

    Raises:
        NotFound: there is no such node or parent.
        StaleVersion: it is not at the expected version.
        Invalid: the parent is the node itself or below it, or the tree would be too deep.
        AlreadyExists: a unique name is taken.
    """
    if "parent_id" in values:
        await session.one(statements.lock_whole(table))
    row = await records.get_locked(session, table, thing, id, expected_version)
    if values.get("parent_id", row.parent_id) == row.parent_id:
        return await records.change(session, table, row, values)
    parent = await records.require(session, table, thing, values["parent_id"], "parentId")
    above = list(parent.path) if parent else []
    if row.id in above:
        raise Invalid("parentId", f"A {thing.lower()} cannot stand below itself.")
    height = await session.scalar(statements.height(table, row.id))
    _check_depth(len(above) + height)
    changed = await records.change(session, table, row, values)
    await session.run(statements.move_branch(table, row.id, above))
    return changed


def _check_depth(depth: int) -> None:
    if depth > DEPTH_MAX:
        raise Invalid("parentId", f"A tree has at most {DEPTH_MAX} levels.")
