"""start(): a running server, whoever started it; the last to leave stops it."""

import atexit
import contextlib
import os
from pathlib import Path
from urllib.parse import quote

from gateway.embedded import cluster as clusters
from gateway.embedded import locks
from gateway.embedded.account import Account, choose_account, socket_folder
from gateway.embedded.binaries import find_bindir, major_version, runnable_by
from gateway.embedded.cluster import OWNER_ROLE, PORT, Cluster
from gateway.problems import Problem

APP_GROUP = "stockgraph_app"
SERVER_ROLE = "stockgraph_server"
DATABASE = "stockgraph"

# Psql's \gexec runs each row that the query gives as a statement: `if not exists` for roles.
# The lock is against the psql of a process that was killed: it may still be at the same.
BOOTSTRAP = rf"""
select pg_advisory_lock(7239114002);
select 'create role {APP_GROUP} nologin'
 where not exists (select from pg_roles where rolname = '{APP_GROUP}') \gexec
select 'create role {SERVER_ROLE} login nosuperuser nobypassrls inherit'
 where not exists (select from pg_roles where rolname = '{SERVER_ROLE}') \gexec
grant {APP_GROUP} to {SERVER_ROLE};
select 'create database {DATABASE}'
 where not exists (select from pg_database where datname = '{DATABASE}') \gexec
"""  # noqa: S608 - the names are the constants above


class Handle:
    """One user of the server. `close` it, or end: the server stops with its last user."""

    def __init__(self, cluster: Cluster, use: locks.Use) -> None:
        self._cluster = cluster
        self._use: locks.Use | None = use
        self.owner_url, self.app_url = self.urls(DATABASE)
        atexit.register(self.close)

    @property
    def bindir(self) -> Path:
        """The folder of the programs that run here: psql, pg_dump and their like."""
        return self._cluster.bindir

    def urls(self, database: str) -> tuple[str, str]:
        """Return the addresses of a database for its owner and for the program."""
        folder = quote(str(self._cluster.socket), safe="/")
        where = f"@/{quote(database, safe='')}?host={folder}&port={PORT}"
        return f"postgresql://{OWNER_ROLE}{where}", f"postgresql://{SERVER_ROLE}{where}"

    def create_database(self, name: str, template: str | None = None) -> tuple[str, str]:
        """Make a database, as a copy of `template` if given, and return its two addresses.

        Raises:
            Problem: the name is taken, or somebody is connected to the template.
        """
        copied = f" template {_identifier(template)}" if template else ""
        self._cluster.sql(f"create database {_identifier(name)}{copied}")
        return self.urls(name)

    def drop_database(self, name: str) -> None:
        """Remove a database if it exists, and end its sessions."""
        self._cluster.sql(f"drop database if exists {_identifier(name)} with (force)")

    def close(self) -> None:
        """Leave the server, and stop it when nobody else uses it. Does nothing a second time."""
        if self._use is None:
            return
        use, self._use = self._use, None
        atexit.unregister(self.close)
        try:
            # Without its folder there is no server to stop.
            with contextlib.suppress(FileNotFoundError), locks.starting(self._cluster.root):
                if use.is_last():
                    clusters.shut_down(self._cluster)
        finally:
            use.leave()


def start(root: Path, bindir: Path | None = None) -> Handle:
    """Return a handle on the running server of the folder `root`; starts it when none runs.

    Makes the folder, the cluster, the roles and the database when they are missing. Any number of
    processes may call it at once. Blocks: up to a second for a new folder, some milliseconds for
    a server that runs.

    Raises:
        Problem: the folder cannot be used, or the server does not start.
    """
    root = _prepare(root)
    with locks.starting(root):
        use = locks.Use(root)
        try:
            return Handle(_running(root, bindir), use)
        except BaseException:
            use.leave()
            raise


def stop(root: Path, bindir: Path | None = None, *, force: bool = False) -> bool:
    """Stop a server that nobody uses, left by a killed process; say whether one was stopped.

    Raises:
        Problem: somebody uses it and `force` is not set.
    """
    if not (root / "data").exists():
        return False
    root = _prepare(root)
    with locks.starting(root):
        use = locks.Use(root)
        try:
            if not use.is_last() and not force:
                raise Problem(
                    "The database is in use by another process: end that first, or add --force."
                )
            cluster = _attached(root, bindir)
            running = clusters.wait_until_settled(cluster)
            clusters.shut_down(cluster)
            return running
        finally:
            use.leave()


def _prepare(root: Path) -> Path:
    """Make the folder: nobody but us may look in, but root's helper user must pass through.

    Raises:
        Problem: it cannot be made or written to.
    """
    root = root.expanduser().resolve()
    try:
        if not root.exists():
            root.mkdir(parents=True)
            root.chmod(0o711 if os.geteuid() == 0 else 0o700)
        (root / "start.lock").touch(mode=0o600)
    except OSError as error:
        raise Problem(
            f"The folder {root} cannot be used ({error.strerror}): make it writable or choose "
            "another STOCKGRAPH_DATA_DIR."
        ) from error
    return root


def _attached(root: Path, bindir: Path | None) -> Cluster:
    """Describe the cluster of `root` as far as asking, connecting and stopping need it."""
    data = root / "data"
    account = choose_account(data)
    if account.dropped:
        _refuse_closed(root, account)
    programs = find_bindir(bindir, clusters.version(data) if data.exists() else None)
    # Whoever started a server may have had another folder for temporary files.
    socket = clusters.recorded_socket(data) or socket_folder(root, account)
    return Cluster(root, programs, account, socket)


def _refuse_closed(root: Path, account: Account) -> None:
    """Refuse a folder that root's helper user cannot reach; nothing outside it is ever opened up.

    Raises:
        Problem: names the folder on the way that is closed.
    """
    for folder in (root, *root.parents):
        if not account.may_pass(folder):
            raise Problem(
                f"PostgreSQL runs as {account.name} here, who may not enter {folder}: choose "
                "another STOCKGRAPH_DATA_DIR, start as another user, or set DATABASE_URL."
            )


def _running(root: Path, bindir: Path | None) -> Cluster:
    """Return the cluster with its server running and its roles and database made."""
    cluster = _attached(root, bindir)
    if not clusters.wait_until_settled(cluster):
        programs = runnable_by(cluster.account, cluster.bindir, root)
        cluster = Cluster(root, programs, cluster.account, socket_folder(root, cluster.account))
        clusters.remove_unfinished(root)
        if not cluster.data.exists():
            clusters.create(cluster, major_version(programs))
        clusters.launch(cluster)
    marker = cluster.data / "stockgraph.ready"
    if not marker.exists():
        cluster.sql(BOOTSTRAP)
        marker.touch()
    return cluster


def _identifier(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'
