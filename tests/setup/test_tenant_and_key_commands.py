import json
import re
from uuid import UUID

import asyncpg
import pytest

from commands import Done, run
from models.base import metadata
from models.session import Database
from services import keys, tenants
from world import World

NO_SUCH_TENANT = "There is no tenant 'nobody': `./run tenants list` shows those there are.\n"


@pytest.fixture
def variables(urls: tuple[str, str]) -> dict[str, str]:
    """The settings that lead a command to the tests' database."""
    return {"DATABASE_URL": urls[1], "DATABASE_OWNER_URL": urls[0]}


@pytest.fixture
def code(world: World) -> str:
    """The code of the test's tenant."""
    return world.code


async def test_create_makes_a_tenant_with_its_settings_and_only_once(
    variables: dict[str, str], database: Database, tenant_id: UUID
) -> None:
    made_code = f"made-{tenant_id}"
    settings = ["--name", "Made Ltd", "--time-zone", "Asia/Tokyo", "--currency", "JPY"]

    made = run("tenants", "create", made_code, *settings, "--json", **variables)
    again = run("tenants", "create", made_code, **variables)

    found = await tenants.get(database, made_code)
    assert json.loads(made.stdout) == {"id": str(found), "code": made_code}
    assert again == Done(1, "", "There is a tenant with this code already.\n")
    async with database.read(found) as session:
        row = await tenants.settings(session)
    assert (row.name, row.time_zone, row.currency) == ("Made Ltd", "Asia/Tokyo", "JPY")


def test_create_refuses_what_breaks_a_rule_in_one_sentence(variables: dict[str, str]) -> None:
    done = run("tenants", "create", "x", "--time-zone", "Mars/Base", **variables)

    assert done == Done(1, "", "timeZone must be a name such as Europe/Berlin.\n")


async def test_list_shows_every_tenant(
    variables: dict[str, str], code: str, tenant_id: UUID
) -> None:
    rows = json.loads(run("tenants", "list", "--json", **variables).stdout)
    lines = run("tenants", "list", **variables).stdout.splitlines()

    assert [row["id"] for row in rows if row["code"] == code] == [str(tenant_id)]
    assert len([line for line in lines if f"{code} " in line and str(tenant_id) in line]) == 1


async def rows_of(owner_url: str, tenant_id: UUID) -> dict[str, int]:
    """Return how many rows each table holds of a tenant, without those that hold none."""
    tables = [table.name for table in metadata.sorted_tables if "tenant_id" in table.c]
    owner = await asyncpg.connect(owner_url)
    try:
        counts = {
            table: await owner.fetchval(
                f"select count(*) from {table} where tenant_id = $1", tenant_id
            )
            for table in tables
        }
    finally:
        await owner.close()
    return {table: count for table, count in counts.items() if count}


async def test_delete_removes_the_tenant_with_everything_and_leaves_the_others(
    variables: dict[str, str], world: World, other_world: World, database: Database
) -> None:
    for one in (world, other_world):
        parent = await one.category()
        product = await one.product(category_id=(await one.category(parent=parent)).id)
        await one.stock(product, await one.location(), 10, lot=await one.lot(product))
        await one.policy(await one.channel())
    name = world.code
    run("keys", "create", "--tenant", name, "--name", "k", "--permission", "*", **variables)
    owner_url = variables["DATABASE_OWNER_URL"]
    others = await rows_of(owner_url, other_world.tenant_id)
    rows = await rows_of(owner_url, world.tenant_id)

    unconfirmed = run("tenants", "delete", name, **variables)
    assert unconfirmed == Done(
        1,
        "",
        f"This removes the tenant {name} and everything that it has. Add --yes if that is meant.\n",
    )
    assert await rows_of(owner_url, world.tenant_id) == rows

    done = run("tenants", "delete", name, "--yes", "--json", **variables)

    assert json.loads(done.stdout) == {"code": name, "rows": sum(rows.values()) + 1}
    assert await rows_of(owner_url, world.tenant_id) == {}
    assert await tenants.find(database, name) is None
    assert await rows_of(owner_url, other_world.tenant_id) == others


async def test_a_key_is_alone_on_stdout_and_lets_its_holder_in(
    variables: dict[str, str], database: Database, code: str, tenant_id: UUID
) -> None:
    options = ["--name", "try", "--permission", "inventory.read", "--permission", "products.read"]

    made = run("keys", "create", "--tenant", code, *options, **variables)

    assert made.code == 0
    assert made.stdout.count("\n") == 1
    credential = await keys.authenticate(database, made.stdout.strip())
    assert credential.actor.tenant_id == tenant_id
    assert sorted(credential.actor.permissions) == ["inventory.read", "products.read"]
    assert (credential.per_minute, credential.per_hour) == (100, 1000)
    assert credential.seconds_left is None


