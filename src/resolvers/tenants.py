"""Who is asking, and the tenant with its settings."""

from datetime import datetime

import strawberry

from domain.actor import Actor
from execution.limits import Limits
from resolvers.fields import ANY_KEY, guarded, output, plain
from resolvers.lists import Info
from resolvers.nodes import Shown
from resolvers.scalars import Quantity
from services import tenants


@output
class TenantSettings(Shown):
    """What a company has set for all of its stock."""

    name: str
    """The company's name."""

    time_zone: str
    """The zone in which its days begin and end; a lot is usable through the end of its expiry date
    there."""

    currency: str
    """The currency of all amounts, as three capital letters."""

    industry_pack: str
    """Which reason codes and defaults it began with: `HEALTHCARE`, `RETAIL` or `MANUFACTURING`."""

    lot_tracking: bool
    """Whether products may ask for lots."""

    expiry_tracking: bool
    """Whether lots may expire."""

    request_approval: bool
    """Whether stock requests need an approval, unless the location that fulfils them says so."""

    request_self_approval: bool
    """Whether who made a stock request may decide on it."""

    request_reservation: bool
    """Whether an approved stock request sets stock aside at once."""

    low_atp_threshold: Quantity
    """A promise up to here is LOW, unless a channel's policy says another number."""

    expiry_warning_days: int
    """How many days before its expiry a lot is shown as expiring."""

    overdue_supply_days: int
    """For how many days after its date what has not arrived still counts as coming."""

    root_cause_quantity: Quantity | None
    """A decrease of so many units or more needs a root cause in a HEALTHCARE company; absent where
    none does."""

    closed_through: datetime | None
    """The moment through which the books are closed; absent while they never were."""

    version: int
    """Raised with each change; an update may name the one that it expects."""


@output
class ViewerLimits:
    """The most that one operation may ask for; more is refused with `LIMIT_EXCEEDED`."""

    depth: int
    """Fields inside one another."""

    aliases: int
    """Renamed fields of an operation."""

    root_fields: int
    """Fields of the operation itself."""

    fields: int
    """Fields of an operation, with fragments written out."""

    timeout_seconds: float
    """How long an operation may take."""


@output
class Viewer:
    """The key that is asking."""

    actor: strawberry.Private[Actor]

    key_id: strawberry.ID
    """The key's id; records name it as who made them."""

    name: str
    """The key's name."""

    permissions: list[str]
    """What the key may do, sorted."""

    limits: ViewerLimits
    """The most that one operation may ask for."""

    @plain
    async def tenant(self, info: Info) -> TenantSettings:
        """The company whose stock this key sees, with its settings."""
        return TenantSettings.of(await info.context.read(tenants.settings))


@output
class TenantQueries:
    """Reads of the tenant."""

    @guarded(needs=ANY_KEY)
    async def viewer(self, info: Info) -> Viewer:
        """Who is asking: the key, what it may do, and its tenant."""
        actor: Actor = info.context.actor
        limits = Limits()
        return Viewer(
            actor=actor,
            key_id=strawberry.ID(actor.key_id),
            name=actor.name,
            permissions=sorted(actor.permissions),
            limits=ViewerLimits(
                depth=limits.depth,
                aliases=limits.aliases,
                root_fields=limits.root_fields,
                fields=limits.fields,
                timeout_seconds=limits.timeout_seconds,
            ),
        )
