"""Decides on what was found: posts variances as changes of now, keeps the book, or counts again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.actor import Actor
from domain.count_errors import LineResolved, StillCounting
from domain.errors import DuplicateLine, Forbidden, Invalid, NotFound
from domain.machines.cycle_counts import CYCLE_COUNTS
from domain.machines.cycle_counts import CycleCountAction as A
from domain.permissions import Permission
from domain.quantities import ZERO
from models import counting, postings
from models import records as statements
from models.session import Session
from services import abc, checks
from services.cycle_counts import freezing, outcomes, reading, rules
from services.cycle_counts.deciding import (
    ACCEPT,
    ADJUST_TO,
    ALL,
    RECOUNT,
    WITHIN,
    Act,
    Choice,
    Decided,
    Resolution,
    accepted,
    decide,
    refusal,
    unapproved,
)
from services.cycle_counts.outcomes import REGISTER, Outcome
from services.documents import Advance
from services.stock import acting

_BOTH = (Permission.INVENTORY_CYCLECOUNT, Permission.INVENTORY_READ)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolve:
    """Decisions on lines of a count; `rest` accepts others: WITHIN_TOLERANCE, or ALL."""

    count_id: str
    resolutions: Sequence[Resolution] = ()
    rest: str | None = None
    comment: str | None = None
    expected_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Lines of a count whose variance somebody approves."""

    count_id: str
    line_ids: Sequence[str]
    comment: str | None = None
    expected_version: int | None = None


async def resolve(session: Session, actor: Actor, wish: Resolve) -> Outcome:
    """Decide on lines. A count on whose lines nothing is left to decide is posted.

    What a line differs by is computed under the lock of its level, from the ledger as of the
    moment at which it was counted, and posted as a change of now: what was sold since is not
    undone. The level rows of all lines stay locked until the transaction ends. Lines without a
    variance need no decision: the last one takes them along.

    Raises:
        StillCounting, IllegalStep: the count is not to be reviewed.
        Forbidden: who may not read stock does more than accept what is within tolerance.
        NotFound, DuplicateLine, LineResolved, Invalid and its kinds: a decision breaks a rule.
        ApprovalRequired: another than the counter must accept or approve so large a variance.
        InsufficientStock: less than nothing would be there now; it must be counted again.
        CountedSince: the bucket was counted again since, in another count.
        UnknownReason, CommentRequired, RootCauseRequired: the cause is not told as it must be.
    """
    checks.notes({"comment": wish.comment}, "comment")
    count = await _reviewed(session, wish.count_id, A.RESOLVE, wish.expected_version)
    if not wish.resolutions and wish.rest is None:
        raise Invalid("resolutions", "At least one resolution is needed.")
    is_blind = Permission.INVENTORY_READ not in actor.permissions
    if is_blind:
        _check_blind(wish)
    lines = await _locked(session, count, None if not is_blind else _named(wish))
    choices = _choices(wish, lines)
    act = Act(actor, count, await abc.settings(session), wish.comment)
    if is_blind:
        await _check_guesses(session, choices, act.settings)
    for choice in choices:
        if choice.target is not None and (refused := refusal(act, choice)):
            raise refused
    if not is_blind:
        choices += _rest(act, wish.rest, lines, choices)
    decided = await decide(session, act, choices)
    return await _resolved(session, act, choices, decided, lines)


async def adjust(session: Session, actor: Actor, count: Any) -> Decided:
    """Accept what is within tolerance of a count that is being completed."""
    lines = await _locked(session, count, None)
    act = Act(actor, count, await abc.settings(session))
    return await decide(session, act, accepted(act, WITHIN, lines.values()))


async def approve(session: Session, actor: Actor, wish: Approval) -> Outcome:
    """Approve what lines differ by; anybody may then accept them.

    Raises:
        ApprovalRequired: it is who counted them that approves.
        StillCounting, IllegalStep, NotFound, LineResolved: as of `resolve`.
    """
    checks.notes({"comment": wish.comment}, "comment")
    count = await _reviewed(session, wish.count_id, A.APPROVE, wish.expected_version)
    if not wish.line_ids:
        raise Invalid("lineIds", "At least one line is needed.")
    lines = {line.id: line for line in (await reading.lines_of(session, [count.id]))[count.id]}
    for index, id in enumerate(wish.line_ids):
        line = _open_line(lines, id, f"lineIds[{index}]")
        if line.counted_by["id"] == actor.author.id:
            raise unapproved(line, f"lineIds[{index}]")
    author = {"id": actor.author.id, "name": actor.author.name}
    await session.run(counting.approve(wish.line_ids, author))
    told = Advance(action=A.APPROVE, comment=wish.comment)
    count = await REGISTER.advance(session, actor.author, count, told)
    several = "line" if len(wish.line_ids) == 1 else "lines"
    message = f"Approved {len(wish.line_ids)} {several} of {count.number}."
    return await outcomes.of(session, count.id, message)


async def _reviewed(session: Session, id: str, action: A, version: int | None) -> Any:
    """The locked count, if it is to be reviewed."""
    count = await REGISTER.get_locked(session, id, None, version)
    steps = CYCLE_COUNTS.at(count.status)
    if count.status not in ("REVIEW", *CYCLE_COUNTS.final):
        details = {"status": count.status, "allowedActions": [str(one.action) for one in steps]}
        raise StillCounting("The count is not completed yet.", field="batchId", details=details)
    CYCLE_COUNTS.step(count.status, action)
    return count