@pytest.mark.parametrize(
    ("options", "limits"),
    [
        (["--unlimited"], (None, None)),
        (["--per-minute", "5"], (5, 1000)),
        (["--per-minute", "5", "--per-hour", "50"], (5, 50)),
    ],
)
def test_a_key_has_the_limits_it_was_given(
    options: list[str],
    limits: tuple[int | None, int | None],
    variables: dict[str, str],
    code: str,
) -> None:
    wish = ["--tenant", code, "--name", "try", "--permission", "*", "--json", *options]

    made = json.loads(run("keys", "create", *wish, **variables).stdout)

    assert (made["perMinute"], made["perHour"]) == limits


def test_unlimited_and_a_limit_do_not_go_together(variables: dict[str, str], code: str) -> None:
    wish = [
        "--tenant",
        code,
        "--name",
        "try",
        "--permission",
        "*",
        "--unlimited",
        "--per-hour",
        "1",
    ]

    done = run("keys", "create", *wish, **variables)

    assert done.code == 2
    assert "--unlimited goes with neither --per-minute nor --per-hour." in done.stderr


async def test_a_revoked_key_is_listed_as_such_and_lets_nobody_in(
    variables: dict[str, str], code: str
) -> None:
    wish = ["--tenant", code, "--permission", "*", "--json", "--expires", "2999-01-31"]
    first = json.loads(run("keys", "create", "--name", "first", *wish, **variables).stdout)
    second = json.loads(run("keys", "create", "--name", "second", *wish, **variables).stdout)

    revoked = run("keys", "revoke", first["id"], "--tenant", code, **variables)

    assert revoked == Done(0, f"Revoked {first['id']} (first).\n", "")
    rows = json.loads(run("keys", "list", "--tenant", code, "--json", **variables).stdout)
    assert [(row["name"], row["status"]) for row in rows] == [
        ("second", "ACTIVE"),
        ("first", "REVOKED"),
    ]
    assert rows[0] == {name: value for name, value in second.items() if name != "key"} | {
        "key": f"{second['key'][:15]}…{second['key'][-4:]}"
    }
    assert second["expiresAt"] == "2999-01-31T00:00:00+00:00"
    assert run("keys", "list", "--tenant", code, **variables).stdout.splitlines() == [
        f"{row['id']}  {row['status']:<8} {row['key']}  {row['name']}: *" for row in rows
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ["keys", "create", "--name", "x", "--permission", "*", "--tenant", "nobody"],
        ["keys", "list", "--tenant", "nobody"],
        ["keys", "revoke", "key_x", "--tenant", "nobody"],
        ["tenants", "delete", "nobody", "--yes"],
    ],
)
def test_a_tenant_that_is_not_there_is_one_sentence(
    arguments: list[str], variables: dict[str, str]
) -> None:
    assert run(*arguments, **variables) == Done(1, "", NO_SUCH_TENANT)


def test_a_key_that_is_not_there_and_a_permission_that_is_none_are_one_sentence(
    variables: dict[str, str], code: str
) -> None:
    assert run("keys", "revoke", "key_x", "--tenant", code, **variables) == Done(
        1, "", f"There is no key 'key_x': `./run keys list --tenant {code}` shows what there is.\n"
    )
    wish = ["--tenant", code, "--name", "try", "--permission", "inventory.reed"]
    done = run("keys", "create", *wish, **variables)
    assert (done.code, done.stdout) == (1, "")
    assert re.fullmatch(
        r"'inventory\.reed' is not a permission\. There are admin\.channelpolicies\.write, .*, "
        r"inventory\.read, .*; a whole area such as inventory\.\*, and '\*'\.\n",
        done.stderr,
    )


@pytest.mark.parametrize("option", ["--per-minute", "--per-hour"])
def test_a_limit_of_nothing_is_refused(option: str, variables: dict[str, str], code: str) -> None:
    wish = ["--tenant", code, "--name", "try", "--permission", "*", option, "0"]

    done = run("keys", "create", *wish, **variables)

    assert (done.code, done.stdout) == (2, "")
    assert f"Invalid value for '{option}'" in done.stderr
