"""What `./run db verify` does and says."""

import json
from collections.abc import Sequence

from models.session import Database
from resolvers.scalars import instant_text
from services import ledger_health, tenants
from services.ledger_health import Check, Report

Found = tuple[str, Report]  # a tenant's code, and what was found


async def verify(database: Database, code: str | None) -> list[Found]:
    """Check the ledger of this tenant, or of all.

    Raises:
        NotFound: there is no such tenant.
    """
    if code is not None:
        named = [(await tenants.get(database, code), code)]
    else:
        named = [(id, each) for id, each, _ in await tenants.listed(database)]
    return [(each, await ledger_health.verify(database, id)) for id, each in named]


def as_text(found: Sequence[Found]) -> str:
    """What was found, for people."""
    return "\n".join(line for code, report in found for line in _lines(code, report))


def _lines(code: str, report: Report) -> list[str]:
    state = f"{report.drift} numbers are off" if report.drift else "every number is right"
    lines = [f"{code}: {state} ({len(report.checks)} invariants, {report.milliseconds} ms)."]
    for check in report.checks:
        if check.drift:
            lines.append(f"  {check.name}: {check.drift}")
            lines += [f"    {f['id']}: {f['kept']}, should be {f['derived']}" for f in check.worst]
    return lines


def as_json(found: Sequence[Found]) -> str:
    """What was found, for programs."""
    return json.dumps(
        [
            {
                "tenant": code,
                "checkedAt": instant_text(report.checked_at),
                "milliseconds": report.milliseconds,
                "drift": report.drift,
                "checks": [_check(check) for check in report.checks],
            }
            for code, report in found
        ],
        indent=2,
    )


def _check(check: Check) -> dict[str, object]:
    return {"name": check.name, "drift": check.drift, "worst": list(check.worst)}
