"""Whether tenants are kept apart and the schema is the one this program needs."""

from models import guard, migrate
from models.session import NO_TENANT, Database

NAMED_MAX = 5  # relations in one sentence


async def faults(database: Database) -> list[str]:
    """What would let one tenant see another's rows, one sentence each; empty when nothing would."""
    async with database.read(NO_TENANT) as session:
        row = await session.one(guard.faults())
    found = []
    if row.is_superuser:
        found.append(f"The role {row.role} is a superuser, whom row security does not bind.")
    if row.is_exempt:
        found.append(f"The role {row.role} has BYPASSRLS, so that row security does not bind it.")
    if row.owned:
        found.append(
            f"The role {row.role} owns {_names(row.owned)}, so that it could switch row "
            "security off."
        )
    if row.unguarded:
        found.append(
            "Row security is not forced, or has another policy than the tenant's, on "
            f"{_names(row.unguarded)}."
        )
    if row.exposed and not row.is_superuser:
        found.append(f"The role {row.role} has rights on {_names(row.exposed)}.")
    if row.definers:
        found.append(f"Views read with their owner's rights: {_names(row.definers)}.")
    return found


async def is_current(database: Database) -> bool:
    """Whether the database answers and its schema is the one this program needs."""
    async with database.read(NO_TENANT) as session:
        found = await session.scalar(guard.revision())
    return bool(found == migrate.head())


def _names(relations: list[str]) -> str:
    shown = ", ".join(relations[:NAMED_MAX])
    more = len(relations) - NAMED_MAX
    return f"{shown} and {more} more" if more > 0 else shown
