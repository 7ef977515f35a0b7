"""What /metrics tells: requests by route and status, how long they took, connections in use.

The worker processes of one server count in files that they share, so that whichever of them is
asked answers for all.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.responses import Response

from gateway.runtime import is_running

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15)


class Metrics:
    """The numbers of this process, or with a folder those of all that name it."""

    def __init__(self, connections: Callable[[], int], folder: Path | None = None) -> None:
        if folder is not None:
            # The library decides where to count when it is imported first.
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
            _remove_ended(folder)
        import prometheus_client as library  # noqa: PLC0415 - see above

        self._library = library
        self._folder = folder
        self._registry = library.CollectorRegistry()
        self._requests = library.Counter(
            "stockgraph_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = library.Histogram(
            "stockgraph_request_seconds",
            "How long requests took, in seconds.",
            ("method", "route"),
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._connections = library.Gauge(
            "stockgraph_database_connections",
            "Database connections in use.",
            registry=self._registry,
            multiprocess_mode="livesum",
        )
        self._count_connections = connections
        self._gauge_ledgers()

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request; `route` is its pattern, never what stands in its place."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)
        self._connections.set(self._count_connections())

    def _gauge_ledgers(self) -> None:
        self._unsealed = self._latest(
            "stockgraph_feed_unsealed_events", "Changes of all tenants that have no number yet."
        )
        self._waiting = self._latest(
            "stockgraph_feed_unsealed_seconds",
            "How long the first of these has waited, in seconds.",
        )
        self._drift = self._latest(
            "stockgraph_ledger_drift",
            "Numbers of all tenants that were not what the ledger says when it was last checked.",
        )

    def feed(self, unsealed: int, waiting_seconds: float) -> None:
        """Tell how far the feed is behind."""
        self._unsealed.set(unsealed)
        self._waiting.set(waiting_seconds)

    def ledger(self, drift: int) -> None:
        """Tell what the last checks of the ledgers have found."""
        self._drift.set(drift)

    def _latest(self, name: str, about: str) -> Any:
        """A number that is the same whichever worker tells it: the last one told counts."""
        return self._library.Gauge(
            name, about, registry=self._registry, multiprocess_mode="mostrecent"
        )

    def answer(self) -> Response:
        """Everything in the text format of Prometheus."""
        self._connections.set(self._count_connections())
        registry = self._registry
        if self._folder is not None:
            from prometheus_client.multiprocess import MultiProcessCollector  # noqa: PLC0415 - see above

            registry = self._library.CollectorRegistry()
            MultiProcessCollector(registry, str(self._folder))  # type: ignore[no-untyped-call] # the library is untyped
        content = self._library.generate_latest(registry)
        return Response(content, media_type=self._library.CONTENT_TYPE_LATEST)


def _remove_ended(folder: Path) -> None:
    """Take away what workers that have ended say of the present; what they counted stays."""
    for path in folder.glob("gauge_livesum_*.db"):
        if not is_running(int(path.stem.rpartition("_")[2])):
            path.unlink(missing_ok=True)
