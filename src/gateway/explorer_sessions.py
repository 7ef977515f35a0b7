"""How the explorer gets a key: a link that works once becomes a cookie that works for a day.

Nobody types a key into the page, and no script can read it. Both the link's token and the cookie
are random secrets; a file named by the secret's hash holds the key, covered by a stream that only
the secret gives, so that what lies on disk is of no use by itself. Files make it work for any
number of worker processes, and removing one is what makes a link work once.
"""

import hashlib
import os
import secrets
import time
from pathlib import Path

COOKIE = "stockgraph_explorer"
LINK_SECONDS = 10 * 60
SESSION_SECONDS = 24 * 60 * 60


class ExplorerSessions:
    """The links and sessions of one server, kept in a folder that only its user can read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def issue_link(self, key: str) -> str:
        """A token for `/graphql?token=…` that signs in as this key, once, within 10 minutes."""
        return self._put("link", key)

    def open(self, token: str) -> str | None:
        """Use up a link's token for the secret of a new session; None when it is not valid."""
        path = self._path("link", token)
        used = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        try:
            path.rename(used)  # of several callers one succeeds
        except FileNotFoundError:
            return None
        key = _read(used, token, LINK_SECONDS)
        used.unlink()
        return self._put("session", key) if key is not None else None

    def key_of(self, session: str) -> str | None:
        """The key that a session's cookie stands for; None when it has ended."""
        return _read(self._path("session", session), session, SESSION_SECONDS)

    def close(self, session: str) -> None:
        """End a session now."""
        self._path("session", session).unlink(missing_ok=True)

    def _put(self, kind: str, key: str) -> str:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._remove_expired()
        secret = secrets.token_urlsafe(32)
        path = self._path(kind, secret)
        covered = _cover(key.encode(), secret)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(covered)
        return secret

    def _remove_expired(self) -> None:
        for path in self._folder.iterdir():
            if _age_seconds(path) > SESSION_SECONDS:
                path.unlink(missing_ok=True)

    def _path(self, kind: str, secret: str) -> Path:
        name = hashlib.sha256(f"{kind}:{secret}".encode()).hexdigest()
        return self._folder / f"{kind}-{name}"


def _read(path: Path, secret: str, lifetime_seconds: float) -> str | None:
    try:
        covered = path.read_bytes()
    except FileNotFoundError:
        return None
    if _age_seconds(path) > lifetime_seconds:
        return None
    return _cover(covered, secret).decode()


def _cover(text: bytes, secret: str) -> bytes:
    """Add a stream made from the secret; adding it again takes it away. One text a secret."""
    stream = hashlib.shake_256(f"key:{secret}".encode()).digest(len(text))
    return bytes(left ^ right for left, right in zip(text, stream, strict=True))


def _age_seconds(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")
