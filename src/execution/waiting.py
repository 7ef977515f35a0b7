"""What an answer waits for, and how it is filled in when it has come.

While fields are resolved nobody waits; what is not there yet leaves an entry in `Run.pending`. An
entry knows the dict or list and the key where its value belongs. The entries of one container
become one `Group`. Order and cancellation are those of graphql-core: the members of a group run at
once, each as a task; the first that fails cancels the others.
"""

from collections.abc import Callable, Coroutine, Sequence
from inspect import iscoroutine
from typing import Any

from graphql import GraphQLError
from graphql.pyutils import gather_with_cancel

from execution.batching import Batch, Loading
from execution.running import Position, Run

Fill = Callable[[Run, Any, Position], Any]


class Waiting:
    """A value that is not there yet; `fill` makes the answer's value of it.

    `place` handles errors. `container` is set when the dict or list is made.
    """

    __slots__ = ("awaitable", "container", "fill", "place", "position")

    def __init__(self, place: Any, position: Position, awaitable: Any, fill: Fill) -> None:
        self.place = place
        self.position = position
        self.awaitable = awaitable
        self.fill = fill
        self.container: Any = None

    async def settle(self, run: Run) -> None:
        """Wait, and fill the value in.

        Raises:
            GraphQLError: it failed, and may not be null.
        """
        key = self.position[1]
        try:
            value = await self.awaitable
            self.container[key] = self.fill(run, value, self.position)
            if run.pending:
                await self._further(run).settle(run)
        except Exception as error:  # noqa: BLE001 - a resolver may raise anything
            self.container[key] = self.place.fail(run, error, self.position, 0)

    def begin(self, run: Run) -> Any:
        """Fill in what has come with its batch; the entry that the value itself waits for."""
        key = self.position[1]
        try:
            self.container[key] = self.fill(run, self.awaitable.value(), self.position)
        except Exception as error:  # noqa: BLE001 - a resolver may raise anything
            self.container[key] = self.place.fail(run, error, self.position, 0)
        if not run.pending:
            return None
        entry = self._further(run)
        if self.place.is_required or entry.place is self.place:
            return entry
        guard = Guard(self.place, self.position, entry)
        guard.container = self.container
        return guard

    def _further(self, run: Run) -> Any:
        """The entry that the value waits for in turn; it may stand at the same place."""
        entry = run.pending.pop()
        if entry.container is None:
            entry.container = self.container
        return entry

    async def settle_alone(self, run: Run) -> None:
        """Wait although nobody wants the value."""
        self.container = {}
        await self.settle(run)

    def close(self) -> None:
        """Give up without a loop in which to wait."""
        if iscoroutine(self.awaitable):
            self.awaitable.close()


class Guard:
    """A value that is there and waits for something inside; it is null if that fails."""

    __slots__ = ("_inner", "container", "is_null", "outer", "place", "position")

    def __init__(self, place: Any, position: Position, inner: Any) -> None:
        self.place = place
        self.position = position
        self._inner = inner
        self.container: Any = None
        self.outer: Guard | None = None
        self.is_null = False

    @property
    def inner(self) -> Any:
        """What it waits for."""
        return self._inner

    async def settle(self, run: Run) -> None:
        """Wait; a failure inside ends here."""
        try:
            await self._inner.settle(run)
        except Exception as error:  # noqa: BLE001 - whatever comes is noted here
            self.end(run, error)

    def end(self, run: Run, error: Exception) -> None:
        """Make the value null because of this error inside."""
        self.is_null = True
        self.container[self.position[1]] = self.place.fail(run, error, self.position, 0)

    @property
    def is_given_up(self) -> bool:
        """Whether it, or something around it, has become null."""
        around: Guard | None = self
        while around is not None:
            if around.is_null:
                return True
            around = around.outer
        return False

    async def settle_alone(self, run: Run) -> None:
        """Wait although nobody wants the value."""
        self.container = {}
        await self.settle(run)

    def close(self) -> None:
        """Give up without a loop in which to wait."""
        self._inner.close()


