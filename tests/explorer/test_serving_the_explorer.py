from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from explorer_checkout import Checkout
from gateway.explorer import Explorer
from gateway.explorer_build import Builds
from gateway.explorer_sessions import ExplorerSessions

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
KEY = "bdk_live_key"


@pytest.fixture
def builds(checkout: Checkout) -> Builds:
    builds = Builds(checkout.root)
    builds.build(lambda _step: None)
    return builds


@pytest.fixture
def sessions(tmp_path: Path) -> ExplorerSessions:
    return ExplorerSessions(tmp_path / "sessions")


def make_client(
    builds: Builds, sessions: ExplorerSessions, *, is_secure: bool = False
) -> httpx2.AsyncClient:
    explorer = Explorer(builds, sessions, is_secure=is_secure)
    app = Starlette(routes=[Route("/graphql", explorer.page), *explorer.routes])
    return httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app), base_url="http://test", headers=BROWSER
    )


async def test_serves_the_page_under_a_strict_policy(
    builds: Builds, sessions: ExplorerSessions
) -> None:
    response = await make_client(builds, sessions).get("/graphql")

    assert response.text == "<title>Stockgraph explorer</title>\n"
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "connect-src 'self'; font-src 'self' data:; img-src 'self' data:; worker-src 'self'; "
        "base-uri 'none'; frame-ancestors 'none'; form-action 'none'"
    )


@pytest.mark.parametrize(
    ("accepted", "encoding", "text"),
    [
        ("gzip, deflate, br", "br", "compressed\n"),
        ("gzip;q=0.5", "gzip", "zipped\n"),
        ("br;q=0, gzip;q=0", None, "export {}\n"),
        ("", None, "export {}\n"),
    ],
)
async def test_serves_files_compressed_as_the_browser_takes_them_and_for_ever(
    builds: Builds, sessions: ExplorerSessions, accepted: str, encoding: str | None, text: str
) -> None:
    client = make_client(builds, sessions)

    async with client.stream(
        "GET", f"/graphql/explorer/{builds.name}/explorer.js", headers={"Accept-Encoding": accepted}
    ) as response:
        raw = b"".join([chunk async for chunk in response.aiter_raw()])

    assert (raw.decode(), response.headers.get("content-encoding")) == (text, encoding)
    assert response.headers["content-type"] == "text/javascript; charset=utf-8"
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert response.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "path",
    ["{build}/nothing.js", "0123456789abcdef/explorer.js", "{build}/../../package.json",
     "{build}/%2e%2e/%2e%2e/package.json", "{build}//etc/passwd", "{build}/chunks"],
)  # fmt: skip
async def test_serves_nothing_but_the_files_of_the_build(
    builds: Builds, sessions: ExplorerSessions, path: str
) -> None:
    response = await make_client(builds, sessions).get(
        f"/graphql/explorer/{path.format(build=builds.name)}"
    )

    assert response.status_code == 404


async def test_says_that_it_is_being_built_and_looks_again(
    checkout: Checkout, sessions: ExplorerSessions
) -> None:
    client = make_client(Builds(checkout.root), sessions)

    waiting = await client.get("/graphql")
    Builds(checkout.root).build(lambda _step: None)
    ready = await client.get("/graphql")

    assert (waiting.status_code, waiting.headers["retry-after"]) == (503, "2")
    assert "<h1>The explorer is being built</h1>" in waiting.text
    assert '<meta http-equiv="refresh" content="2">' in waiting.text
    assert "'unsafe-inline'" not in waiting.headers["content-security-policy"]
    assert ready.text == "<title>Stockgraph explorer</title>\n"


async def test_serves_what_was_built_anew_while_it_runs(
    checkout: Checkout, builds: Builds, sessions: ExplorerSessions
) -> None:
    client = make_client(builds, sessions)
    client.headers["Accept-Encoding"] = "identity"
    await client.get(f"/graphql/explorer/{builds.name}/explorer.js")
    (checkout.root / "ui" / "src" / "explorer.jsx").write_text("changed")
    newer = builds.renewed()
    newer.build(lambda _step: None)

    page = await client.get("/graphql")
    file = await client.get(f"/graphql/explorer/{newer.name}/explorer.js")

    assert (page.status_code, file.status_code) == (200, 200)


async def test_says_why_it_could_not_be_built_and_what_to_do(
    checkout: Checkout, sessions: ExplorerSessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BUNDLE_FAILS", "1")
    builds = Builds(checkout.root)
    with pytest.raises(Exception, match="Bundling"):
        builds.build(lambda _step: None)

    response = await make_client(builds, sessions).get("/graphql")

    assert response.status_code == 503
    assert "<h1>The explorer could not be built</h1>" in response.text
    assert (
        "Bundling the explorer failed (Error: no such module): check the network and run "
        "<code>./run ui</code>."
    ) in response.text


async def test_a_link_sets_a_cookie_that_no_script_can_read_and_leaves_the_address(
    builds: Builds, sessions: ExplorerSessions
) -> None:
    client = make_client(builds, sessions)

    response = await client.get(f"/graphql?token={sessions.issue_link(KEY)}&query=%7Bhello%7D")

    [(name, session)] = client.cookies.items()
    assert (response.status_code, response.headers["location"]) == (
        303,
        "/graphql?query=%7Bhello%7D",
    )
    assert (name, sessions.key_of(session)) == ("stockgraph_explorer", KEY)
    assert response.headers["set-cookie"] == (
        f"stockgraph_explorer={session}; HttpOnly; Max-Age=86400; Path=/graphql; SameSite=strict"
    )
    assert response.headers["referrer-policy"] == "no-referrer"


async def test_a_cookie_stays_on_encrypted_connections_where_there_are_any(
    builds: Builds, sessions: ExplorerSessions
) -> None:
    client = make_client(builds, sessions, is_secure=True)

    response = await client.get(f"/graphql?token={sessions.issue_link(KEY)}")

    assert response.headers["set-cookie"].endswith("; SameSite=strict; Secure")


async def test_a_used_link_leads_to_the_page_without_a_session(
    builds: Builds, sessions: ExplorerSessions
) -> None:
    token = sessions.issue_link(KEY)
    sessions.open(token)

    response = await make_client(builds, sessions).get(f"/graphql?token={token}")

    assert (response.status_code, response.headers["location"]) == (303, "/graphql#link-used")
    assert "set-cookie" not in response.headers


async def test_signing_out_ends_the_session(builds: Builds, sessions: ExplorerSessions) -> None:
    session = sessions.open(sessions.issue_link(KEY))
    assert session is not None
    client = make_client(builds, sessions)
    cookie = {"Cookie": f"stockgraph_explorer={session}"}

    foreign = await client.post(
        "/graphql/sign-out", headers={**cookie, "Sec-Fetch-Site": "same-site"}
    )
    assert (foreign.status_code, sessions.key_of(session)) == (204, KEY)

    own = await client.post(
        "/graphql/sign-out", headers={**cookie, "Sec-Fetch-Site": "same-origin"}
    )
    assert (own.status_code, sessions.key_of(session)) == (204, None)
