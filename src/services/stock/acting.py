"""What all acts on stock share: steps are held against what is there and posted as one document."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from domain.actor import Author
from domain.errors import (
    DuplicateLine,
    GatewayError,
    InsufficientStock,
    LotRefused,
    QuantityRefused,
    StockHeld,
)
from domain.quantities import ZERO, exact, plain
from models import postings, stock_lines
from models.session import Session
from services.lots import control
from services.stock import changes, countering, reading, reasons
from services.stock.buckets import Bucket, Key, Values
from services.stock.changes import StockChange
from services.stock.opening import Opened
from services.stock.posting import Line, Posting, post_shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A change of one bucket: by `delta`, or to `target`; `number` is the field that says so."""

    bucket: Bucket
    number: str
    delta: Decimal | None = None
    target: Decimal | None = None
    expected: Decimal | None = None
    unit_cost: Decimal | None = None
    unit_price: Decimal | None = None
    channel_id: str | None = None
    occurred_at: datetime | None = None
    kind: str | None = None

    def line(self) -> Line:
        """The same as a line of a posting."""
        return Line(
            product_id=self.bucket.product.id,
            location_id=self.bucket.location_id,
            bin_id=self.bucket.bin_id,
            lot_id=self.bucket.lot_id,
            delta=self.delta,
            target=self.target,
            expected=self.expected,
            occurred_at=self.occurred_at,
            unit_cost=self.unit_cost,
            unit_price=self.unit_price,
            channel_id=self.channel_id,
            kind=self.kind,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """How steps are posted: as which kind, for which reason, under which rules.

    `values` hold the reason, root cause, comment and reference. `expected` is the name of the field
    that says what a bucket should hold. What `takes_held` may take units that are on hold; what
    `stays` keeps units in the house: none that is promised to a document leaves its bucket, and
    none comes in. `told` goes along with the event.
    """

    kind: str
    values: Values
    context: str
    default_reason: str | None = None
    takes_held: bool = False
    stays: bool = False
    expected: str = "expectedOnHand"
    document_type: str | None = None
    told: Mapping[str, Any] = field(default_factory=dict)
    document_id: str | None = None

    @property
    def reason_field(self) -> str:
        """The field by which the reason is named."""
        return "reasonCodeId" if self.values.get("reason_code_id") else "reasonCode"


async def perform(
    session: Session,
    author: Author,
    act: Act,
    steps: Sequence[Step],
    message: str | None = None,
    opened: Opened | None = None,
) -> StockChange:
    """Post the steps as one document; its message tells the sum of what changed unless given.

    The level rows of all its products stay locked until the transaction ends. Steps on one bucket
    are summed before they are checked. What was `opened` is neither locked nor read again.

    Raises:
        UnknownReason, CommentRequired, RootCauseRequired: the cause is not told as it must be.
        LotRefused: stock may not come in with that lot.
        DuplicateLine: two steps set one bucket.
        StockHeld: units that would be taken are on hold.
        InsufficientStock, StaleQuantity, PeriodClosed, CountedSince: as of a posting.
    """
    _check_targets(steps)
    reason, held = await _opened(session, act, steps, opened)
    posted_steps, now = await _countered(session, act, steps, held)
    deltas = _deltas(now, held)
    await reasons.check(session, act.values, reason, list(deltas.values()))
    if act.stays:
        _check_promises(steps, held, deltas)
    else:
        await _check_inbound(session, act, steps, held, deltas)
    if not act.takes_held:
        await _check_holds(session, steps, held, deltas)
    try:
        rows = await post_shown(session, _posting(author, act, posted_steps, reason))
    except GatewayError as refused:
        _rename(refused, act, posted_steps)
        raise
    if message is None:
        message = f"Adjusted {signed(sum((row.entry_delta for row in rows), ZERO))}"
    return changes.made(rows, message)


async def _opened(
    session: Session, act: Act, steps: Sequence[Step], opened: Opened | None
) -> tuple[Any, Mapping[Key, Any]]:
    """The reason, and the buckets by their keys, whose levels are locked."""
    if opened is not None:
        return reasons.fitting(opened.reason, act.reason_field, act.context), opened.held
    reason = await reasons.choose(session, act.values, act.context, act.default_reason)
    return reason, await lock(session, [step.bucket.key for step in steps])


async def _countered(
    session: Session, act: Act, steps: Sequence[Step], held: Mapping[Key, Any]
) -> tuple[Sequence[Step], Sequence[Step]]:
    """What is posted, and what of it changes stock now: not what a forced act tells too late."""
    if not act.values.get("force"):
        return steps, steps
    return await countering.counter(session, steps, held)


def _posting(author: Author, act: Act, steps: Sequence[Step], reason: Any) -> Posting:
    return Posting(
        kind=act.kind,
        author=author,
        lines=[step.line() for step in steps],
        reason_code_id=None if reason is None else reason.id,
        root_cause=act.values.get("root_cause"),
        reference=act.values.get("reference"),
        comment=act.values.get("comment"),
        document_type=act.document_type,
        told={**act.told, **({"forced": True} if act.values.get("force") else {})},
        document_id=act.document_id,
    )


def changed_by(product: Any, value: Any, field: str) -> Decimal:
    """A change of a quantity of the product.

    Raises:
        Invalid: it is no number that is kept exactly; QuantityRefused: it is 0 or off the step.
    """
    number = exact(value, field)
    if number == 0:
        raise QuantityRefused(field, f"{field} must not be 0.")
    return _stepped(product, number, field)


def quantity(product: Any, value: Any, field: str, least: Decimal | None = None) -> Decimal:
    """A quantity of the product: above 0, or at least `least`.

    Raises:
        Invalid: it is no number that is kept exactly; QuantityRefused: too small or off the step.
    """
    number = exact(value, field)
    if number < 0 or (least is None and number == 0):
        word = "above 0" if least is None else "0 or more"
        raise QuantityRefused(field, f"{field} must be {word}.")
    return _stepped(product, number, field)


def signed(number: Decimal) -> str:
    """`+50 units`."""
    word = "unit" if abs(number) == 1 else "units"
    return f"{plain(number):+f} {word}" if number else "0 units"


def _stepped(product: Any, number: Decimal, field: str) -> Decimal:
    step = product.quantity_step
    if number % step:
        raise QuantityRefused(
            field, f"{field} must be a multiple of {plain(step)}.", step=plain(step)
        )
    return number


def _check_targets(steps: Sequence[Step]) -> None:
    first: dict[Key, int] = {}
    for index, step in enumerate(steps):
        other = first.setdefault(step.bucket.key, index)
        if step.target is not None and other != index:
            field = step.bucket.field.rstrip(".")
            text = f"{field} sets the same bucket as {steps[other].bucket.field.rstrip('.')}."
            raise DuplicateLine(field, text, line=other)


async def lock(session: Session, keys: Sequence[Key]) -> dict[Key, Any]:
    """Lock what a posting on these buckets locks, in its order, and read them and their siblings.

    Gives every bucket of their products at their locations, by its key.
    """
    await session.one(postings.lock_buckets(keys))
    rows = await session.all(stock_lines.lines_of(sorted({key[:2] for key in keys})))
    return {(row.location_id, row.product_id, row.bin_id, row.lot_id): row for row in rows}


def _deltas(steps: Sequence[Step], held: Mapping[Key, Any]) -> dict[Key, Decimal]:
    """By how much each bucket changes in all; those that stay as they are are left out."""
    found: dict[Key, Decimal] = defaultdict(Decimal)
    for step in steps:
        key = step.bucket.key
        if step.target is not None:
            found[key] = step.target - (held[key].on_hand if key in held else ZERO)
        elif step.delta is not None:
            found[key] += step.delta
    return {key: delta for key, delta in found.items() if delta}


async def _check_inbound(
    session: Session,
    act: Act,
    steps: Sequence[Step],
    held: Mapping[Key, Any],
    deltas: Mapping[Key, Decimal],
) -> None:
    """Stock that comes in has the lot that its product needs; what is found again need not."""
    coming = [
        step
        for step in steps
        if deltas.get(step.bucket.key, ZERO) > 0
        and (act.kind in ("RECEIPT", "RETURN") or step.bucket.key not in held)
    ]
    if not coming:
        return
    lines = [
        control.InboundLine(product_id=step.bucket.product.id, lot_id=step.bucket.lot_id)
        for step in coming
    ]
    verdicts = await control.validate(session, lines)
    for step, verdict in zip(coming, verdicts, strict=True):
        for fault in verdict.errors:
            raise LotRefused(step.bucket.field + fault.field, fault.message, code=fault.code)


def _check_promises(
    steps: Sequence[Step], held: Mapping[Key, Any], deltas: Mapping[Key, Decimal]
) -> None:
    """Refuse to take units out of a bucket that are promised to documents."""
    for step in _taking(steps, deltas):
        row, asked = held.get(step.bucket.key), -deltas[step.bucket.key]
        if row is None or asked > row.on_hand or asked <= row.on_hand - row.reserved:
            continue
        raise InsufficientStock(
            f"{plain(asked)} would be taken; of {plain(row.on_hand)} on hand, "
            f"{plain(row.reserved)} are promised to documents.",
            field=step.bucket.field + step.number,
            details={"onHand": plain(row.on_hand), "reserved": plain(row.reserved)}
            | {"asked": plain(asked)},
        )


async def _check_holds(
    session: Session,
    steps: Sequence[Step],
    held: Mapping[Key, Any],
    deltas: Mapping[Key, Decimal],
) -> None:
    """Refuse to take units that are on hold: of a bucket, or of a product at a location."""
    taken: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for step in _taking(steps, deltas):
        row, asked = held.get(step.bucket.key), -deltas[step.bucket.key]
        if row is None or asked > row.on_hand:
            continue  # too little is there: the posting says so
        if asked > row.on_hand - row.held:
            raise _on_hold(step, row.on_hand, row.held, asked)
        if not row.expired:
            taken[step.bucket.pair] += asked
    levels = await reading.levels_by_pair(session, sorted(taken)) if taken else {}
    for step in _taking(steps, deltas):
        level, asked = levels.get(step.bucket.pair), taken[step.bucket.pair]
        if level is not None and asked > level.on_hand - level.expired - level.held:
            raise _on_hold(step, level.on_hand - level.expired, level.held, asked)


def _taking(steps: Sequence[Step], deltas: Mapping[Key, Decimal]) -> Iterator[Step]:
    """The first step on each bucket from which units are taken."""
    seen = set()
    for step in steps:
        key = step.bucket.key
        if deltas.get(key, ZERO) < 0 and key not in seen:
            seen.add(key)
            yield step


def _on_hold(step: Step, on_hand: Decimal, held: Decimal, asked: Decimal) -> StockHeld:
    return StockHeld(
        f"{plain(asked)} would be taken; of {plain(on_hand)} on hand, {plain(held)} are on hold.",
        field=step.bucket.field + step.number,
        details={"onHand": plain(on_hand), "held": plain(held), "asked": plain(asked)},
    )


def _rename(refused: GatewayError, act: Act, steps: Sequence[Step]) -> None:
    """Put the refusal of a posting in the words of the request; its line is the request's."""
    line = refused.details.get("line")
    if not isinstance(line, int) or refused.field is None:
        return
    step = steps[line]
    part = refused.field.rpartition(".")[2]
    names = {"delta": step.number, "target": step.number, "expected": act.expected}
    refused.field = step.bucket.field + names.get(part, part)
    if not step.bucket.field:
        del refused.details["line"]
