"""Corrects what the book says of one bucket: by a difference, to a number, or many at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain.actor import Author
from domain.errors import GatewayError, Invalid
from domain.quantities import ZERO, exact
from models import postings
from models.session import Session
from services.stock import acting, buckets, opening, reading
from services.stock.acting import Act, Step
from services.stock.buckets import Values
from services.stock.changes import StockChange
from services.stock.opening import Opened

ALL_OR_NOTHING, LINE_BY_LINE = "ALL_OR_NOTHING", "LINE_BY_LINE"
MODES = (ALL_OR_NOTHING, LINE_BY_LINE)
_CONTEXT = "ADJUSTMENT"


@dataclass(frozen=True, slots=True)
class LineOutcome:
    """What became of one line: what it changed, or why it was refused."""

    index: int
    change: StockChange | None
    refusal: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class BatchOutcome:
    """What became of the lines of a batch, in their order; one posting when all were one act."""

    lines: Sequence[LineOutcome]
    applied: int
    refused: int
    message: str
    touched: Sequence[tuple[str, str]]


async def adjust(session: Session, author: Author, values: Values) -> StockChange:
    """Change a bucket by `by`, which is signed and not 0.

    Raises:
        NotFound, Invalid and its kinds: the request names what is not there, or breaks a rule.
        InsufficientStock, StockHeld, StaleQuantity: what is there does not allow it.
    """
    return await _alone(session, author, values, _by_step)


async def set_(session: Session, author: Author, values: Values) -> StockChange:
    """Make a bucket hold `to`, if it holds `expected_on_hand` now.

    Raises:
        Invalid: nothing is expected, and `ignore_expected` does not say that nothing need be.
        StaleQuantity: it holds something else; `details.onHand` says what.
        NotFound, Invalid and its kinds, StockHeld: as of `adjust`.
    """
    return await _alone(session, author, values, _to_step)


async def _alone(
    session: Session,
    author: Author,
    values: Values,
    step_of: Callable[[Values, buckets.Bucket], Step],
) -> StockChange:
    """Change the one bucket that the values name."""
    act = _act(values)
    opened = await opening.open_(session, [values], values)
    known = opened.known if opened else None
    (bucket,) = await buckets.find(session, [values], name=None, makes_lots=True, known=known)
    steps = [step_of(values, bucket)]
    return await acting.perform(session, author, act, steps, opened=opened)


async def adjust_batch(session: Session, author: Author, values: Values) -> BatchOutcome:
    """Change up to 500 buckets, each by a difference or to a number; see the modes.

    `ALL_OR_NOTHING` posts one document, in which the demand for a bucket is summed. `LINE_BY_LINE`
    posts one document a line: a refused line leaves nothing behind, and the others stand.

    Raises:
        Invalid: there are no lines, or too many.
        GatewayError: in the first mode, whatever refuses a line.
    """
    lines = values["lines"]
    if values.get("mode", ALL_OR_NOTHING) == LINE_BY_LINE:
        return await _line_by_line(session, author, values, lines)
    opened = await opening.open_(session, lines, values)
    steps = await _steps(session, lines, opened)
    change = await acting.perform(session, author, _act(values), steps, opened=opened)
    outcomes = [
        LineOutcome(index, _part(change, index), None) for index in range(len(change.entries))
    ]
    return BatchOutcome(outcomes, len(outcomes), 0, change.message, change.touched)


def _part(change: StockChange, index: int) -> StockChange:
    """The part of a change that one line made."""
    entry = change.entries[index]
    items = [item for item in change.items if item.id == entry.inventory_item_id]
    message = f"Adjusted {acting.signed(entry.delta)}"
    return StockChange(
        change.posting, [entry], items, message, [(entry.location_id, entry.product_id)]
    )


async def _line_by_line(
    session: Session, author: Author, values: Values, lines: Sequence[Values]
) -> BatchOutcome:
    if not 1 <= len(lines) <= buckets.LINES_MAX:
        raise Invalid("lines", f"There are 1 to {buckets.LINES_MAX} lines.")
    await _lock_all(session, lines)
    outcomes = [
        await _line(session, author, {**values, **line}, index) for index, line in enumerate(lines)
    ]
    done = [one.change for one in outcomes if one.change is not None]
    touched = list(dict.fromkeys(pair for change in done for pair in change.touched))
    message = f"Applied {len(done)} of {len(lines)} lines"
    return BatchOutcome(outcomes, len(done), len(lines) - len(done), message, touched)


async def _lock_all(session: Session, lines: Sequence[Values]) -> None:
    """Lock the level rows of all lines in the global order, before the first is posted."""
    ids = sorted({line["inventory_item_id"] for line in lines if line.get("inventory_item_id")})
    items = await reading.items.by_ids(session, ids)
    pairs = {(item.location_id, item.product_id) for item in items.values()}
    pairs |= {
        (line["location_id"], line["product_id"])
        for line in lines
        if line.get("location_id") and line.get("product_id")
    }
    await session.all(postings.lock_stocked(sorted(pairs)))


async def _line(session: Session, author: Author, values: Values, index: int) -> LineOutcome:
    try:
        async with session.attempt():
            steps = await _steps(session, [values])
            change = await acting.perform(session, author, _act(values), steps)
    except GatewayError as refused:
        field = refused.field or "lines[0]"
        told = {
            "code": refused.code,
            "message": refused.message,
            "field": field.replace("lines[0]", f"lines[{index}]", 1),
            "details": refused.details,
        }
        return LineOutcome(index, None, told)
    return LineOutcome(index, change, None)


async def _steps(
    session: Session, lines: Sequence[Values], opened: Opened | None = None
) -> list[Step]:
    """The steps of lines of which each has `by` or `to`."""
    for index, line in enumerate(lines):
        if (line.get("by") is None) == (line.get("to") is None):
            field = f"lines[{index}].by"
            raise Invalid(field, f"{field} or its `to` is required, and not both.")
    known = opened.known if opened else None
    found = await buckets.find(session, lines, makes_lots=True, known=known)
    return [
        _to_step(line, bucket) if line.get("by") is None else _by_step(line, bucket)
        for line, bucket in zip(lines, found, strict=True)
    ]


def _by_step(line: Values, bucket: buckets.Bucket) -> Step:
    return Step(
        bucket=bucket,
        number="by",
        delta=acting.changed_by(bucket.product, line["by"], f"{bucket.field}by"),
        expected=_expected(line, bucket),
        occurred_at=line.get("occurred_at"),
    )


def _to_step(line: Values, bucket: buckets.Bucket) -> Step:
    expected = _expected(line, bucket)
    if expected is None and not line.get("ignore_expected"):
        field = f"{bucket.field}expectedOnHand"
        raise Invalid(
            field,
            f"{field} is required, so that nobody's change is overwritten unseen; "
            "ignoreExpected: true sets the number whatever is there.",
        )
    return Step(
        bucket=bucket,
        number="to",
        target=acting.quantity(bucket.product, line["to"], f"{bucket.field}to", ZERO),
        expected=expected,
    )


def _expected(line: Values, bucket: buckets.Bucket) -> Decimal | None:
    value = line.get("expected_on_hand")
    return None if value is None else exact(value, f"{bucket.field}expectedOnHand")


def _act(values: Values) -> Act:
    if not values.get("reason_code_id") and not values.get("reason_code"):
        raise Invalid("reasonCodeId", "reasonCodeId is required")
    return Act(kind="ADJUSTMENT", values=values, context=_CONTEXT)
