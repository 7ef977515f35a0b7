"""`./run serve` as a process: from its start to its end by whatever signal."""

import json
import os
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from commands import Done, command, environment, run
from gateway import embedded
from server_user import postgres_processes
from services import keys
from world import World

START_SECONDS = 60


class Server:
    """A server in a process group of its own, as a terminal starts it."""

    def __init__(self, *arguments: str, **variables: str) -> None:
        self.process = subprocess.Popen(
            command("serve", "--port", "0", *arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(STOCKGRAPH_EXPLORER="off", **variables),
            start_new_session=True,
        )
        assert self.process.stdout
        found = re.fullmatch(r"Serving on (http://\S+)\n", self.process.stdout.readline())
        if found is None:
            raise AssertionError(self.process.communicate()[1])
        self.url = found[1]

    def get(self, path: str, key: str = "") -> tuple[int, Any]:
        """Return the status and the JSON body of an answer."""
        request = urllib.request.Request(f"{self.url}{path}")
        request.add_header("Authorization", f"Bearer {key}")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refusal:
            return refusal.code, json.load(refusal)

    def accepts(self) -> bool:
        """Whether it still takes connections."""
        where = urlsplit(self.url)
        with socket.socket() as one:
            return one.connect_ex((where.hostname, where.port)) == 0

    def interrupt(self) -> None:
        """Press Ctrl-C: every process of the group gets it."""
        os.killpg(self.process.pid, signal.SIGINT)

    def terminate(self) -> None:
        """Ask the process that was started to end, as a service manager does."""
        self.process.send_signal(signal.SIGTERM)

    def hang_up(self) -> None:
        """Close the terminal: every process of the group is told."""
        os.killpg(self.process.pid, signal.SIGHUP)

    def wait(self) -> int:
        """Return the exit code once it has ended."""
        self.process.communicate(timeout=60)
        return self.process.returncode

    def kill(self) -> None:
        """Kill it and all that it has started and that has stayed in its group."""
        with_group = self.process.poll() is None
        if with_group:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()


@pytest.fixture
def variables(urls: tuple[str, str]) -> dict[str, str]:
    """The settings that lead a command to the tests' database."""
    return {"DATABASE_URL": urls[1]}


@pytest.fixture
async def key(world: World) -> str:
    """A key to the test's tenant."""
    async with world.write() as session:
        return (await keys.create(session, keys.KeyWish(name="k", scopes=["*"]))).plain


@pytest.mark.parametrize(
    ("workers", "ending"),
    [
        ("1", "interrupt"),
        ("1", "terminate"),
        ("2", "hang_up"),
        pytest.param("2", "interrupt", marks=pytest.mark.long),
    ],
)
def test_a_request_in_flight_is_answered_before_the_server_ends(
    workers: str,
    ending: str,
    variables: dict[str, str],
    key: str,
) -> None:
    server = Server("--workers", workers, **variables)
    body = b'{"query": "{ __typename }"}'
    where = urlsplit(server.url)
    try:
        with socket.create_connection((where.hostname, where.port), timeout=60) as connection:
            answer = connection.makefile("rb")
            connection.sendall(
                b"POST /graphql HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
                b"Authorization: Bearer %b\r\nContent-Length: %d\r\n"
                b"Expect: 100-continue\r\n\r\n" % (key.encode(), len(body))
            )
            # It asks for the body: so the request has begun, and is in flight until that comes.
            assert answer.readline() == b"HTTP/1.1 100 Continue\r\n"
            assert answer.readline() == b"\r\n"

            getattr(server, ending)()
            # Of several workers the parent keeps the port open to the end.
            while workers == "1" and server.accepts():
                time.sleep(0.05)
            assert server.process.poll() is None
            connection.sendall(body)

            assert answer.readline() == b"HTTP/1.1 200 OK\r\n"
            assert answer.read().endswith(b'{"data":{"__typename":"Query"}}')
        assert server.wait() == 0
    finally:
        server.kill()


def test_the_built_in_database_is_started_upgraded_and_stopped_with_the_server(root: Path) -> None:
    server = Server(STOCKGRAPH_DATA_DIR=str(root))
    try:
        assert server.get("/health/ready") == (200, {"status": "ready"})
        assert postgres_processes(root) != []

        server.terminate()

        assert server.wait() == 0
        assert postgres_processes(root) == []
    finally:
        server.kill()


def test_a_command_beside_the_server_does_not_stop_its_database(root: Path) -> None:
    server = Server(STOCKGRAPH_DATA_DIR=str(root))
    try:
        made = run("tenants", "create", "one", STOCKGRAPH_DATA_DIR=str(root))
        assert made.code == 0
        wish = ["--tenant", "one", "--name", "k", "--permission", "*"]
        key = run("keys", "create", *wish, STOCKGRAPH_DATA_DIR=str(root)).stdout.strip()

        assert server.get("/api/inventory?limit=1", key)[0] == 200
        server.interrupt()
        assert server.wait() == 0
    finally:
        server.kill()


def test_after_a_kill_of_the_server_its_workers_end_and_the_next_start_serves(root: Path) -> None:
    first = Server("--workers", "2", STOCKGRAPH_DATA_DIR=str(root))
    first.process.kill()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            first.get("/health/live")
        except OSError:  # refused, or cut off in the middle of an answer
            break
        time.sleep(0.1)
    assert time.monotonic() < deadline
    first.kill()

    second = Server(STOCKGRAPH_DATA_DIR=str(root))
    try:
        assert second.get("/health/ready") == (200, {"status": "ready"})
        second.terminate()
        assert second.wait() == 0
        assert postgres_processes(root) == []
    finally:
        second.kill()


def test_a_port_in_use_is_one_sentence_and_starts_nothing(root: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])

        done = run("serve", "--port", port, STOCKGRAPH_DATA_DIR=str(root))

    assert done == Done(
        1,
        "",
        f"Port {port} on 127.0.0.1 cannot be used (Address already in use): end the program "
        "that has it, or choose another with STOCKGRAPH_PORT (0 takes a free one).\n",
    )
    assert not root.exists()


