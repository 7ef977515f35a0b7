"""Checks every derived number of a tenant's ledger against what it is derived from."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from models import feed, ledger_checks
from models.session import Database, Session
from services import tenants

WORST = 10  # examples that are told of each check
CHECK_SECONDS = 600  # for one statement
CLAIM = timedelta(hours=1)  # how long whoever has taken a check on has it to himself


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What one invariant has found: how much has drifted, and the worst of it."""

    name: str
    drift: int
    worst: Sequence[dict[str, str]]  # id, kept, derived


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A check of a tenant's ledger, all of it at one moment."""

    checked_at: datetime
    milliseconds: int
    checks: Sequence[Check]

    @property
    def drift(self) -> int:
        """What has drifted, over all invariants."""
        return sum(check.drift for check in self.checks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """How far the feed is numbered and sealed, and what waits for it."""

    last_number: int
    last_seal: int
    sha256: str | None
    sealed_at: datetime | None
    unsealed: int
    oldest_unsealed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The last checks of all tenants together."""

    drift: int
    tenants_with_drift: int
    oldest_check_at: datetime | None


async def verify(database: Database, tenant_id: UUID) -> Report:
    """Check a tenant's ledger now, and keep what was found.

    All checks read one moment, without holding anybody up. It reads the whole ledger.
    """
    async with database.read(tenant_id, timeout_seconds=CHECK_SECONDS) as session:
        report = await check(session)
    kept = [_kept(one) for one in report.checks]
    async with database.write(tenant_id) as session:
        await session.run(ledger_checks.keep(report.checked_at, report.milliseconds, kept))
    return report


async def check(session: Session) -> Report:
    """Check the ledger of the session's tenant now, within the session's time limits."""
    began = time.monotonic()
    now = await session.scalar(ledger_checks.now())
    checks = [await _check(session, name) for name in ledger_checks.CHECKS]
    took = round((time.monotonic() - began) * 1000)
    return Report(checked_at=now, milliseconds=took, checks=checks)


async def health(session: Session, *, is_fresh: bool) -> tuple[Report, Tail]:
    """The last check, or one that is made now, and how far the feed is sealed."""
    report = None if is_fresh else await last(session)
    return report or await check(session), await tail(session)


async def _check(session: Session, name: str) -> Check:
    found = await session.one(ledger_checks.drift(name, WORST))
    return Check(name=name, drift=found.drift, worst=found.worst)


def _kept(check: Check) -> dict[str, Any]:
    return {"name": check.name, "drift": check.drift, "worst": list(check.worst)}


async def last(session: Session) -> Report | None:
    """The last check of the session's tenant; None before the first."""
    row = await session.one_or_none(ledger_checks.last())
    return None if row is None else _report(row)


def _report(row: Any) -> Report:
    checks = [Check(**one) for one in row.report]
    return Report(checked_at=row.checked_at, milliseconds=row.milliseconds, checks=checks)


async def tail(session: Session) -> Tail:
    """How far the feed of the session's tenant is sealed."""
    waiting = await session.one(feed.tail())
    seal = await session.one_or_none(feed.last_seal())
    return Tail(
        last_number=seal.last_event if seal else 0,
        last_seal=seal.number if seal else 0,
        sha256=bytes(seal.sha256).hex() if seal else None,
        sealed_at=seal.sealed_at if seal else None,
        unsealed=waiting.unsealed,
        oldest_unsealed_at=waiting.oldest_unsealed_at,
    )


async def watch(database: Database, older_than: timedelta) -> Summary:
    """Check the tenants whose last check is older than this, and sum up the last of all.

    Of several processes that do so at once one checks a tenant.
    """
    drift, drifted, oldest = 0, 0, None
    for tenant_id, _code, _made in await tenants.listed(database):
        report = await _renewed(database, tenant_id, older_than)
        if report is None:
            continue
        drift += report.drift
        drifted += report.drift > 0
        oldest = min(oldest or report.checked_at, report.checked_at)
    return Summary(drift=drift, tenants_with_drift=drifted, oldest_check_at=oldest)


async def _renewed(database: Database, tenant_id: UUID, older_than: timedelta) -> Report | None:
    async with database.read(tenant_id) as session:
        report = await last(session)
        now = await session.scalar(ledger_checks.now())
    if report is not None and now - report.checked_at < older_than:
        return report
    async with database.write(tenant_id) as session:
        if not await session.scalar(ledger_checks.claim(now, CLAIM)):
            return report
    return await verify(database, tenant_id)
