"""Checks every tenant's ledger once in a while, and remembers what was found."""

from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any

from gateway.background import repeated
from gateway.metrics import Metrics
from models.session import Database
from resolvers.scalars import instant_text
from services import ledger_health

PAUSE_SECONDS = 60.0


class LedgerWatch:
    """What the last checks of all ledgers have found; nothing before this process has looked."""

    def __init__(self, database: Database, metrics: Metrics) -> None:
        self._database = database
        self._metrics = metrics
        self._summary: ledger_health.Summary | None = None

    def running(
        self, hours: int, pause_seconds: float = PAUSE_SECONDS
    ) -> AbstractAsyncContextManager[None]:
        """Check inside the block what was not checked for so many hours.

        Of several processes one checks a tenant, and all of them hear what was found.
        """

        async def look() -> None:
            found = await ledger_health.watch(self._database, timedelta(hours=hours))
            self._summary = found
            self._metrics.ledger(found.drift)

        return repeated("ledger_check", look, pause_seconds)

    @property
    def detail(self) -> dict[str, Any]:
        """What /health/ready says of the ledgers beside its status."""
        found = self._summary
        if found is None or found.oldest_check_at is None:
            return {}
        told = {
            "drift": found.drift,
            "tenantsWithDrift": found.tenants_with_drift,
            "oldestCheckAt": instant_text(found.oldest_check_at),
        }
        return {"ledger": told}
