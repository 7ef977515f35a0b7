"""What every write of a record has in common: its arguments, and what it gives back."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import strawberry

from models.session import Session
from resolvers.fields import Needs, guarded, output
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


Act = tuple[Any, ...]  # a use case and its arguments after the session


def creates(
    kind: Kind, input_type: Any, payload: Any, *, needs: Needs
) -> Callable[[Callable[[Any, Any], Act]], Any]:
    """Make the method a field that makes a record; it gives the use case behind the input.

    Its docstring describes the field. The payload's first field shows the record.
    """

    def declare(act_of: Callable[[Any, Any], Act]) -> Any:
        async def resolver(
            self: Any,
            info: Info,
            input: Any,
            dry_run: bool = False,  # noqa: FBT001, FBT002 - an argument of the graph
        ) -> Any:
            return await _write(info, kind, payload, act_of(self, input), dry_run=dry_run)

        texts = {"input": f"The {_noun(kind)}."}
        return _field(resolver, act_of, texts, {"input": input_type, "return": payload}, needs)

    return declare


def updates(
    kind: Kind, input_type: Any, payload: Any, *, needs: Needs
) -> Callable[[Callable[[Any, str, Any, int | None], Act]], Any]:
    """Make the method a field that changes a record; it gives the use case behind the arguments.

    Its docstring describes the field. The payload's first field shows the record.
    """

    def declare(act_of: Callable[[Any, str, Any, int | None], Act]) -> Any:
        async def resolver(
            self: Any,
            info: Info,
            id: strawberry.ID,
            input: Any,
            expected_version: int | None = None,
            dry_run: bool = False,  # noqa: FBT001, FBT002 - an argument of the graph
        ) -> Any:
            act = act_of(self, id, input, expected_version)
            return await _write(info, kind, payload, act, dry_run=dry_run)

        texts = {
            "id": f"The {_noun(kind)}'s id.",
            "input": "What is to be changed; what is left out stays.",
            "expected_version": _STALE,
        }
        return _field(resolver, act_of, texts, {"input": input_type, "return": payload}, needs)

    return declare


def deletes(kind: Kind, use_case: Any, *, needs: Needs) -> Callable[[Callable[[Any], None]], Any]:
    """Make the method a field that deletes a record; its docstring describes the field."""

    def declare(method: Callable[[Any], None]) -> Any:
        async def resolver(
            self: Any,  # noqa: ARG001 - fields have their object first
            info: Info,
            id: strawberry.ID,
            expected_version: int | None = None,
            dry_run: bool = False,  # noqa: FBT001, FBT002 - an argument of the graph
        ) -> Any:
            return await delete(info, use_case, id, expected_version, dry_run=dry_run)

        texts = {"id": f"The {_noun(kind)}'s id.", "expected_version": _STALE}
        return _field(resolver, method, texts, {"return": DeletePayload}, needs)

    return declare


_STALE = "Refused with `STALE_VERSION` when it stands at another version."


def _noun(kind: Kind) -> str:
    """`ChannelQuota` is a channel quota."""
    return "".join(f" {c.lower()}" if c.isupper() else c for c in kind.name).strip()


def _field(
    resolver: Any, method: Any, texts: Mapping[str, str], types: Mapping[str, Any], needs: Needs
) -> Any:
    lines = [f"    {name}: {text}" for name, text in texts.items()]
    lines.append("    dry_run: Check everything and keep nothing.")
    resolver.__name__ = method.__name__
    resolver.__module__ = method.__module__
    resolver.__doc__ = "\n".join([inspect.cleandoc(method.__doc__), "", "Args:", *lines])
    resolver.__annotations__ |= types
    return guarded(needs=needs)(resolver)


async def _write(info: Info, kind: Kind, payload: Any, act: Act, *, dry_run: bool) -> Any:
    done = await write(info, kind, *act, dry_run=dry_run)
    shown = next(iter(payload.__annotations__))
    return payload(**{shown: done.node, "position": done.position})


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
