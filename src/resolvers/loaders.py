"""Every batched read of the graph: one loader a statement, made when it is first asked."""

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Any

from execution.batching import Loader, Loading

Read = Callable[..., Awaitable[Any]]
ByKeys = Callable[..., Awaitable[Mapping[Any, Any]]]


class Loaders:
    """The loaders of one operation, until its next write.

    A batch function takes a session, the keys and further arguments, and gives a mapping; what is
    missing in it is None. One loader serves each function with the same further arguments.
    """

    def __init__(self, read: Read) -> None:
        self._read = read
        self._loaders: dict[Hashable, Loader] = {}
        # What has been made to show rows, by kind and id: many fields point at the same.
        self.shown: dict[tuple[str, str], Any] = {}

    def load(self, function: ByKeys, key: Hashable, *arguments: Hashable) -> Loading:
        """What the function gives for this key, or None; asked together with its siblings.

        A field that gives it as it is, passed through its `then`, costs less than one that awaits.
        """
        return self._loader(function, arguments).load(key)

    async def load_many(
        self, function: ByKeys, keys: Sequence[Hashable], *arguments: Hashable
    ) -> list[Any]:
        """What the function gives for each of these keys, in their order, None where missing."""
        return await self._loader(function, arguments).load_many(keys)

    def prime(self, function: ByKeys, key: Hashable, value: object, *arguments: Hashable) -> None:
        """Keep a value that another statement has read already."""
        self._loader(function, arguments).prime(key, value)

    def _loader(self, function: ByKeys, arguments: tuple[Hashable, ...]) -> Loader:
        name = (function, *arguments)
        loader = self._loaders.get(name)
        if loader is None:

            async def read(keys: list[Any]) -> Mapping[Any, Any]:
                found: Mapping[Any, Any] = await self._read(function, keys, *arguments)
                return found

            loader = self._loaders[name] = Loader(read)
        return loader
