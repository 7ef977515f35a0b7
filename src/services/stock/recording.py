"""Stock as somebody has written it down: what was counted, or what was received."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.actor import Author
from domain.errors import Invalid
from domain.quantities import ZERO, exact, plain
from models.lists.recordings import DOCUMENT_TYPE, RECORDINGS
from models.session import Session
from services.lists import Reader
from services.stock import acting, buckets, receiving
from services.stock.acting import Act, Step
from services.stock.buckets import Bucket, Values
from services.stock.changes import StockChange

recordings = Reader(RECORDINGS)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording with what it changed."""

    recording: Any
    change: StockChange
    touched: Sequence[tuple[str, str]]


async def record(session: Session, author: Author, values: Values) -> Recorded:
    """Write down what lines say of a location: `new_quantity` that is there, or a `quantity` added.

    All lines say the same of the two. With `complete`, buckets of the named products that no line
    names become 0.

    Raises:
        DuplicateLine: two lines set one bucket.
        StaleQuantity: a bucket does not hold what its line expected.
        NotFound, Invalid and its kinds, StockHeld: as of other acts on stock.
    """
    lines = [{**line, "location_id": values["location_id"]} for line in values["lines"]]
    is_count = _is_count(lines)
    if is_count:
        found = await buckets.find(session, lines, makes_lots=True)
        steps = [_step(line, bucket) for line, bucket in zip(lines, found, strict=True)]
        if values.get("complete"):
            steps += await _unlisted(session, found)
    elif values.get("complete"):
        raise Invalid("complete", "complete is for lines that say what is there.")
    else:
        steps = await receiving.inbound_steps(session, values, lines)
    name = "COUNT" if is_count else "RECEIPT"
    act = Act(
        kind=name,
        values=values,
        context=name,
        default_reason=name,
        document_type=DOCUMENT_TYPE,
    )
    message = f"Recorded {len(steps)} {'line' if len(steps) == 1 else 'lines'}"
    change = await acting.perform(session, author, act, steps, message)
    rows = await recordings.by_ids(session, [change.posting.id])
    return Recorded(rows[change.posting.id], change, change.touched)


def _is_count(lines: Sequence[Values]) -> bool:
    """Whether the lines say what is there; False where they say what was added."""
    if not lines:
        raise Invalid("lines", "At least one line is needed.")
    for index, line in enumerate(lines):
        if (line.get("new_quantity") is None) == (line.get("quantity") is None):
            field = f"lines[{index}].newQuantity"
            raise Invalid(field, f"{field} or its quantity is required, and not both.")
    counts = [line.get("new_quantity") is not None for line in lines]
    if any(counts) != all(counts):
        index = counts.index(not counts[0])
        raise Invalid(f"lines[{index}]", "Lines that count and lines that add do not mix.")
    return counts[0]


def _step(line: Values, bucket: Bucket) -> Step:
    expected, field = line.get("expected_on_hand"), f"{bucket.field}expectedOnHand"
    number = f"{bucket.field}newQuantity"
    return Step(
        bucket=bucket,
        number="newQuantity",
        target=acting.quantity(bucket.product, line["new_quantity"], number, ZERO),
        expected=None if expected is None else exact(expected, field),
    )


async def _unlisted(session: Session, found: Sequence[Bucket]) -> list[Step]:
    """What is there of the named products and stands on no line, as steps to 0."""
    named = {bucket.key for bucket in found}
    products = {bucket.product.id: bucket.product for bucket in found}
    rows = await acting.lock(session, [bucket.key for bucket in found])
    return [
        Step(
            bucket=Bucket(
                field="",
                product=products[row.product_id],
                location_id=row.location_id,
                bin_id=row.bin_id,
                lot_id=row.lot_id,
            ),
            number="complete",
            target=plain(ZERO),
        )
        for key, row in sorted(rows.items(), key=lambda one: one[1].id)
        if key not in named and row.on_hand > 0
    ]
