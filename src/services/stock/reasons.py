"""Why stock was changed: a tenant's reason codes, and whether one fits an act."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain.actor import Author
from domain.errors import CommentRequired, Invalid, RootCauseRequired, UnknownReason
from domain.quantities import plain
from models import reasons, stock, tenants
from models.lists.reasons import REASON_CODES
from models.session import Session
from services import checks, records
from services.lists import Reader

reason_codes = Reader(REASON_CODES)

DIRECTIONS = ("INCREASE", "DECREASE", "BOTH")
CATEGORIES = (
    "COUNT",
    "DAMAGE",
    "EXPIRY",
    "LOSS",
    "FOUND",
    "CONSUMPTION",
    "CORRECTION",
    "RETURN",
    "TRANSFER",
)
CONTEXTS_MAX = 20
REGULATED = "HEALTHCARE"


async def choose(
    session: Session, values: Mapping[str, Any], context: str, default: str | None = None
) -> Any:
    """The reason that the values name by `reason_code_id` or `reason_code`, else the default's.

    None where nothing is named, and the default is retired or not there.

    Raises:
        UnknownReason: it is not there, retired, or not for this context.
    """
    id, code = values.get("reason_code_id"), values.get("reason_code")
    field = "reasonCodeId" if id else "reasonCode"
    if not id and not code:
        found = await session.one_or_none(reasons.named(None, default)) if default else None
        return found if found is not None and found.active else None
    return fitting(await session.one_or_none(reasons.named(id, code)), field, context)


def fitting(row: Any, field: str, context: str) -> Any:
    """The reason that this field has named, if it is there, not retired, and for this context.

    Raises:
        UnknownReason: it is not.
    """
    if row is None:
        raise UnknownReason(field, f"There is no reason code with this {field}.")
    if not row.active:
        raise UnknownReason(field, f"The reason code {row.code} is retired.")
    if row.contexts and context not in row.contexts:
        raise UnknownReason(
            field, f"The reason code {row.code} is for {', '.join(row.contexts)}, not {context}."
        )
    return row


async def check(
    session: Session, values: Mapping[str, Any], reason: Any, deltas: Sequence[Decimal]
) -> None:
    """Refuse what the reason, or the tenant's rules about causes, do not allow for these changes.

    Raises:
        UnknownReason: the reason is for changes of the other direction.
        CommentRequired, RootCauseRequired: it must be told and is not.
    """
    checks.notes(values, "comment", "root_cause")
    checks.texts(values, "reference")
    if reason is not None:
        _check_direction(values, reason, deltas)
        if reason.requires_comment and not (values.get("comment") or "").strip():
            raise CommentRequired("comment", f"The reason code {reason.code} needs a comment.")
    largest = max((-delta for delta in deltas), default=Decimal(0))
    if largest <= 0 or (values.get("root_cause") or "").strip():
        return
    settings = await session.one(tenants.settings())
    limit = settings.root_cause_quantity
    if settings.industry_pack == REGULATED and limit is not None and largest >= limit:
        text = f"A decrease of {plain(limit)} units or more needs a root cause here."
        raise RootCauseRequired("rootCause", text, limit=plain(limit))


def _check_direction(values: Mapping[str, Any], reason: Any, deltas: Sequence[Decimal]) -> None:
    wrong = {
        "INCREASE": any(delta < 0 for delta in deltas),
        "DECREASE": any(delta > 0 for delta in deltas),
    }
    if wrong.get(reason.direction, False):
        field = "reasonCode" if values.get("reason_code") else "reasonCodeId"
        word = "increases" if reason.direction == "INCREASE" else "decreases"
        raise UnknownReason(field, f"The reason code {reason.code} is for {word} only.")


async def create(session: Session, values: Mapping[str, Any]) -> Any:
    """Make a reason code.

    Raises:
        Invalid: a value breaks a rule.
        AlreadyExists: the code or the id is taken.
    """
    _check_values(values)
    return await records.add(session, stock.reason_codes, "Reason code", "reason_", values)


async def update(
    session: Session, id: str, values: Mapping[str, Any], expected_version: int | None
) -> Any:
    """Change a reason code; one that is not `active` is retired, and stays in the history.

    Raises:
        Invalid: a value breaks a rule.
        NotFound: there is none.
        StaleVersion: it is not at the expected version.
        AlreadyExists: the code is taken.
    """
    _check_values(values)
    table = stock.reason_codes
    row = await records.get_locked(session, table, "Reason code", id, expected_version)
    return await records.change(session, table, row, values)


def _check_values(values: Mapping[str, Any]) -> None:
    checks.codes(values, "code")
    checks.texts(values, "name", "category")
    checks.one_of(values, "direction", DIRECTIONS)
    contexts = values.get("contexts") or []
    if len(contexts) > CONTEXTS_MAX:
        raise Invalid("contexts", f"There are at most {CONTEXTS_MAX} contexts.")
    for context in contexts:
        checks.words({"contexts": context}, "contexts")


@dataclass(frozen=True, slots=True)
class Retired:
    """A reason code that was retired; no stock is touched by that."""

    reason_code: Any
    touched: Sequence[tuple[str, str]] = ()


async def retire(
    session: Session, _author: Author, id: str, expected_version: int | None
) -> Retired:
    """Let a reason code be used no more.

    Raises:
        NotFound: there is none.
        StaleVersion: it is not at the expected version.
    """
    return Retired(await update(session, id, {"active": False}, expected_version))
