"""The ledger's health: whether every kept number is what the ledger says."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum

from domain.permissions import Permission
from resolvers.fields import choices, guarded, output
from resolvers.lists import Info
from resolvers.nodes import Shown
from services import ledger_health


class LedgerInvariant(Enum):
    """What must be so in every ledger, whatever has happened."""

    BALANCES = "balances"
    """What a bucket holds is the sum of its entries."""

    SEQUENCES = "sequences"
    """The entries of a bucket are numbered 1, 2, 3 …, and the bucket knows how many there are, and
    how many of them are adjustments."""

    QUANTITIES = "quantities"
    """Each entry begins with the quantity that the one before it left."""

    POSTINGS = "postings"
    """A posting has all of its entries, and one that moves units creates and loses none."""

    LEVELS = "levels"
    """The kept sums of a product at a location are those of its buckets, holds and reservations."""

    RESERVED = "reserved"
    """What is reserved of a bucket is what active reservations have set aside."""

    RESERVATIONS = "reservations"
    """What is not resolved of a line of a reservation is what its active rows set aside."""

    QUOTAS = "quotas"
    """What is consumed of a quota is what was sold of it since it was last set."""

    HOLDS = "holds"
    """A hold is active while something of it is left, and no longer."""

    OUTBOX = "outbox"
    """Each posting has its event with all entries, and no event tells of what was not posted."""

    NUMBERS = "numbers"
    """The changes of the feed are numbered 1, 2, 3 … without gaps."""

    SEALS = "seals"
    """Each seal is the digest of its changes and of the seal before it."""


choices(LedgerInvariant)


@output
class LedgerDrift:
    """One thing whose kept number is not the right one."""

    id: str
    """What it is: the id of a bucket, posting or hold, a location and a product, or a number."""

    kept: str
    """What is kept."""

    derived: str
    """What it should be."""

    @classmethod
    def of(cls, found: Mapping[str, str]) -> "LedgerDrift":
        """This finding as the graph shows it."""
        return cls(id=found["id"], kept=found["kept"], derived=found["derived"])


@output
class LedgerCheck:
    """What the check of one invariant has found."""

    invariant: LedgerInvariant
    """The invariant."""

    drift: int
    """For how many things it does not hold; 0 in a healthy ledger."""

    worst: list[LedgerDrift]
    """The ten of them that are furthest off."""


@output
class LedgerTail(Shown):
    """How far the feed is numbered and sealed."""

    unsealed: int
    """Changes that are kept and have no number yet."""

    oldest_unsealed_at: datetime | None
    """When the first of these was made; absent when there is none."""

    last_seal: int
    """The number of the last seal; 0 before the first."""

    sealed_at: datetime | None
    """When it was made."""

    sha256: str | None
    """The last seal, in hexadecimal: whoever has noted it can tell later that nothing before it was
    changed."""


@output
class LedgerHealth:
    """A check of the whole ledger, all of it at one moment."""

    checked_at: datetime
    """The moment that was looked at."""

    milliseconds: int
    """How long the check took."""

    drift: int
    """For how many things some invariant does not hold; 0 in a healthy ledger."""

    checks: list[LedgerCheck]
    """What was found, by invariant."""

    seals: LedgerTail
    """How far the feed is numbered and sealed at this moment."""


@output
class LedgerHealthQueries:
    """Reads of the ledger's health."""

    @guarded(needs=Permission.INVENTORY_READ)
    async def ledger_health(self, info: Info, fresh: bool = False) -> LedgerHealth:  # noqa: FBT001, FBT002 - an argument of the graph
        """Whether every kept number is what the ledger says, as the server checks it every day.

        Args:
            fresh: Check now instead. It reads the whole ledger, within the time of an operation;
                `./run db verify` has more.
        """
        report, tail = await info.context.read(ledger_health.health, is_fresh=fresh)
        return LedgerHealth(
            checked_at=report.checked_at,
            milliseconds=report.milliseconds,
            drift=report.drift,
            checks=_checks(report.checks),
            seals=LedgerTail.of(tail),
        )


def _checks(checks: Sequence[ledger_health.Check]) -> list[LedgerCheck]:
    return [
        LedgerCheck(
            invariant=LedgerInvariant(check.name),
            drift=check.drift,
            worst=[LedgerDrift.of(found) for found in check.worst],
        )
        for check in checks
    ]