def _named(wish: Resolve) -> set[str]:
    return {resolution.line_id for resolution in wish.resolutions}


async def _locked(session: Session, count: Any, ids: set[str] | None) -> dict[str, Any]:
    """The lines of a count, after the levels of those still to be decided on were locked.

    In two reads: what a sum is compared with must not be older than the lock.
    """
    found = (await reading.lines_of(session, [count.id]))[count.id]
    keys = [
        (line.location_id, line.product_id, line.bin_id, line.lot_id)
        for line in found
        if line.status in rules.OPEN and (ids is None or line.id in ids)
    ]
    if keys:
        await session.one(postings.lock_parts(keys))
        pairs = sorted({key[:2] for key in keys})
        places = [location for location, _ in pairs], [product for _, product in pairs]
        await session.one(postings.lock_levels(*places))
    return {line.id: line for line in (await reading.lines_of(session, [count.id]))[count.id]}


def _choices(wish: Resolve, lines: Mapping[str, Any]) -> list[Choice]:
    """The lines that decisions name, each once."""
    chosen: dict[str, int] = {}
    choices = []
    for index, resolution in enumerate(wish.resolutions):
        place = f"resolutions[{index}]"
        line = _open_line(lines, resolution.line_id, f"{place}.lineId")
        other = chosen.setdefault(line.id, index)
        if other != index:
            text = f"{place} is for the same line as resolutions[{other}]."
            raise DuplicateLine(place, text, line=other)
        checks.notes({f"{place}.comment": resolution.comment}, f"{place}.comment")
        if (resolution.action == ADJUST_TO) == (resolution.quantity is None):
            text = f"{place}.quantity goes with ADJUST_TO, and is required there."
            raise Invalid(f"{place}.quantity", text)
        if resolution.quantity is not None:
            acting.quantity(line, resolution.quantity, f"{place}.quantity", ZERO)
        choices.append(Choice(line, resolution, place))
    return choices


def _open_line(lines: Mapping[str, Any], id: str, name: str) -> Any:
    line = lines.get(id)
    if line is None:
        raise NotFound("Line", name)
    if line.status not in rules.OPEN:
        text = "The line was skipped, or it was decided on already."
        raise LineResolved(text, field=name, details={"lineId": id})
    return line


def _check_blind(wish: Resolve) -> None:
    """Who may not read stock may accept what is within tolerance, and nothing else."""
    if wish.rest is not None or any(one.action != ACCEPT for one in wish.resolutions):
        raise Forbidden(required=sorted(_BOTH))


async def _check_guesses(
    session: Session, choices: Sequence[Choice], settings: abc.Settings
) -> None:
    """Refuse what is beyond tolerance, or may be a number that was found by trying."""
    ids = [choice.line.id for choice in choices]
    tried = {row.id: row.numbers for row in await session.all(counting.guesses(ids))}
    for choice in choices:
        line = choice.line
        is_safe = (
            rules.is_within(line, settings)
            and tried.get(line.id, 0) == 1
            and not rules.needs_approval(line, choice.delta, settings)
            and line.present + choice.delta >= 0
        )
        if not is_safe:
            raise Forbidden(required=sorted(_BOTH))


def _rest(
    act: Act, rest: str | None, lines: Mapping[str, Any], chosen: Sequence[Choice]
) -> list[Choice]:
    """What is accepted along with the named lines: what was asked for, and what does not differ."""
    named = {choice.line.id for choice in chosen}
    others = [line for line in lines.values() if line.id not in named]
    along = accepted(act, rest or (WITHIN if act.count.auto_adjust else None), others)
    named |= {choice.line.id for choice in along}
    left = [line for line in others if line.id not in named and line.status in rules.OPEN]
    is_last = not any(choice.resolution.action == RECOUNT for choice in chosen)
    if is_last and all(line.variance == 0 for line in left):
        along += accepted(act, ALL, left)
    return along


async def _resolved(
    session: Session,
    act: Act,
    choices: Sequence[Choice],
    decided: Decided,
    lines: Mapping[str, Any],
) -> Outcome:
    """The count after decisions: counted again, still to be reviewed, or posted."""
    again = [c.line.id for c in choices if c.resolution.action == RECOUNT]
    if again:
        await session.run(counting.recount(again))
    left = [
        id for id, line in lines.items() if line.status in rules.OPEN and id not in decided.line_ids
    ]
    to = "RECOUNT" if again else "REVIEW" if left else "POSTED"
    values = {} if to != "POSTED" else {"posted_at": await session.scalar(statements.now())}
    told = Advance(
        action=A.RESOLVE,
        to=to,
        values=values,
        comment=act.comment,
        posting_id=decided.posting_id,
        told={"postingIds": decided.posting_ids},
    )
    count = await REGISTER.advance(session, act.actor.author, act.count, told)
    if again:
        await freezing.begin(session, act.actor, count)
    parts = [f"Resolved {len(decided.line_ids)}"] if decided.line_ids else []
    parts += [f"{len(again)} to be counted again"] if again else []
    message = f"{', '.join(parts)}: {count.number} is {count.status}."
    return await outcomes.of(session, count.id, message, decided.entries)
