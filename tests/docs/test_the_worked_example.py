"""The tables of docs/promise.md are what the rules compute."""

import re
from decimal import Decimal
from pathlib import Path

from services.atp.rules import Cell, Mode, Numbers, Promised, Terms, cells

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "promise.md").read_text()
TIERS = ["HIGH", "MEDIUM", "LOW"]


def tables() -> dict[str, list[dict[str, str]]]:
    """The tables that follow a comment `<!-- example: … -->`, by its text."""
    found = {}
    for name, body in re.findall(r"<!-- example: (.*?) -->\n\n((?:\|.*\n)+)", TEXT):
        head, _, *rows = [
            [cell.strip() for cell in line.strip("|").split("|")] for line in body.splitlines()
        ]
        found[name] = [dict(zip(head, row, strict=True)) for row in rows]
    return found


def terms(rows: list[dict[str, str]]) -> list[Terms]:
    ranked = sorted(range(len(rows)), key=lambda i: (TIERS.index(rows[i]["tier"]), i))
    return [one(row, ranked.index(index)) for index, row in enumerate(rows)]


def one(row: dict[str, str], rank: int) -> Terms:
    said = {k: Decimal(v) for k, v in re.findall(r"(\w+) ([\d.]+)", row["policy"])}
    return Terms(
        channel_id=row["channel"],
        mode=Mode(row["mode"]),
        rank=rank,
        share=said.get("share", Decimal(0)),
        cap=said.get("cap"),
        safety_stock=said.get("safety", Decimal(0)),
        buffer=said.get("buffer", Decimal(0)),
    )


def shown(cell: Cell) -> dict[str, str]:
    return {
        "channel": cell.terms.channel_id,
        "onHand": str(cell.on_hand),
        "reserved": str(cell.reserved),
        "available": str(cell.available),
        "ATP": str(cell.atp),
        "severity": cell.severity.value,
    }


def test_computes_to_what_the_page_says() -> None:
    found = tables()
    channels = found.pop("channels")
    promised = {
        row["channel"]: Promised(Decimal(row["open promises"]), Decimal(row["quota left"]))
        for row in channels
    }

    assert len(found) == 2
    for given, expected in found.items():
        on_hand, expired, held, reserved = map(Decimal, re.findall(r"\d+", given))
        numbers = Numbers(on_hand, expired, held, reserved)
        made = cells(numbers, terms(channels), promised)
        written = [{k: v for k, v in row.items() if k != "because"} for row in expected]
        assert [shown(cell) for cell in made] == written
