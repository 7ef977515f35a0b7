"""Writes of the tenant's settings."""

from typing import Any

import strawberry

from domain.permissions import Permission
from models.session import Session
from resolvers.fields import given, guarded, input_, output
from resolvers.lists import Info
from resolvers.scalars import Position, Quantity
from resolvers.tenants import TenantSettings
from resolvers.writes import Manner
from services import atp
from services import tenants as service


@input_
class UpdateTenantSettingsInput:
    """What is to be changed of the company's settings."""

    name: str | None = strawberry.UNSET
    """The company's name."""

    time_zone: str | None = strawberry.UNSET
    """The zone in which its days begin and end, such as `Europe/Berlin`; lots expire by it."""

    currency: str | None = strawberry.UNSET
    """The currency of all amounts, as three capital letters; no amount is converted."""

    industry_pack: str | None = strawberry.UNSET
    """`HEALTHCARE`, `RETAIL` or `MANUFACTURING`."""

    lot_tracking: bool | None = strawberry.UNSET
    """Whether products may ask for lots."""

    expiry_tracking: bool | None = strawberry.UNSET
    """Whether lots may expire."""

    request_approval: bool | None = strawberry.UNSET
    """Whether stock requests need an approval, unless the location that fulfils them says so."""

    request_self_approval: bool | None = strawberry.UNSET
    """Whether who made a stock request may decide on it."""

    request_reservation: bool | None = strawberry.UNSET
    """Whether an approved stock request sets stock aside at once."""

    low_atp_threshold: Quantity | None = strawberry.UNSET
    """A promise up to here is LOW, unless a channel's policy says another number."""

    expiry_warning_days: int | None = strawberry.UNSET
    """How many days before its expiry a lot is shown as expiring."""

    overdue_supply_days: int | None = strawberry.UNSET
    """For how many days after its date what has not arrived still counts as coming."""

    root_cause_quantity: Quantity | None = strawberry.UNSET
    """A decrease of so many units or more needs a root cause in a HEALTHCARE company; null for
    none."""


@output
class TenantSettingsPayload:
    """The settings after a write, as they then stand."""

    settings: TenantSettings
    """The settings."""

    position: Position
    """The first position at which the write is seen."""


@output
class TenantMutations:
    """Writes of the tenant's settings."""

    @guarded(needs=Permission.ADMIN_SETTINGS)
    async def update_tenant_settings(
        self,
        info: Info,
        input: UpdateTenantSettingsInput,
        expected_version: int | None = None,
        idempotency_key: str | None = None,
        dry_run: bool = False,  # noqa: FBT001, FBT002 - an argument of the graph
    ) -> TenantSettingsPayload:
        """Change the company's settings; they count at once, and the former ones are kept.

        Args:
            input: What is to be changed; what is left out stays.
            expected_version: Refused with `STALE_VERSION` when they stand at another version.
            idempotency_key: Done once for all who ask with this key within 24 hours.
            dry_run: Check everything and keep nothing.
        """
        change = (info.context.actor.author, given(input), expected_version)
        manner = Manner.of(info, idempotency_key, dry_run=dry_run)
        row, moment = await manner.perform(info, _change, *change)
        return TenantSettingsPayload(
            settings=TenantSettings.of(row), position=Position(moment.position)
        )


async def _change(session: Session, *change: Any) -> tuple[Any, atp.Moment]:
    return await service.change_settings(session, *change), await atp.moment_of_write(session)
