"""The application on HTTP as a process of its own, which may be killed, or kill itself.

Starts one for each line that it reads, the application's database URL, and prints its process id
and its own URL. After `--die` in the line that one kills itself right after the commit of the first
act that has an idempotency key, before anything is answered.
"""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import uvicorn
from typing_extensions import override

from gateway.app import create_app
from gateway.relay import relayed
from gateway.settings import load_settings
from models.session import Database, Session

RELAY_SECONDS = 0.02  # more often than a server does, which lives longer
KEPT = "stock_keep_outcome"


class Dying(Database):
    """A door behind which the process dies once an outcome is committed."""

    @override
    @asynccontextmanager
    async def write(self, tenant_id: UUID, **how: Any) -> AsyncIterator[Session]:
        said: list[str] = []
        self.listener = said.append
        async with super().write(tenant_id, **how) as session:
            yield session
        if any(KEPT in statement.lower() for statement in said):
            os.kill(os.getpid(), signal.SIGKILL)


async def main(url: str, *, dies: bool) -> None:
    database = (Dying if dies else Database)(url, pool_size=4, reference_bytes=2**20)
    app = create_app(load_settings(explorer=False, database_url=url), database)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="error", access_log=False)
    host, port = listener.getsockname()
    listener.listen()
    sys.stdout.write(f"{os.getpid()} http://{host}:{port}\n")
    sys.stdout.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads what it logs
    async with relayed(database, RELAY_SECONDS):
        await uvicorn.Server(config).serve([listener])


if __name__ == "__main__":
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    for line in sys.stdin:
        if os.fork() == 0:
            asyncio.run(main(line.split()[0], dies="--die" in line))
            break
