"""The permissions, spelled as documented, and what a key's grants mean.

A grant is a dotted permission (`inventory.read`), an area (`inventory.*`), everything (`*`), or a
colon scope of the documented key management (`inventory:read`), which covers several areas.
"""

from collections.abc import Iterable
from enum import StrEnum

from domain.errors import Invalid


class Permission(StrEnum):
    """A right that a field needs and a key may hold."""

    ADMIN_CHANNEL_POLICIES_WRITE = "admin.channelpolicies.write"
    ADMIN_KEYS = "admin.keys"
    ADMIN_SETTINGS = "admin.settings"
    CHANNELS_WRITE = "channels.write"
    INVENTORY_ADJUST = "inventory.adjust"
    INVENTORY_CYCLECOUNT = "inventory.cyclecount"
    INVENTORY_READ = "inventory.read"
    INVENTORY_WRITE = "inventory.write"
    LOCATIONS_WRITE = "locations.write"
    PRODUCTS_READ = "products.read"
    PRODUCTS_WRITE = "products.write"
    REPLENISHMENT_READ = "replenishment.read"
    REPLENISHMENT_WRITE = "replenishment.write"
    STOCKREQUESTS_APPROVE = "stockrequests.approve"
    STOCKREQUESTS_READ = "stockrequests.read"
    STOCKREQUESTS_WRITE = "stockrequests.write"
    TRANSFERS_READ = "transfers.read"
    TRANSFERS_WRITE = "transfers.write"


_P = Permission
_READS = frozenset(
    {
        _P.INVENTORY_READ,
        _P.PRODUCTS_READ,
        _P.TRANSFERS_READ,
        _P.REPLENISHMENT_READ,
        _P.STOCKREQUESTS_READ,
    }
)
_WRITES = frozenset(
    {
        _P.INVENTORY_WRITE,
        _P.INVENTORY_ADJUST,
        _P.INVENTORY_CYCLECOUNT,
        _P.PRODUCTS_WRITE,
        _P.TRANSFERS_WRITE,
        _P.REPLENISHMENT_WRITE,
        _P.STOCKREQUESTS_WRITE,
    }
)
_ADMIN = frozenset(
    {
        _P.ADMIN_CHANNEL_POLICIES_WRITE,
        _P.ADMIN_KEYS,
        _P.ADMIN_SETTINGS,
        _P.CHANNELS_WRITE,
        _P.LOCATIONS_WRITE,
    }
)

# The colon scopes of the documented key management; those of areas that Stockgraph does not
# have (forecast, planning, procurement, shipping, reports) are accepted and grant nothing here.
COLON_SCOPES: dict[str, frozenset[Permission]] = {
    "inventory:read": _READS,
    "inventory:write": _WRITES,
    "inventory:*": _READS | _WRITES,
    "admin:read": frozenset(),
    "admin:write": _ADMIN,
} | {
    f"{area}:{verb}": frozenset()
    for area in ("forecast", "planning", "procurement", "shipping")
    for verb in ("read", "write")
}
COLON_SCOPES["reports:read"] = frozenset()


def expand(grants: Iterable[str]) -> frozenset[Permission]:
    """All permissions that these grants give together.

    Raises:
        Invalid: a grant is none of the known spellings.
    """
    held: set[Permission] = set()
    for grant in grants:
        held |= _one(grant)
    return frozenset(held)


def _one(grant: str) -> frozenset[Permission]:
    if grant == "*":
        return frozenset(Permission)
    if grant in COLON_SCOPES:
        return COLON_SCOPES[grant]
    if grant.endswith(".*"):
        area = frozenset(p for p in Permission if p.startswith(grant[:-1]))
        if area:
            return area
    if grant in Permission.__members__.values():
        return frozenset({Permission(grant)})
    raise Invalid("permissions", f"{grant!r} is not a permission.", unknown=grant)