class Group:
    """Everything that one dict or list waits for, in the order of its keys."""

    __slots__ = ("members",)
    place = None
    container = ()  # it is filled in through its members

    def __init__(self, members: Sequence[Any]) -> None:
        self.members = members

    async def settle(self, run: Run) -> None:
        """Wait for all.

        Raises:
            GraphQLError: one failed that may not be null.
        """
        await _settle(run, [(member, None) for member in self.members])

    settle_alone = settle

    def close(self) -> None:
        """Give up without a loop in which to wait."""
        for member in self.members:
            member.close()


def collect(pending: list[Any], mark: int, container: Any) -> None:
    """Tell the entries since this mark their container, and make one of several."""
    own = pending[mark:]
    for entry in own:
        if entry.container is None:
            entry.container = container
    if len(own) > 1:
        pending[mark:] = [Group(own)]


_Load = tuple[Waiting, Guard | None]  # each with the guard around it
_Entry = tuple[Any, Guard | None]


def _loads(entry: Any, guard: Guard | None) -> list[_Load] | None:
    """The loads of an entry that waits for nothing else, each with the guard around it."""
    if isinstance(entry, Waiting):
        return [(entry, guard)] if isinstance(entry.awaitable, Loading) else None
    if isinstance(entry, Guard):
        entry.outer = guard
        return _loads(entry.inner, entry)
    found: list[_Load] = []
    for member in entry.members:
        inner = _loads(member, guard)
        if inner is None:
            return None
        found += inner
    return found


async def _settle(run: Run, entries: list[_Entry]) -> None:
    """Wait for entries; the loads of a batch are one of the things that are waited for at once.

    Raises:
        GraphQLError: one failed that no guard takes.
    """
    by_batch: dict[Batch, list[_Load]] = {}
    works: list[Coroutine[Any, Any, None]] = []
    for entry, guard in entries:
        found = _loads(entry, guard)
        if found is None:
            works.append(_guarded(run, entry, guard))
            continue
        for load in found:
            batch = load[0].awaitable.batch
            if batch not in by_batch:
                by_batch[batch] = []
                works.append(_settle_batch(run, batch, by_batch[batch]))
            by_batch[batch].append(load)
    if len(works) == 1:
        await works[0]
    elif works:
        await gather_with_cancel(*works)


async def _settle_batch(run: Run, batch: Batch, loads: list[_Load]) -> None:
    """Fill in the loads of a batch when it comes, all in one go, and wait for what is in them."""
    if not batch.is_done:
        await batch.wait()
    await _settle(run, _begun(run, loads))


def _begun(run: Run, loads: list[_Load]) -> list[_Entry]:
    """Fill in what has come, and give what that waits for, each with the guard around it."""
    further: list[_Entry] = []
    failures: list[tuple[GraphQLError, Guard | None]] = []
    for load, guard in loads:
        if _is_given_up((load, guard)):
            continue
        try:
            entry = load.begin(run)
        except GraphQLError as error:
            failures.append((error, guard))
        else:
            if entry is not None:
                further.append((entry, guard))
    _end(run, failures, further)
    _close([one for one in further if _is_given_up(one)])
    return [one for one in further if not _is_given_up(one)]


def _end(
    run: Run, failures: list[tuple[GraphQLError, Guard | None]], further: list[_Entry]
) -> None:
    """Make null what these failures are in.

    Raises:
        GraphQLError: one is in nothing that can be null here.
    """
    for failure, guard in failures:
        if guard is None:
            _close(further)
            raise failure
        if not guard.is_given_up:
            guard.end(run, failure)


def _is_given_up(entry: _Entry) -> bool:
    return entry[1] is not None and entry[1].is_given_up


def _close(entries: list[_Entry]) -> None:
    for entry, _ in entries:
        entry.close()


async def _guarded(run: Run, entry: Any, guard: Guard | None) -> None:
    try:
        await entry.settle(run)
    except Exception as error:
        if guard is None:
            raise
        guard.end(run, error)
