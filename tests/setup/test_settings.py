import itertools
import json
from pathlib import Path

import pytest

from commands import run
from gateway.cli.settings import hide_password
from gateway.problems import Problem
from gateway.settings import Settings, default_text, load_settings, variable

PROJECT = Path(__file__).parents[2]


@pytest.mark.parametrize("page", ["README.md", "docs/settings.md"])
def test_the_table_of_settings_has_each_with_its_default_and_meaning(page: str) -> None:
    lines = (PROJECT / page).read_text().splitlines()
    table = lines[lines.index("| Variable | Default | Meaning |") + 2 :]

    assert list(itertools.takewhile(lambda line: line.startswith("|"), table)) == [
        f"| `{variable(name)}` | {default_text(field)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("STOCKGRAPH_PORT", "70000", "input should be less than or equal to 65535"),
        (
            "STOCKGRAPH_DB_PREPARED",
            "maybe",
            "input should be a valid boolean, unable to interpret input",
        ),
        ("STOCKGRAPH_LOG_LEVEL", "loud", "input should be 'debug', 'info', 'warning' or 'error'"),
        ("STOCKGRAPH_PUBLIC_URL", "stock.org", "it must begin with http:// or https://"),
        ("DATABASE_URL", "mysql://root:secret@db/x", "it must begin with postgresql://"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_in_one_sentence(
    name: str, text: str, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, text)

    with pytest.raises(Problem) as caught:
        load_settings()

    value = "" if "secret" in text else f"={text!r}"
    assert str(caught.value) == f"{name}{value} does not fit: {fault}; docs/settings.md says more."


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_the_spellings_of_a_postgresql_address_are_one(
    scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"{scheme}://user@host/stock")

    settings = load_settings()

    assert settings.database_url == "postgresql://user@host/stock"
    assert settings.owner_url == "postgresql://user@host/stock"


def test_an_empty_variable_is_an_unset_one_and_an_argument_goes_before_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("STOCKGRAPH_HOST", "")
    monkeypatch.setenv("STOCKGRAPH_PORT", "9000")

    settings = load_settings(port=9001, workers=None)

    assert (settings.host, settings.port, settings.workers) == ("127.0.0.1", 9001, 1)


def test_another_process_gets_the_same_settings_by_its_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = load_settings(port=9001, database_url="postgresql://u@h/d", db_prepared=False)
    for name, text in settings.environment().items():
        monkeypatch.setenv(name, text)

    assert load_settings() == settings


@pytest.mark.parametrize(
    ("host", "public_url", "expected"),
    [
        ("127.0.0.1", None, "http://localhost:8000"),
        ("0.0.0.0", None, "http://localhost:8000"),
        ("10.1.2.3", None, "http://10.1.2.3:8000"),
        ("fe80::1", None, "http://[fe80::1]:8000"),
        ("0.0.0.0", "https://stock.example.com/", "https://stock.example.com"),
    ],
)
def test_the_address_for_clients(host: str, public_url: str | None, expected: str) -> None:
    assert load_settings(host=host, public_url=public_url).base_url == expected


def test_the_command_prints_value_origin_and_meaning_and_hides_passwords() -> None:
    url = "postgresql://user:s3cret@host/stock?password=s3cret&sslmode=require"

    done = run("settings", "--json", DATABASE_URL=url, STOCKGRAPH_PORT="9000")

    assert done.code == 0
    rows = {row["name"]: row for row in json.loads(done.stdout)}
    assert rows["DATABASE_URL"]["value"] == (
        "postgresql://user:***@host/stock?password=***&sslmode=require"
    )
    assert rows["STOCKGRAPH_PORT"] == {
        "name": "STOCKGRAPH_PORT",
        "value": "9000",
        "origin": "environment",
        "meaning": "Port to listen on; 0 takes a free one.",
    }
    assert rows["STOCKGRAPH_DB_PREPARED"]["value"] == "on"
    assert [row["origin"] for row in rows.values()].count("environment") == 3


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://u:s3@cret@h/x", "postgresql://u:***@h/x"),
        ("postgresql://u:s3/cret@h/x", "postgresql://u:***@h/x"),
        ("postgresql://u@h/x?sslpassword=s3cret&a=b", "postgresql://u@h/x?sslpassword=***&a=b"),
        ("postgresql://u@h:5432/x", "postgresql://u@h:5432/x"),
    ],
)
def test_no_part_of_a_password_is_shown_however_it_is_written(url: str, shown: str) -> None:
    assert hide_password(url) == shown


def test_the_command_tells_of_a_variable_that_is_no_setting() -> None:
    done = run("settings", STOCKGRAPH_PROT="9000")

    assert done.code == 0
    assert "STOCKGRAPH_PORT = 8000  (default)\n    Port to listen on" in done.stdout
    assert done.stderr == "STOCKGRAPH_PROT is set and is no setting; STOCKGRAPH_PORT is.\n"


def test_a_bad_setting_ends_a_command_with_one_sentence_and_no_traceback() -> None:
    done = run("settings", STOCKGRAPH_WORKERS="none")

    assert (done.code, done.stdout) == (1, "")
    assert done.stderr.startswith("STOCKGRAPH_WORKERS='none' does not fit: input should be a valid")
    assert done.stderr.count("\n") == 1
