"""The HTTP server: one process or several on one socket, and their orderly end."""

import asyncio
import contextlib
import errno
import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import Callable
from multiprocessing.connection import wait

import structlog
import uvicorn
from starlette.types import ASGIApp
from typing_extensions import override
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from gateway import garbage, logs
from gateway.app import create_app, refuse_unguarded
from gateway.problems import Problem
from gateway.settings import Settings, load_settings, unknown_variables
from models.session import Database

# How long requests in flight may take to end after the server was asked to stop.
GRACE_SECONDS = 30
WORKER_START_SECONDS = 60
BACKLOG = 2048

log = structlog.get_logger(__name__)

Announce = Callable[[], None]


def listen(settings: Settings) -> tuple[socket.socket, Settings]:
    """Take the port before anything else is started, and say in the settings which it is.

    Raises:
        Problem: the address cannot be listened on.
    """
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, address = found[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        raise Problem(_not_listening(settings, error)) from error
    return listener, settings.model_copy(update={"port": listener.getsockname()[1]})


def _not_listening(settings: Settings, error: OSError) -> str:
    other_port = "choose another with STOCKGRAPH_PORT (0 takes a free one)."
    if error.errno == errno.EADDRINUSE:
        cure = f"end the program that has it, or {other_port}"
    elif error.errno == errno.EACCES:
        cure = f"only root may use that port here: {other_port}"
    else:
        return (
            f"The address {settings.host} cannot be listened on ({error.strerror}): set "
            "STOCKGRAPH_HOST to one of this machine's, such as 127.0.0.1 or 0.0.0.0."
        )
    return f"Port {settings.port} on {settings.host} cannot be used ({error.strerror}): {cure}"


def run(settings: Settings, listener: socket.socket, announce: Announce) -> None:
    """Serve until SIGINT or SIGTERM, then let the requests in flight end and return.

    `announce` is called once, when requests are answered. The settings hold the database's address.

    Raises:
        Problem: the database does not keep tenants apart; or the server does not start, and the log
            says why.
    """
    logs.configure(settings)
    for name, meant in unknown_variables().items():
        log.warning("unknown_setting", name=name, meant=meant)
    asyncio.run(_refuse_unguarded(settings))
    if settings.workers > 1:
        _run_workers(settings, listener, announce)
        return
    server = _Server(_config(application(settings), settings), announce)
    # Having served to the end, uvicorn sends itself the signal once more, for whoever started it.
    with contextlib.suppress(KeyboardInterrupt):
        server.run([listener])


async def _refuse_unguarded(settings: Settings) -> None:
    """Ask here what each worker asks again, since here a refusal is a sentence and no log line."""
    database = _database(settings)
    try:
        await refuse_unguarded(database)
    finally:
        await database.close()


def application(settings: Settings) -> ASGIApp:
    """Return the application on its own pool of connections, which it closes when it ends."""
    with garbage.lasting():
        return create_app(settings, _database(settings))


def _database(settings: Settings) -> Database:
    assert settings.database_url, "the command has found or started a database"
    return Database(
        settings.database_url,
        pool_size=settings.db_pool_size,
        prepared=settings.db_prepared,
        reference_bytes=settings.reference_cache_mb * 2**20,
    )


def worker() -> ASGIApp:
    """Return the application of one worker process, whose settings come by the environment."""
    settings = load_settings()
    logs.configure(settings)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # the parent gets it too, and ends its workers
    threading.Thread(target=_end_with_parent, daemon=True).start()
    return application(settings)


def _end_with_parent() -> None:
    """End this worker when its parent was killed, so that it does not keep the port."""
    parent = multiprocessing.parent_process()
    assert parent is not None, "a worker is started by the process that listens"
    wait([parent.sentinel])
    os.kill(os.getpid(), signal.SIGTERM)


def _run_workers(settings: Settings, listener: socket.socket, announce: Announce) -> None:
    os.environ.update(settings.environment())
    workers = _Workers(_config("gateway.serve:worker", settings), [listener], announce)
    workers.run()
    if any(process.exitcode == STARTUP_FAILURE for process in workers.processes):
        raise Problem("The server did not start: its log says why.")


def _config(application: ASGIApp | str, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        factory=isinstance(application, str),
        workers=settings.workers,
        lifespan="on",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


class _Server(uvicorn.Server):
    """One process's server, which says when it answers."""

    def __init__(self, config: uvicorn.Config, announce: Announce) -> None:
        super().__init__(config)
        self._announce = announce

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._announce()


class _Workers(Multiprocess):
    """Several processes on one socket, which say when all of them answer."""

    def __init__(
        self, config: uvicorn.Config, sockets: list[socket.socket], announce: Announce
    ) -> None:
        super().__init__(config, sockets)
        self._announce = announce

    @override
    def init_processes(self) -> None:
        super().init_processes()
        # Signals are queued meanwhile; the loop that comes next looks at them.
        if all(process.wait_until_ready(WORKER_START_SECONDS) for process in self.processes):
            self._announce()

    @override
    def handle_hup(self) -> None:
        self.handle_term()
