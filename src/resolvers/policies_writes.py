"""Writes of channel policies, and what they would do to the matrix of a location."""

from collections.abc import Awaitable, Callable
from enum import Enum
from typing import Any, NamedTuple

import strawberry

from domain.errors import Invalid
from domain.pages import FIRST_DEFAULT
from domain.permissions import Permission
from models.session import Session
from resolvers import kinds
from resolvers.atp import AtpColumn
from resolvers.atp_inputs import MatrixFilter, matrix_wish
from resolvers.channels import ChannelPolicy
from resolvers.fields import given, guarded, input_, output
from resolvers.lists import Info
from resolvers.matrix_rows import AtpRow
from resolvers.pages import Pagination, Window
from resolvers.policies_inputs import CreateChannelPolicyInput, UpdateChannelPolicyInput
from resolvers.scalars import Position, Quantity
from resolvers.writes import Manner
from services import atp
from services import policies as service

_NEEDS = Permission.ADMIN_CHANNEL_POLICIES_WRITE


@input_
class ChannelPolicyPreviewInput:
    """Which part of which matrix a dry run shows before and after the change."""

    location_id: strawberry.ID
    """The location; `NOT_FOUND` when there is none with this id."""

    filter: MatrixFilter | None = None
    """Which rows and columns are wanted."""

    first: int = FIRST_DEFAULT
    """How many rows a page has, at most 200."""

    page: int = 1
    """The number of the page, from 1."""


