"""Decisions on lines of a count: whether each can be posted, and how it is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from domain.actor import Actor
from domain.count_errors import ApprovalRequired
from domain.errors import CountedSince, GatewayError, InsufficientStock, Invalid
from domain.machines.cycle_counts import CYCLE_COUNTS
from domain.quantities import ZERO, plain
from models import counting
from models.lists.ledger import entries_of
from models.session import Session
from services import abc
from services.cycle_counts import rules
from services.stock import Line, Posting, post, reasons

ACCEPT, RECOUNT, ADJUST_TO, REJECT = "ACCEPT", "RECOUNT", "ADJUST_TO", "REJECT"
WITHIN, ALL = "WITHIN_TOLERANCE", "ALL"
_REASON = "COUNT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """A decision on a line; `quantity` is what it is adjusted to, as of when it was counted."""

    line_id: str
    action: str
    quantity: Decimal | None = None
    reason_code_id: str | None = None
    reason_code: str | None = None
    root_cause: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """Who decides on which count, under which settings, and what he says."""

    actor: Actor
    count: Any
    settings: abc.Settings
    comment: str | None = None


@dataclass(slots=True)
class Decided:
    """What was decided on in one act, and what it posted."""

    line_ids: set[str] = field(default_factory=set)
    entries: list[Any] = field(default_factory=list)
    posting_ids: list[str] = field(default_factory=list)

    @property
    def posting_id(self) -> str | None:
        """The only posting, where it is one."""
        return self.posting_ids[0] if len(self.posting_ids) == 1 else None


@dataclass(frozen=True, slots=True)
class Choice:
    """A line with what is decided on it; `field` names the decision, '' where nobody named it."""

    line: Any
    resolution: Resolution
    field: str

    @property
    def target(self) -> Decimal | None:
        """What the book is to have held when the line was counted; None keeps it."""
        if self.resolution.action in (REJECT, RECOUNT):
            return None
        wished = self.resolution.quantity
        return self.line.counted_qty if self.resolution.action == ACCEPT else wished

    @property
    def delta(self) -> Decimal:
        """By how much the bucket changes now."""
        return ZERO if self.target is None else self.target - self.line.book


async def decide(session: Session, act: Act, choices: Sequence[Choice]) -> Decided:
    """Post what is accepted, one document for each reason, and keep the decisions."""
    decided = Decided()
    rows: list[dict[str, Any]] = []
    by_reason: dict[tuple[str | None, str | None], list[Choice]] = defaultdict(list)
    for choice in choices:
        if choice.resolution.action == REJECT:
            rows.append(_kept(act, choice, choice.line.inventory_item_id))
        elif choice.resolution.action != RECOUNT:
            named = choice.resolution.reason_code_id, choice.resolution.reason_code
            by_reason[named].append(choice)
    for group in by_reason.values():
        rows += await _post(session, act, group, decided)
    if rows:
        author = {"id": act.actor.author.id, "name": act.actor.author.name}
        await session.run(counting.resolve(rows, author))
    decided.line_ids = {row["id"] for row in rows}
    return decided


def refusal(act: Act, choice: Choice) -> GatewayError | None:
    """Why a change cannot be posted by this actor, or None."""
    line, delta = choice.line, choice.delta
    if line.last_counted_at is not None and line.last_counted_at > line.counted_at:
        text = "The bucket was counted again since, in another count."
        details = {"lineId": line.id, "countedAt": line.last_counted_at.isoformat()}
        return CountedSince(text, field=choice.field, details=details)
    if line.present + delta < 0:
        text = "More has left since it was counted than was found: count it again."
        details = {"lineId": line.id, "onHand": plain(line.present), "asked": plain(-delta)}
        return InsufficientStock(text, field=choice.field, details=details)
    is_own = line.counted_by["id"] == act.actor.author.id
    if is_own and rules.needs_approval(line, delta, act.settings):
        return unapproved(line, choice.field)
    return None


def accepted(act: Act, rest: str | None, lines: Iterable[Any]) -> list[Choice]:
    """The lines that nobody named and that are to be accepted, as far as they can be posted."""
    found = []
    for line in lines:
        if line.status not in rules.OPEN:
            continue
        choice = Choice(line, Resolution(line_id=line.id, action=ACCEPT), "")
        is_wished = rest == ALL or (rest == WITHIN and rules.is_within(line, act.settings))
        if is_wished and refusal(act, choice) is None:
            found.append(choice)
    return found


def unapproved(line: Any, name: str) -> ApprovalRequired:
    """The refusal of a variance that its own counter may not decide on."""
    text = "Another than its counter must accept or approve so large a variance."
    return ApprovalRequired(text, field=name, details={"lineId": line.id})


async def _post(
    session: Session, act: Act, group: Sequence[Choice], decided: Decided
) -> list[dict[str, Any]]:
    """Post the lines that have one reason; their decisions as they are kept."""
    said = [choice.resolution for choice in group]
    values = {
        "reason_code_id": said[0].reason_code_id,
        "reason_code": said[0].reason_code,
        "comment": act.comment or next((one.comment for one in said if one.comment), None),
        "root_cause": _cause(said),
    }
    reason = await _reason(session, values, group)
    posted = await post(
        session,
        Posting(
            kind="COUNT",
            author=act.actor.author,
            lines=[_line(choice) for choice in group],
            reason_code_id=None if reason is None else reason.id,
            root_cause=values["root_cause"],
            reference=act.count.number,
            comment=values["comment"],
            document_type=CYCLE_COUNTS.kind,
            document_id=act.count.id,
        ),
    )
    moments = [
        max(choice.line.counted_at, choice.line.last_counted_at or choice.line.counted_at)
        for choice in group
    ]
    items = [entry.inventory_item_id for entry in posted.entries]
    await session.call(counting.SET_COUNTED, items, moments)
    decided.posting_ids.append(posted.id)
    decided.entries += await session.all(entries_of(posted.id))
    why = {"posting_id": posted.id, "reason_code_id": None if reason is None else reason.id}
    return [_kept(act, *one) | why for one in zip(group, items, strict=True)]


async def _reason(session: Session, values: Mapping[str, Any], group: Sequence[Choice]) -> Any:
    """The reason of lines that are posted together; a refusal names the first decision."""
    try:
        reason = await reasons.choose(session, values, _REASON, _REASON)
        await reasons.check(session, values, reason, [choice.delta for choice in group])
    except Invalid as error:
        if place := group[0].field:
            error.field = f"{place}.{error.field}"
        raise
    return reason


def _cause(said: Sequence[Resolution]) -> str | None:
    """The root cause of the lines: what was told as such, or what was said about one."""
    causes = (one.root_cause or one.comment for one in said)
    return next((cause for cause in causes if cause), None)


def _line(choice: Choice) -> Line:
    """A change of now; a line without a variance says that the bucket holds what it holds."""
    line = choice.line
    return Line(
        product_id=line.product_id,
        location_id=line.location_id,
        bin_id=line.bin_id,
        lot_id=line.lot_id,
        **({"delta": choice.delta} if choice.delta else {"target": line.present}),
    )


def _kept(act: Act, choice: Choice, item_id: str | None) -> dict[str, Any]:
    line = choice.line
    return {
        "id": line.id,
        "inventory_item_id": item_id,
        "expected_qty": line.book,
        "resolved_qty": choice.target,
        "unit_cost": line.cost,
        "within_tolerance": rules.is_within(line, act.settings),
        "resolution": choice.resolution.action,
        "comment": choice.resolution.comment,
    }
