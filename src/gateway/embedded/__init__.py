"""A PostgreSQL server of our own, for when DATABASE_URL is not set.

Several processes may use one data folder at once: the first to come starts the server, the last to
leave stops it, and the kernel's file locks say who is there, so that a killed process leaves
nothing behind that could lie.

    binaries    finds initdb, postgres and pg_ctl; copies them where another user can run them
    account     which user runs the server, and in which folder its socket lies
    cluster     makes the data folder, starts and stops the server on it
    locks       who is starting, who is using
    handle      start(), and what it gives back
"""

from gateway.embedded.binaries import find_bindir, find_program
from gateway.embedded.cluster import OWNER_ROLE
from gateway.embedded.handle import DATABASE, SERVER_ROLE, Handle, start, stop

__all__ = [
    "DATABASE",
    "OWNER_ROLE",
    "SERVER_ROLE",
    "Handle",
    "find_bindir",
    "find_program",
    "start",
    "stop",
]
