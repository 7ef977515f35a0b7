"""Which operating-system user runs the server, and where its socket lies.

PostgreSQL refuses to run as root: started by root, the server runs as `postgres`, else `nobody`.
"""

import hashlib
import os
import pwd
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.problems import Problem

# The address of a unix socket has room for 107 bytes on Linux and 103 on macOS, file name included.
SOCKET_FOLDER_BYTES = 100 - len("/.s.PGSQL.5432")


@dataclass(frozen=True)
class Account:
    """The user that the server's processes run as."""

    uid: int
    gid: int
    name: str
    dropped: bool
    """True when we are root and the account is another."""

    def subprocess_arguments(self) -> dict[str, Any]:
        """Return what makes `subprocess.run` start its program as this user."""
        if not self.dropped:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def may_pass(self, folder: Path) -> bool:
        """Say whether this user gets through the folder to what is in it."""
        found = folder.stat()
        shift = 6 if found.st_uid == self.uid else 3 if found.st_gid == self.gid else 0
        return bool(found.st_mode >> shift & 1)

    def own(self, folder: Path) -> None:
        """Make an existing folder private to this user."""
        if self.dropped:
            os.chown(folder, self.uid, self.gid)
        folder.chmod(0o700)


def choose_account(data: Path) -> Account:
    """Choose who runs the server on `data`.

    An existing data folder keeps its owner, so that installing a `postgres` user later does not
    lock the server out.

    Raises:
        Problem: this user has no name, which initdb needs.
    """
    if os.geteuid() != 0:
        return _named(os.geteuid(), dropped=False)
    owner = data.stat().st_uid if data.exists() else 0
    if owner != 0:
        return _named(owner, dropped=True)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, name, dropped=True)
    raise Problem(
        "PostgreSQL does not run as root and there is no user postgres or nobody here: "
        "make one, start as another user, or set DATABASE_URL."
    )


def _named(uid: int, *, dropped: bool) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise Problem(
            f"The user id {uid} has no name on this system, which the built-in PostgreSQL needs: "
            "add it to /etc/passwd or set DATABASE_URL."
        ) from None
    return Account(uid, entry.pw_gid, entry.pw_name, dropped=dropped)


def socket_folder(root: Path, account: Account) -> Path:
    """Return the folder of the server's socket, made and private to the server's user.

    It is `root/s`, or a folder for temporary files when that path is too long for a socket, or has
    a comma, which clients take for the end of a host's name.

    Raises:
        Problem: the short folder exists and belongs to somebody else.
    """
    folder = root / "s"
    if len(os.fsencode(folder)) <= SOCKET_FOLDER_BYTES and "," not in str(folder):
        folder.mkdir(exist_ok=True)
        account.own(folder)
        return folder
    digest = hashlib.sha256(os.fsencode(root)).hexdigest()[:12]
    name = f"stockgraph-pg-{account.uid}-{digest}"
    for parent in (tempfile.gettempdir(), "/tmp"):  # noqa: S108 - made 0700, its owner checked
        short = Path(parent) / name
        if len(os.fsencode(short)) <= SOCKET_FOLDER_BYTES:
            return _private(short, account)
    raise Problem(f"The path {root} is too long for a socket: choose another STOCKGRAPH_DATA_DIR.")


def _private(folder: Path, account: Account) -> Path:
    """Make `folder` private in a place that others can write to, and trust only what is ours."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        account.own(folder)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {account.uid, os.geteuid()}:
        raise Problem(
            f"The folder {folder} belongs to another user, so the built-in PostgreSQL does not put "
            "its socket there: remove it or choose a shorter STOCKGRAPH_DATA_DIR."
        )
    account.own(folder)
    return folder
