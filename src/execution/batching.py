"""Loads by key, joined into one call a level: what a resolver gives in place of a future.

A `Loading` may be awaited like any awaitable. The executor does not await one by one: it fills
all that belong to a batch when the batch has come, so that a key costs neither a future nor a task.
"""

import asyncio
from collections.abc import Awaitable, Callable, Generator, Hashable, Mapping, Sequence
from typing import Any

Read = Callable[[list[Any]], Awaitable[Mapping[Any, Any]]]
Then = Callable[[Any], Any]


class Batch:
    """The keys of one call, and what it gave; those that were not found are None."""

    __slots__ = ("_is_lost", "_waiters", "error", "is_done", "keys", "values")

    def __init__(self) -> None:
        self.keys: list[Any] = []
        self.values: Mapping[Any, Any] = {}
        self.error: Exception | None = None
        self.is_done = False
        self._is_lost = False  # the call was cancelled: nothing comes any more
        self._waiters: list[asyncio.Future[None]] = []

    def value(self, key: Hashable) -> Any:
        """What was found for this key, when the batch has come.

        Raises:
            Exception: the call failed.
        """
        if self.error is not None:
            raise self.error
        return self.values.get(key)

    def wait(self) -> "asyncio.Future[None]":
        """A future of the caller's own: who cancels it takes the batch from nobody else."""
        waiter = asyncio.get_running_loop().create_future()
        if self.is_done:
            waiter.set_result(None)
        elif self._is_lost:
            waiter.cancel()
        else:
            self._waiters.append(waiter)
        return waiter

    async def run(self, read: Read) -> None:
        """Make the call."""
        try:
            self.values = await read(self.keys)
        except Exception as error:  # noqa: BLE001 - raised again where the values are wanted
            self.error = error
        except BaseException:
            self._is_lost = True
            for waiter in self._waiters:
                waiter.cancel()
            raise
        self.is_done = True
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)


class Loading:
    """A value that comes with its batch."""

    __slots__ = ("_key", "_then", "batch")

    def __init__(self, batch: Batch, key: Hashable, then: Then | None = None) -> None:
        self.batch = batch
        self._key = key
        self._then = then

    @property
    def is_there(self) -> bool:
        """Whether the batch has come."""
        return self.batch.is_done

    def then(self, function: Then) -> "Loading":
        """The same, passed through this function when it has come."""
        if self._then is None:
            return Loading(self.batch, self._key, function)
        before = self._then
        return Loading(self.batch, self._key, lambda value: function(before(value)))

    def value(self) -> Any:
        """The value, when the batch has come.

        Raises:
            Exception: the call failed, or what the value is passed through.
        """
        found = self.batch.value(self._key)
        return found if self._then is None else self._then(found)

    def __await__(self) -> Generator[Any, None, Any]:
        if not self.batch.is_done:
            yield from self.batch.wait().__await__()
        return self.value()


class Loader:
    """Loads by one function; each key once, unless its call fails.

    The function takes the keys in the order in which they were asked for.
    """

    def __init__(self, read: Read) -> None:
        self._read = read
        self._known: dict[Hashable, Batch] = {}
        self._next: Batch | None = None
        self._running: set[asyncio.Task[None]] = set()

    def load(self, key: Hashable) -> Loading:
        """The value of this key, asked for together with all that are asked for now."""
        batch = self._known.get(key)
        if batch is None or batch.error is not None:
            batch = self._next
            if batch is None:
                batch = self._next = Batch()
                # The tasks of a level begin in the loop's next round: they join in.
                loop = asyncio.get_running_loop()
                loop.call_soon(loop.call_soon, self._dispatch)
            batch.keys.append(key)
            self._known[key] = batch
        return Loading(batch, key)

    async def load_many(self, keys: Sequence[Hashable]) -> list[Any]:
        """The values of these keys, in their order."""
        return [await loading for loading in [self.load(key) for key in keys]]

    def prime(self, key: Hashable, value: object) -> None:
        """Keep a value that was read in another way, unless there is one."""
        if key not in self._known:
            batch = self._known[key] = Batch()
            batch.values, batch.is_done = {key: value}, True

    def _dispatch(self) -> None:
        batch, self._next = self._next, None
        assert batch is not None, "it was made when this was asked for"
        task = asyncio.ensure_future(batch.run(self._read))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
