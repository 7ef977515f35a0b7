"""What every write of a record has in common: its arguments, and what it gives back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import strawberry

from models.session import Session
from resolvers.fields import output
from resolvers.kinds import Kind
from resolvers.lists import Info
from resolvers.scalars import Position
from services import atp


@dataclass(frozen=True, slots=True)
class Written:
    """A record as it stands after a write, as the graph shows it, and the write's position."""

    node: Any
    position: Position


@output
class DeletePayload:
    """What was deleted."""

    id: strawberry.ID
    """The id that names nothing any longer."""

    position: Position
    """The first position at which it is gone."""


def given(input: Any) -> dict[str, Any]:
    """The fields of an input that are given, null ones included."""
    return {name: value for name, value in vars(input).items() if value is not strawberry.UNSET}


async def write(info: Info, kind: Kind, use_case: Any, *args: Any, dry_run: bool) -> Written:
    """Run a use case that gives a row of this kind, and show the row as it then stands."""
    node, moment = await info.context.perform(_shown, kind, use_case, *args, dry_run=dry_run)
    return Written(kind.type.of(node), Position(moment.position))


async def delete(info: Info, use_case: Any, id: str, *args: Any, dry_run: bool) -> DeletePayload:
    """Run a use case that deletes what has this id."""
    moment = await info.context.perform(_gone, use_case, id, *args, dry_run=dry_run)
    return DeletePayload(id=strawberry.ID(id), position=Position(moment.position))


async def _shown(session: Session, kind: Kind, use_case: Any, *args: Any) -> Any:
    row = await use_case(session, *args)
    found: Mapping[str, Any] = await kind.reader.by_ids(session, [row.id])
    return found[row.id], await atp.moment_of_write(session)


async def _gone(session: Session, use_case: Any, *args: Any) -> Any:
    await use_case(session, *args)
    return await atp.moment_of_write(session)
