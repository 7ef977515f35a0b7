import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gateway.explorer_sessions import LINK_SECONDS, SESSION_SECONDS, ExplorerSessions

KEY = "bdk_live_0123456789abcdefghijklmnop"


@pytest.fixture
def sessions(tmp_path: Path) -> ExplorerSessions:
    return ExplorerSessions(tmp_path / "explorer")


def age(folder: Path, seconds: float) -> None:
    then = time.time() - seconds
    for path in (folder / "explorer").iterdir():
        os.utime(path, (then, then))


def test_a_link_opens_a_session_of_its_key(sessions: ExplorerSessions) -> None:
    session = sessions.open(sessions.issue_link(KEY))

    assert session is not None
    assert sessions.key_of(session) == KEY


def test_a_link_works_once_even_when_many_open_it_at_once(sessions: ExplorerSessions) -> None:
    token = sessions.issue_link(KEY)

    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(lambda _: sessions.open(token), range(32)))

    assert len([session for session in opened if session is not None]) == 1


def test_a_link_is_no_use_after_ten_minutes(sessions: ExplorerSessions, tmp_path: Path) -> None:
    token = sessions.issue_link(KEY)
    age(tmp_path, LINK_SECONDS + 1)

    assert sessions.open(token) is None


def test_a_session_ends_by_itself_after_a_day(sessions: ExplorerSessions, tmp_path: Path) -> None:
    session = sessions.open(sessions.issue_link(KEY))
    assert session is not None
    age(tmp_path, SESSION_SECONDS + 1)

    assert sessions.key_of(session) is None


def test_a_session_ends_when_it_is_closed(sessions: ExplorerSessions) -> None:
    session = sessions.open(sessions.issue_link(KEY))
    assert session is not None

    sessions.close(session)

    assert sessions.key_of(session) is None


def test_a_token_is_no_session_and_a_session_no_token(sessions: ExplorerSessions) -> None:
    token = sessions.issue_link(KEY)
    assert sessions.key_of(token) is None

    session = sessions.open(token)

    assert session is not None
    assert sessions.open(session) is None


@pytest.mark.parametrize("secret", ["", "unknown", "../../etc/passwd", "\0"])
def test_an_unknown_secret_opens_nothing(sessions: ExplorerSessions, secret: str) -> None:
    sessions.issue_link(KEY)

    assert (sessions.open(secret), sessions.key_of(secret)) == (None, None)


def test_what_lies_on_disk_shows_no_key_and_only_to_its_user(
    sessions: ExplorerSessions, tmp_path: Path
) -> None:
    token = sessions.issue_link(KEY)

    folder = tmp_path / "explorer"
    [file] = folder.iterdir()
    assert (folder.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)
    assert KEY.encode() not in file.read_bytes()
    assert token not in file.name


def test_what_has_expired_is_removed_when_the_next_link_is_made(
    sessions: ExplorerSessions, tmp_path: Path
) -> None:
    sessions.open(sessions.issue_link(KEY))
    sessions.issue_link(KEY)
    age(tmp_path, SESSION_SECONDS + 1)

    sessions.issue_link(KEY)

    assert len(list((tmp_path / "explorer").iterdir())) == 1