def test_a_host_that_is_none_of_this_machines_is_one_sentence(root: Path) -> None:
    done = run("serve", "--host", "192.0.2.1", STOCKGRAPH_DATA_DIR=str(root))

    assert done == Done(
        1,
        "",
        "The address 192.0.2.1 cannot be listened on (Cannot assign requested address): set "
        "STOCKGRAPH_HOST to one of this machine's, such as 127.0.0.1 or 0.0.0.0.\n",
    )


def test_a_role_that_row_security_does_not_bind_is_refused_in_one_sentence(
    urls: tuple[str, str],
) -> None:
    done = run("serve", "--port", "0", DATABASE_URL=urls[0])

    assert (done.code, done.stdout) == (1, "")
    assert done.stderr.startswith("The role stockgraph_owner is a superuser, whom row security ")
    assert done.stderr.count("\n") == 1


def test_a_database_without_the_schema_is_refused_unless_its_owner_is_given(
    server: embedded.Handle,
) -> None:
    name = f"bare {os.getpid()}"
    owner_url, app_url = server.create_database(name)
    try:
        done = run("serve", "--port", "0", DATABASE_URL=app_url)

        assert done.code == 1
        assert re.fullmatch(
            r"The database has no tables of Stockgraph and this program needs \d{4}: run "
            r"`./run db upgrade` with DATABASE_OWNER_URL set to the role that owns the tables.\n",
            done.stderr,
        )
        served = Server(DATABASE_URL=app_url, DATABASE_OWNER_URL=owner_url)
        assert served.get("/health/ready") == (200, {"status": "ready"})
        served.terminate()
        assert served.wait() == 0
    finally:
        server.drop_database(name)
