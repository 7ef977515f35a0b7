"""How a company counts."""

import strawberry

from domain.permissions import Permission
from models.session import Session
from resolvers.fields import given, guarded, input_, output
from resolvers.filters.abc import AbcMetric
from resolvers.lists import Info
from resolvers.nodes import Shown
from resolvers.scalars import Money, Position, Quantity
from resolvers.writes import Manner
from services import abc as service
from services import atp


@output
class CountSettings(Shown):
    """How a company classifies its products, how often it counts them, and what may be off."""

    metric: AbcMetric
    """By what products are ranked."""

    window_days: int
    """How many days of use, up to today, count."""

    cutoff_a: Quantity
    """The part of the whole before which a product is A."""

    cutoff_b: Quantity
    """The part of the whole before which it is B; the others are C."""

    interval_days_a: int
    """After how many days products of class A are counted again."""

    interval_days_b: int
    """After how many days those of class B are."""

    interval_days_c: int
    """After how many days those of class C, and those without a class, are."""

    tolerance_share_a: Quantity
    """By which part of what is expected a count of class A may be off."""

    tolerance_share_b: Quantity
    """By which part one of class B may be."""

    tolerance_share_c: Quantity
    """By which part one of class C, or without a class, may be."""

    tolerance_units: Quantity
    """By how many units any count may be off, where that is more than its part."""

    tolerance_value: Money | None
    """By how much money a count may be off at most; absent where there is no such limit."""

    approval_value: Money | None
    """Above this a variance needs the approval of another than its counter; absent where none
    does."""

    blind: bool
    """Whether new counts are blind unless told."""

    auto_adjust: bool
    """Whether what is within tolerance is posted when a count is completed, unless told."""

    freeze: bool
    """Whether what is being counted is on hold meanwhile; counts are exact without it too."""

    due_turnover_value: Money | None
    """A product of which more than this came and went since its last count is due at once; absent
    where that is no reason."""

    due_accuracy: Quantity | None
    """Where the last counts of a location found less than this part of what was expected there to
    be right, its products are due on the day after their count; absent where that is no reason."""

    due_emptied: bool
    """Whether a product of which a bucket was used up since its last count is due at once, so that
    somebody confirms that nothing is there."""

    version: int
    """Raised with each change; 0 while nothing was changed."""


@input_
class UpdateCountSettingsInput:
    """What is to be changed of how a company counts."""

    metric: AbcMetric | None = strawberry.UNSET
    """By what products are ranked."""

    window_days: int | None = strawberry.UNSET
    """How many days of use count, from 1 to 3,660."""

    cutoff_a: Quantity | None = strawberry.UNSET
    """The part of the whole, above 0 and at most 1, before which a product is A."""

    cutoff_b: Quantity | None = strawberry.UNSET
    """The part before which it is B; at least `cutoffA`."""

    interval_days_a: int | None = strawberry.UNSET
    """After how many days products of class A are counted again."""

    interval_days_b: int | None = strawberry.UNSET
    """After how many days those of class B are."""

    interval_days_c: int | None = strawberry.UNSET
    """After how many days those of class C, and those without a class, are."""

    tolerance_share_a: Quantity | None = strawberry.UNSET
    """By which part of what is expected a count of class A may be off; 0.005 is half a per cent."""

    tolerance_share_b: Quantity | None = strawberry.UNSET
    """By which part one of class B may be."""

    tolerance_share_c: Quantity | None = strawberry.UNSET
    """By which part one of class C, or without a class, may be."""

    tolerance_units: Quantity | None = strawberry.UNSET
    """By how many units any count may be off, where that is more than its part."""

    tolerance_value: Money | None = strawberry.UNSET
    """By how much money a count may be off at most; null for no such limit."""

    approval_value: Money | None = strawberry.UNSET
    """Above this a variance needs another's approval; null where none does."""

    blind: bool | None = strawberry.UNSET
    """Whether new counts are blind unless told."""

    auto_adjust: bool | None = strawberry.UNSET
    """Whether what is within tolerance is posted when a count is completed, unless told."""

    freeze: bool | None = strawberry.UNSET
    """Whether what is being counted is on hold meanwhile."""

    due_turnover_value: Money | None = strawberry.UNSET
    """A product of which more than this came and went since its last count is due at once; null
    where that is no reason."""

    due_accuracy: Quantity | None = strawberry.UNSET
    """Below this part, from 0 to 1, found right by the last counts of a location its products are
    due on the day after their count; null where that is no reason."""

    due_emptied: bool | None = strawberry.UNSET
    """Whether a product of which a bucket was used up is due at once."""


@output
class CountSettingsPayload:
    """The settings after a write, as they then stand."""

    settings: CountSettings
    """The settings."""

    position: Position
    """The first position at which the write is seen."""


@output
class CountSettingsQueries:
    """Reads of how a company counts."""

    @guarded(needs=Permission.INVENTORY_CYCLECOUNT)
    async def count_settings(self, info: Info) -> CountSettings:
        """How the company classifies products, how often it counts them, and what may be off."""
        return CountSettings.of(await info.context.read(service.settings))


@output
class CountSettingsMutations:
    """Writes of how a company counts."""

    @guarded(needs=Permission.ADMIN_SETTINGS)
    async def update_count_settings(
        self,
        info: Info,
        input: UpdateCountSettingsInput,
        expected_version: int | None = None,
        idempotency_key: str | None = None,
        dry_run: bool = False,  # noqa: FBT001, FBT002 - an argument of the graph
    ) -> CountSettingsPayload:
        """Change how the company counts; it counts at once, and the former settings are kept.

        Args:
            input: What is to be changed; what is left out stays.
            expected_version: Refused with `STALE_VERSION` when they stand at another version.
            idempotency_key: Done once for all who ask with this key within 24 hours.
            dry_run: Check everything and keep nothing.
        """
        values = given(input)
        if values.get("metric") is not None:
            values["metric"] = values["metric"].value
        manner = Manner.of(info, idempotency_key, dry_run=dry_run)
        wish = (info.context.actor.author, values, expected_version)
        settings, moment = await manner.perform(info, _change, *wish)
        return CountSettingsPayload(
            settings=CountSettings.of(settings), position=Position(moment.position)
        )


async def _change(session: Session, *change: object) -> tuple[service.Settings, atp.Moment]:
    return await service.change(session, *change), await atp.moment_of_write(session)  # type: ignore[arg-type] # handed on as they came
