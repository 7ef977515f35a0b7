"""Fields that list a kind: their arguments, and how what is asked becomes a connection."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from enum import Enum
from types import NoneType
from typing import Any, NamedTuple, get_args

import strawberry
from typing_extensions import override

from domain.errors import Invalid
from domain.pages import ListWish, Page
from execution.batching import Loading
from execution.links import ASK, LINK, Link, asks_id_only
from resolvers.fields import ANY_KEY, Needs, guarded, plain
from resolvers.filters.ranges import DateRange, DateTimeRange, Direction, QuantityRange
from resolvers.kind import Kind
from resolvers.pages import WINDOW_TEXTS, Connection, Listed, Window
from resolvers.past import looks_back
from resolvers.scalars import Cursor


class Info(strawberry.Info[Any, Any]):
    """What a resolver is told. Its context reads the moment that a field above has asked for."""

    @property
    @override
    def context(self) -> Any:
        raw = self._raw_info
        return raw.context.at(raw.path)


def listed(
    kind: Kind,
    by: str | None = None,
    *,
    needs: Needs | None = None,
    order: str | None = None,
    dated: bool = False,
) -> Callable[[Callable[[Any], Any]], Any]:
    """Make the method a field that lists a kind, with filter, order and window.

    The method gives the id of the thing on which the list hangs by its column `by`; that of a
    whole list gives None. Its docstring describes the field. `order` goes before the kind's own.
    A `dated` list can be asked for as it was at a former moment.
    """
    usual = order or kind.order

    def declare(owner_of: Callable[[Any], Any]) -> Any:
        resolver = _resolver(kind, by, usual, owner_of)
        resolver.__name__ = owner_of.__name__
        resolver.__module__ = owner_of.__module__
        resolver.__doc__ = _text(owner_of.__doc__ or "", kind, usual)
        node: Any = kind.annotation()
        resolver.__annotations__ |= {
            "filter": kind.input("Filter") | None,
            "order_by": kind.input("Order") | None,
            "return": Connection[node],
        }
        shown = looks_back(resolver) if dated else resolver
        return guarded(needs=kind.needs if needs is None else needs)(shown)

    return declare


def _resolver(kind: Kind, by: str | None, usual: str, owner_of: Callable[[Any], Any]) -> Any:
    def resolver(  # noqa: PLR0913 - the arguments of every connection
        self: Any,
        info: Info,
        *,
        filter: Any = None,
        order_by: Any = None,
        first: int | None = None,
        after: Cursor | None = None,
        last: int | None = None,
        before: Cursor | None = None,
        page: int | None = None,
    ) -> Any:
        window = Window(first=first, after=after, last=last, before=before, page=page)
        asked = _Asked(kind, by, owner_of(self), *_terms(kind, usual, filter, order_by))
        return Connection(listed=_listed(info, asked, window))

    return resolver


Conditions = tuple[tuple[str, Any], ...]  # of a list, by their names


def queued(
    kind: Kind, always: Callable[[Info], Conditions], *, needs: Needs, order: str
) -> Callable[[Callable[[Any], Any]], Any]:
    """Make the method a field that lists those of a kind that meet some conditions always.

    With filter and window; the least in `order` comes first. Its docstring describes the field.
    """

    def declare(method: Callable[[Any], Any]) -> Any:
        def resolver(  # noqa: PLR0913 - the arguments of every connection
            self: Any,  # noqa: ARG001 - fields have their object first
            info: Info,
            *,
            filter: Any = None,
            first: int | None = None,
            after: Cursor | None = None,
            last: int | None = None,
            before: Cursor | None = None,
            page: int | None = None,
        ) -> Any:
            window = Window(first=first, after=after, last=last, before=before, page=page)
            asked = (() if filter is None else tuple(conditions(filter))) + always(info)
            wish = _Asked(kind, None, None, asked, order, descending=False)
            return Connection(listed=_listed(info, wish, window))

        texts = {"filter": "What the rows must be like besides.", **WINDOW_TEXTS}
        resolver.__name__ = method.__name__
        resolver.__module__ = method.__module__
        resolver.__doc__ = _described(method.__doc__ or "", texts)
        node: Any = kind.annotation()
        resolver.__annotations__ |= {
            "filter": kind.input("Filter") | None,
            "return": Connection[node],
        }
        return guarded(needs=needs)(resolver)

    return declare


def windowed(node: Any) -> Callable[[Callable[[Any, Info, Window], Listed[Any]]], Any]:
    """Make the method, which gives a list's rows for a window, a connection of these nodes.

    For lists that belong to no kind. Its docstring describes the field.
    """

    def declare(listed_of: Callable[[Any, Info, Window], Listed[Any]]) -> Any:
        def resolver(  # noqa: PLR0913, PLR0917 - the arguments of every connection
            self: Any,
            info: Info,
            first: int | None = None,
            after: Cursor | None = None,
            last: int | None = None,
            before: Cursor | None = None,
            page: int | None = None,
        ) -> Any:
            window = Window(first=first, after=after, last=last, before=before, page=page)
            return Connection(listed=listed_of(self, info, window))

        resolver.__name__ = listed_of.__name__
        resolver.__module__ = listed_of.__module__
        resolver.__doc__ = _described(listed_of.__doc__ or "", WINDOW_TEXTS)
        resolver.__annotations__["return"] = Connection[node]
        return plain(resolver)

    return declare


def linked(kind: Kind, *, needs: Needs = ANY_KEY) -> Callable[[Callable[[Any], Any]], Any]:
    """Make the method a field that gives the thing whose id the method gives.

    The field may be null when the method's may be None. Its docstring describes the field.
    """

    def declare(id_of: Callable[[Any], Any]) -> Any:
        def resolver(self: Any, info: Info) -> Any:
            return thing(info, kind, id_of(self))

        is_optional = NoneType in get_args(id_of.__annotations__["return"])

        def at_hand(self: Any, context: Any) -> Any:
            id = id_of(self)
            return None if id is None else context.at_hand(kind, id, ASK)

        setattr(resolver, LINK, Link(kind.reader.listing.reference, id_of, at_hand))
        resolver.__name__ = id_of.__name__
        resolver.__module__ = id_of.__module__
        resolver.__doc__ = id_of.__doc__
        type_ = kind.annotation()
        resolver.__annotations__["return"] = type_ | None if is_optional else type_
        return guarded(needs=needs)(resolver) if needs else plain(resolver)

    return declare


async def named(info: Info, kind: Kind, id: str | None, **name: str | None) -> Any:
    """The thing with this id, or with this number or code; None when there is none.

    Raises:
        Invalid: not exactly one of the two is given.
    """
    ((key, value),) = name.items()
    if (id is None) == (value is None):
        raise Invalid("id", f"Give exactly one of id and {key}.")
    if value is None:
        return await load(info, kind, id or "")
    row = await info.context.loaders.load(kind.reader.by_key, value, key)
    return None if row is None else kind.type.of(row)


def thing(info: Info, kind: Kind, id: str | None) -> Any:
    """The thing that a field points at: its type, or an awaitable of it.

    When nothing but its id is selected, no statement is run.
    """
    if id is None:
        return None
    loaders = info.context.loaders
    shown = loaders.shown.get((kind.name, id))
    if shown is not None:
        return shown
    if asks_id_only(info._raw_info.field_nodes):  # noqa: SLF001 - selected_fields converts the whole tree
        return kind.type.bare(id)
    row = info.context.kept(kind.reader.listing, id) if kind.reader.listing.reference else None
    if row is not None:
        shown = loaders.shown[kind.name, id] = kind.type.of(row)
        return shown
    loading = load(info, kind, id)
    return loading.value() if loading.is_there else loading


def load(info: Info, kind: Kind, id: str) -> Loading:
    """The thing with this id, or None; it is made once for all fields that point at it."""
    loaders = info.context.loaders

    def show(row: Any) -> Any:
        if row is None:
            return None
        shown = loaders.shown.get((kind.name, id))
        if shown is None:
            shown = loaders.shown[kind.name, id] = kind.type.of(row)
        return shown

    loading: Loading = loaders.load(kind.reader.by_ids, id)
    return loading.then(show)


class _Asked(NamedTuple):
    """A list as its field and arguments name it."""

    kind: Kind
    by: str | None
    owner: str | None
    filters: tuple[tuple[str, Any], ...]
    order: str
    descending: bool

    @property
    def scope(self) -> str:
        """What a cursor of this list is sealed with."""
        return repr((self.kind.name, *self[1:]))


def _listed(info: Info, asked: _Asked, window: Window) -> Listed[Any]:
    kind, by, owner = asked.kind, asked.by, asked.owner
    reader, loaders, cursors = kind.reader, info.context.loaders, info.context.cursors
    part = window.wish(lambda text, name: cursors.open(asked.scope, text, name))
    whole = ListWish(filters=asked.filters)
    wish = replace(whole, order=asked.order, descending=asked.descending, part=part)

    async def read() -> Page[Any]:
        if by is None:
            page: Page[Any] = await loaders.load(reader.pages, wish)
        else:
            page = await loaders.load(reader.pages_of, owner, by, wish)
        if kind.prefix:
            for row in page.rows:
                loaders.prime(reader.by_ids, row.id, row)
        return page

    async def count() -> int:
        if by is None:
            return int(await loaders.load(reader.counts, whole))
        return await loaders.load(reader.counts_of, owner, by, whole) or 0

    def cursor(row: Any) -> Cursor:
        sealed: Cursor = cursors.seal(asked.scope, reader.key_of(row, asked.order))
        return sealed

    return Listed(part=part, load=read, count=count, node=kind.type.of, cursor=cursor)


def _terms(
    kind: Kind, usual: str, filter: Any, order_by: Any
) -> tuple[tuple[tuple[str, Any], ...], str, bool]:
    filters = () if filter is None else tuple(conditions(filter))
    if order_by is None:
        return filters, usual, kind.descending
    return filters, order_by.field.value, order_by.direction is Direction.DESC


def conditions(filter: Any) -> Iterator[tuple[str, Any]]:
    """The names and values of a filter input's fields that are given, as the list's conditions."""
    for field in fields(filter):
        value = getattr(filter, field.name)
        if value is not None and value is not strawberry.UNSET:
            yield field.name, _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_plain(member) for member in value)
    if isinstance(value, DateRange | DateTimeRange | QuantityRange):
        return (value.from_, value.to)
    return value.value if isinstance(value, Enum) else value


def _text(description: str, kind: Kind, usual: str) -> str:
    first = ", the greatest first," if kind.descending else ""
    texts = {
        "filter": "What the rows must be like; all conditions together.",
        "order_by": f"How the rows are sorted; by `{usual.upper()}`{first} unless told.",
        **WINDOW_TEXTS,
    }
    return _described(description, texts)


def _described(description: str, arguments: Mapping[str, str]) -> str:
    lines = "".join(f"    {name}: {text}\n" for name, text in arguments.items())
    return f"{inspect.cleandoc(description)}\n\nArgs:\n{lines}"
