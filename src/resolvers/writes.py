"""What every write of a record has in common: its arguments, and what it gives back."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import strawberry

from models.session import Session
from resolvers.fields import Needs, guarded, output
from resolvers.kind import Kind
from resolvers.lists import Info
from resolvers.scalars import Position
from services import atp, preview
from services.idempotency import Once

IDEMPOTENCY = (
    "The act is done once for all who ask with this key and the same request within 24 hours; "
    "all of them get the first answer."
)
DRY_RUN = "Check everything and keep nothing."


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
            idempotency_key: str | None = None,
            dry_run: bool = False,  # noqa: FBT001, FBT002 - an argument of the graph
        ) -> Any:
            manner = Manner.of(info, idempotency_key, dry_run=dry_run)
            return await _write(info, kind, payload, act_of(self, input), manner)

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
        async def resolver(  # noqa: PLR0913, PLR0917 - arguments of the graph
            self: Any,
            info: Info,
            id: strawberry.ID,
            input: Any,
            expected_version: int | None = None,
            idempotency_key: str | None = None,
            dry_run: bool = False,  # noqa: FBT001, FBT002 - an argument of the graph
        ) -> Any:
            act = act_of(self, id, input, expected_version)
            manner = Manner.of(info, idempotency_key, dry_run=dry_run)
            return await _write(info, kind, payload, act, manner)

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
            idempotency_key: str | None = None,
            dry_run: bool = False,  # noqa: FBT001, FBT002 - an argument of the graph
        ) -> Any:
            manner = Manner.of(info, idempotency_key, dry_run=dry_run)
            return await delete(info, use_case, id, expected_version, manner=manner)

        texts = {"id": f"The {_noun(kind)}'s id.", "expected_version": _STALE}
        return _field(resolver, method, texts, {"return": DeletePayload}, needs)

    return declare


def acts(
    input_type: Any, payload: Any, *, needs: Needs, as_actor: bool = False
) -> Callable[[Callable[..., Act]], Any]:
    """Make the method a field that does one act of business.

    The method gives the use case behind the input; its docstring describes the field. The use
    case takes a session and the author (`as_actor`: the actor with all of its rights) before its
    own arguments, and its outcome tells what it `touched`. The payload is made `of` the outcome,
    the write's position, and the preview of a dry run.
    """

    def declare(act_of: Callable[..., Act]) -> Any:
        async def resolver(
            self: Any,
            info: Info,
            input: Any,
            idempotency_key: str | None = None,
            dry_run: bool = False,  # noqa: FBT001, FBT002 - an argument of the graph
        ) -> Any:
            manner = Manner.of(info, idempotency_key, dry_run=dry_run)
            use_case, *args = act_of(self, input)
            actor = info.context.actor
            who = actor if as_actor else actor.author
            outcome, seen, moment = await manner.perform(
                info, _rehearsed if dry_run else _done, use_case, who, *args
            )
            return payload.of(outcome, Position(moment.position), seen)

        texts = {"input": "What is to be done."}
        return _field(resolver, act_of, texts, {"input": input_type, "return": payload}, needs)

    return declare


def acts_on(
    input_type: Any, payload: Any, *, needs: Needs, as_actor: bool = False
) -> Callable[[Callable[..., Act]], Any]:
    """Make the method a field that does one act of business on the thing with an id.

    As with `acts`, but that the method takes the id and the input, which may be left out where its
    type may be null.
    """

    def declare(act_of: Callable[..., Act]) -> Any:
        async def resolver(
            self: Any,
            info: Info,
            id: strawberry.ID,
            input: Any = None,
            idempotency_key: str | None = None,
            dry_run: bool = False,  # noqa: FBT001, FBT002 - an argument of the graph
        ) -> Any:
            manner = Manner.of(info, idempotency_key, dry_run=dry_run)
            use_case, *args = act_of(self, id, input or None)
            actor = info.context.actor
            who = actor if as_actor else actor.author
            outcome, seen, moment = await manner.perform(
                info, _rehearsed if dry_run else _done, use_case, who, *args
            )
            return payload.of(outcome, Position(moment.position), seen)

        texts = {"id": "Its id.", "input": "What is to be done."}
        return _field(resolver, act_of, texts, {"input": input_type, "return": payload}, needs)

    return declare


@dataclass(frozen=True, slots=True)
class Manner:
    """How an act is to be done: for once, or not at all."""

    once: Once | None
    dry_run: bool

    @classmethod
    def of(cls, info: Info, key: str | None, *, dry_run: bool) -> "Manner":
        """The manner in which this field was asked."""
        path: Any = info.path
        once = info.context.once(key, info.field_name, path.as_list())
        return cls(None if dry_run else once, dry_run)

    async def perform(self, info: Info, use_case: Any, *args: Any) -> Any:
        """What the use case gives, done in this manner."""
        return await info.context.perform(use_case, *args, once=self.once, dry_run=self.dry_run)


_STALE = "Refused with `STALE_VERSION` when it stands at another version."


def _noun(kind: Kind) -> str:
    """`ChannelQuota` is a channel quota."""
    return "".join(f" {c.lower()}" if c.isupper() else c for c in kind.name).strip()


def _field(
    resolver: Any, method: Any, texts: Mapping[str, str], types: Mapping[str, Any], needs: Needs
) -> Any:
    lines = [f"    {name}: {text}" for name, text in texts.items()]
    lines += [f"    idempotency_key: {IDEMPOTENCY}", f"    dry_run: {DRY_RUN}"]
    resolver.__name__ = method.__name__
    resolver.__module__ = method.__module__
    resolver.__doc__ = "\n".join([inspect.cleandoc(method.__doc__), "", "Args:", *lines])
    resolver.__annotations__ |= types
    return guarded(needs=needs)(resolver)


async def _write(info: Info, kind: Kind, payload: Any, act: Act, manner: Manner) -> Any:
    done = await write(info, kind, *act, manner=manner)
    shown = next(iter(payload.__annotations__))
    return payload(**{shown: done.node, "position": done.position})


async def write(info: Info, kind: Kind, use_case: Any, *args: Any, manner: Manner) -> Written:
    """Run a use case that gives a row of this kind, and show the row as it then stands."""
    node, moment = await manner.perform(info, _shown, kind, use_case, *args)
    return Written(kind.type.of(node), Position(moment.position))


async def delete(info: Info, use_case: Any, id: str, *args: Any, manner: Manner) -> DeletePayload:
    """Run a use case that deletes what has this id."""
    moment = await manner.perform(info, _gone, use_case, id, *args)
    return DeletePayload(id=strawberry.ID(id), position=Position(moment.position))


async def _shown(session: Session, kind: Kind, use_case: Any, *args: Any) -> Any:
    row = await use_case(session, *args)
    found: Mapping[str, Any] = await kind.reader.by_ids(session, [row.id])
    return found[row.id], await atp.moment_of_write(session)


async def _done(session: Session, use_case: Any, *args: Any) -> Any:
    return await use_case(session, *args), None, await atp.moment_of_write(session)


async def _rehearsed(session: Session, use_case: Any, *args: Any) -> Any:
    outcome, seen = await preview.rehearse(session, use_case, *args)
    return outcome, seen, await atp.moment_of_write(session)


async def _gone(session: Session, use_case: Any, *args: Any) -> Any:
    await use_case(session, *args)
    return await atp.moment_of_write(session)
