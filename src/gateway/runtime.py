"""Where the processes of one server share what need not outlive it."""

import multiprocessing
import os
import shutil
import tempfile
from pathlib import Path

from gateway.problems import Problem


def user_folder() -> Path:
    """A folder that only this user can look into, the same for all of their servers.

    Raises:
        Problem: somebody else has made it.
    """
    folder = Path(tempfile.gettempdir()) / f"stockgraph-{os.geteuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if folder.is_symlink() or status.st_uid != os.geteuid() or status.st_mode & 0o077:
        raise Problem(f"{folder} is not this user's own folder alone: remove it.")
    return folder


def explorer_folder() -> Path:
    """Where the links and sessions of the explorer are kept."""
    return user_folder() / "explorer"


def server_folder() -> Path:
    """A folder for the worker processes of this one server; those of ended servers are removed."""
    servers = user_folder() / "servers"
    servers.mkdir(mode=0o700, exist_ok=True)
    parent = multiprocessing.parent_process()
    own = str(parent.pid if parent else os.getpid())
    for folder in servers.iterdir():
        if folder.name != own and not is_running(int(folder.name)):
            shutil.rmtree(folder, ignore_errors=True)  # another worker may do the same
    (servers / own).mkdir(mode=0o700, exist_ok=True)
    return servers / own


def is_running(pid: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
