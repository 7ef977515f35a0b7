"""/health/live and /health/ready, for whoever restarts the process and sends requests to it."""

import signal
import threading
from collections.abc import Callable, Mapping
from functools import partial
from types import FrameType
from typing import Any

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from domain.errors import GatewayError
from models.session import Database
from services import guard

RETRY_SECONDS = 2

_Handler = Callable[[int, FrameType | None], Any]

log = structlog.get_logger(__name__)


class Health:
    """Live while the process answers; ready while requests may be sent to it."""

    def __init__(self, database: Database, detail: Callable[[], Mapping[str, Any]]) -> None:
        self._database = database
        self._detail = detail
        self.is_draining = False

    async def live(self, _request: Request) -> Response:
        """The process answers; nothing else is looked at."""
        return JSONResponse({"status": "live"}, headers={"Cache-Control": "no-store"})

    async def ready(self, _request: Request) -> Response:
        """Ready unless the server is stopping, or the database or its schema is not as needed.

        Drift of a ledger is told and changes nothing of it: sending requests elsewhere mends none.
        """
        reason = "DRAINING" if self.is_draining else await self._fault()
        headers = {"Cache-Control": "no-store"}
        if reason is None:
            return JSONResponse({"status": "ready", **self._detail()}, headers=headers)
        headers["Retry-After"] = str(RETRY_SECONDS)
        return JSONResponse({"status": "not ready", "reason": reason}, 503, headers)

    def drain_on_signals(self) -> None:
        """Say "not ready" from the signal that asks the server to stop, before it is obeyed."""
        if threading.current_thread() is not threading.main_thread():
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            previous = signal.getsignal(number)
            if not callable(previous):
                continue

            signal.signal(number, partial(self._drain, previous))

    def _drain(self, obey: _Handler, number: int, frame: FrameType | None) -> None:
        self.is_draining = True
        obey(number, frame)

    async def _fault(self) -> str | None:
        try:
            return None if await guard.is_current(self._database) else "OTHER_SCHEMA"
        except GatewayError:
            return "DATABASE_UNREACHABLE"
        except Exception as error:
            log.warning("not_ready", exc_info=error)
            return "DATABASE_FAILS"
