"""`./run import` and `./run export`, as processes of their own."""

import json
from pathlib import Path

import commands
from folders import SMALL, ImportFolder


def run(urls: tuple[str, str], *arguments: str | Path) -> commands.Done:
    settings = {"DATABASE_URL": urls[1], "DATABASE_OWNER_URL": urls[0]}
    return commands.run(*(str(one) for one in arguments), **settings)


def test_a_folder_goes_in_and_comes_out(
    folder: ImportFolder, urls: tuple[str, str], tmp_path: Path
) -> None:
    folder.write(**SMALL)
    tenant = f"new-{folder.tenant_id.hex[:12]}"

    first = run(urls, "import", folder.path, "--tenant", tenant, "--name", "Tea Ltd")
    again = run(urls, "import", folder.path, "--tenant", tenant, "--json")
    out = run(urls, "export", tmp_path / "out", "--tenant", tenant, "--json")

    lines = first.stdout.splitlines()
    assert (first.code, first.stderr) == (0, "")
    assert [line.split() for line in lines[:2]] == [
        ["file", "rows", "made", "changed", "unchanged"],
        ["products.csv", "2", "2", "0", "0"],
    ]
    assert lines[-1].startswith("Done: 3 ledger entries posted by import imp_")
    assert (again.code, json.loads(again.stdout)["changesNothing"]) == (0, True)
    assert json.loads(out.stdout)["rows"] == {
        "products.csv": 2,
        "locations.csv": 2,
        "reason_codes.csv": 12,
        "stock.csv": 3,
    }


def test_bad_rows_are_told_on_stderr_and_end_with_code_1(
    folder: ImportFolder, urls: tuple[str, str]
) -> None:
    folder.write(**SMALL).write(stock="sku,locationCode,quantity\nCUP,WH,1\n")
    tenant = f"new-{folder.tenant_id.hex[:12]}"

    told = run(urls, "import", folder.path, "--tenant", tenant)
    for_programs = run(urls, "import", folder.path, "--tenant", tenant, "--json")

    assert (told.code, told.stdout) == (1, "")
    assert told.stderr.splitlines() == [
        'stock.csv:2 sku "CUP": names no known product',
        "1 problem in the folder; nothing was posted.",
    ]
    assert for_programs.code == 1
    assert json.loads(for_programs.stdout)["problems"] == [
        {
            "file": "stock.csv",
            "line": 2,
            "column": "sku",
            "value": "CUP",
            "problem": "names no known product",
        }
    ]


def test_what_cannot_be_meant_is_one_sentence(folder: ImportFolder, urls: tuple[str, str]) -> None:
    tenant = f"new-{folder.tenant_id.hex[:12]}"

    answers = [
        run(urls, "import", "--tenant", tenant),
        run(urls, "import", folder.path / "none", "--tenant", tenant),
        run(urls, "import", folder.path, "--tenant", tenant, "--dry-run"),
        run(urls, "export", folder.path, "--tenant", tenant),
    ]

    assert [(one.code, one.stderr) for one in answers] == [
        (1, "Give the folder to import, or --resume or --abandon with an import's id.\n"),
        (1, f"There is no folder {folder.path}/none: give one with CSV files (docs/import.md).\n"),
        (1, f"A dry run needs a tenant that is there: ./run tenants create {tenant}\n"),
        (1, f"There is no tenant '{tenant}': `./run tenants list` shows those there are.\n"),
    ]


def test_after_a_refusal_the_same_command_goes_on_and_other_settings_are_refused(
    folder: ImportFolder, urls: tuple[str, str]
) -> None:
    folder.write(**SMALL).write(stock="sku,locationCode,quantity\nCUP,WH,1\n")
    tenant = f"new-{folder.tenant_id.hex[:12]}"
    command: list[str | Path] = ["import", folder.path, "--tenant", tenant, "--name", "Tea Ltd"]

    refused = run(urls, *command)
    folder.write(**SMALL)
    mended = run(urls, *command)
    renamed = run(urls, *command[:-1], "Coffee Ltd")

    assert (refused.code, mended.code) == (1, 0)
    assert renamed == commands.Done(
        1,
        "",
        f"The tenant {tenant} is there already, with other settings: --name and --time-zone are "
        "for new ones.\n",
    )