@output
class ChannelPolicyPreviewMatrix:
    """A part of the matrix of a location, as it is or as it would be."""

    columns: list[AtpColumn]
    """The shown channels, in the order of their columns."""

    rows: list[AtpRow]
    """The products of this page, by SKU."""

    pagination: Pagination
    """Where this page stands among the pages of the matrix."""

    @classmethod
    def of(cls, seen: service.Seen, wish: service.PreviewWish) -> "ChannelPolicyPreviewMatrix":
        """This part as the graph shows it."""
        columns = [
            AtpColumn(terms=terms, low_atp_threshold=Quantity(terms.threshold))
            for _, terms in seen.columns
        ]
        return cls(
            columns=columns,
            rows=[AtpRow(row=row) for row in seen.page.rows],
            pagination=Pagination(
                page=wish.part.page or 1,
                page_size=wish.part.limit,
                total=seen.total,
                total_pages=-(-seen.total // wish.part.limit),
            ),
        )


@output
class ChannelPolicyPreview:
    """The same part of a matrix before a change and after it; nothing of it is kept."""

    before: ChannelPolicyPreviewMatrix
    """As it is."""

    after: ChannelPolicyPreviewMatrix
    """As it would be."""


@output
class ChannelPolicyPayload:
    """A policy after a write, as it then stands."""

    channel_policy: ChannelPolicy
    """The policy."""

    preview: ChannelPolicyPreview | None
    """What the change would do to a matrix; only of a dry run that asks for it."""

    position: Position
    """The first position at which the write is seen."""


@output
class DeleteChannelPolicyPayload:
    """What was deleted."""

    id: strawberry.ID
    """The id that names nothing any longer."""

    preview: ChannelPolicyPreview | None
    """What the deletion would do to a matrix; only of a dry run that asks for it."""

    position: Position
    """The first position at which it is gone."""


@output
class ChannelPolicyMutations:
    """Writes of channel policies."""

    @guarded(needs=_NEEDS)
    async def create_channel_policy(
        self,
        info: Info,
        input: CreateChannelPolicyInput,
        idempotency_key: str | None = None,
        dry_run: bool = False,  # noqa: FBT001, FBT002 - an argument of the graph
        preview: ChannelPolicyPreviewInput | None = None,
    ) -> ChannelPolicyPayload:
        """Make a policy for a channel; it shapes promises from the next read on.

        Args:
            input: The policy.
            idempotency_key: Done once for all who ask with this key within 24 hours.
            dry_run: Check everything and keep nothing.
            preview: With a dry run: the matrix to show before and after.
        """
        manner = Manner.of(info, idempotency_key, dry_run=dry_run)
        asked = _Asked(service.create_policy, (_values(input),), manner, preview)
        return await _written(info, asked)

    @guarded(needs=_NEEDS)
    async def update_channel_policy(  # noqa: PLR0913, PLR0917 - arguments of the graph
        self,
        info: Info,
        id: strawberry.ID,
        input: UpdateChannelPolicyInput,
        expected_version: int | None = None,
        idempotency_key: str | None = None,
        dry_run: bool = False,  # noqa: FBT001, FBT002 - an argument of the graph
        preview: ChannelPolicyPreviewInput | None = None,
    ) -> ChannelPolicyPayload:
        """Change a policy; the former one is kept as history.

        Args:
            id: The policy's id.
            input: What is to be changed; what is left out stays.
            expected_version: Refused with `STALE_VERSION` when it stands at another version.
            idempotency_key: Done once for all who ask with this key within 24 hours.
            dry_run: Check everything and keep nothing.
            preview: With a dry run: the matrix to show before and after.
        """
        change = (id, _values(input), expected_version)
        manner = Manner.of(info, idempotency_key, dry_run=dry_run)
        return await _written(info, _Asked(service.update_policy, change, manner, preview))

    @guarded(needs=_NEEDS)
    async def delete_channel_policy(
        self,
        info: Info,
        id: strawberry.ID,
        expected_version: int | None = None,
        idempotency_key: str | None = None,
        dry_run: bool = False,  # noqa: FBT001, FBT002 - an argument of the graph
        preview: ChannelPolicyPreviewInput | None = None,
    ) -> DeleteChannelPolicyPayload:
        """Delete a policy; what it said falls to the next one that matches.

        Args:
            id: The policy's id.
            expected_version: Refused with `STALE_VERSION` when it stands at another version.
            idempotency_key: Done once for all who ask with this key within 24 hours.
            dry_run: Check everything and keep nothing.
            preview: With a dry run: the matrix to show before and after.
        """
        manner = Manner.of(info, idempotency_key, dry_run=dry_run)
        asked = _Asked(service.delete_policy, (id, expected_version), manner, preview)
        _, shown, position = await _done(info, asked)
        return DeleteChannelPolicyPayload(id=id, preview=shown, position=position)


class _Asked(NamedTuple):
    """A change as it was asked for."""

    change: Callable[..., Awaitable[Any]]
    arguments: tuple[Any, ...]
    manner: Manner
    preview: ChannelPolicyPreviewInput | None


async def _written(info: Info, asked: _Asked) -> ChannelPolicyPayload:
    row, preview, position = await _done(info, asked)
    if asked.change is service.create_policy:  # of a dry run it cannot be read again
        info.context.loaders.prime(kinds.CHANNEL_POLICY.reader.by_ids, row.id, row)
    return ChannelPolicyPayload(
        channel_policy=ChannelPolicy.of(row), preview=preview, position=position
    )


async def _done(info: Info, asked: _Asked) -> tuple[Any, ChannelPolicyPreview | None, Position]:
    """What the change gives, its preview, and its position."""
    wish = None if asked.preview is None else _preview_wish(asked.preview, asked.manner)
    row, preview, moment = await asked.manner.perform(
        info, _perform, wish, asked.change, *asked.arguments
    )
    shown = None
    if wish is not None:
        shown = ChannelPolicyPreview(
            before=ChannelPolicyPreviewMatrix.of(preview.before, wish),
            after=ChannelPolicyPreviewMatrix.of(preview.after, wish),
        )
    return row, shown, Position(moment.position)


async def _perform(
    session: Session, wish: service.PreviewWish | None, change: Any, *args: Any
) -> tuple[Any, service.Preview | None, atp.Moment]:
    preview = None
    if wish is None:
        row = await change(session, *args)
    else:
        row, preview = await service.previewed(session, wish, change, *args)
    return row, preview, await atp.moment_of_write(session)


def _preview_wish(asked: ChannelPolicyPreviewInput, manner: Manner) -> service.PreviewWish:
    if not manner.dry_run:
        raise Invalid("preview", "A preview needs dryRun: true.")
    window = Window(first=asked.first, page=asked.page)
    return service.PreviewWish(
        location_id=asked.location_id,
        matrix=matrix_wish(asked.filter),
        part=window.wish(lambda _text, _name: ()),  # a page is asked for by its number
    )


def _values(input: CreateChannelPolicyInput | UpdateChannelPolicyInput) -> dict[str, Any]:
    """The columns that are given, enums by their names."""
    return {
        name: value.value if isinstance(value, Enum) else value
        for name, value in given(input).items()
    }
