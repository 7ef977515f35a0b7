"""What is told late of a time before a count: it changes the past, and the count stays true.

The units are posted when they moved, and taken back by an entry of the kind COUNT at the moment of
the first count since: whoever counted has seen that they had moved.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from models import postings
from models.session import Session
from services.stock.buckets import Key

Step = Any  # of an act


async def counter(
    session: Session, steps: Sequence[Step], held: Mapping[Key, Any]
) -> tuple[list[Step], list[Step]]:
    """The steps with the counter-entries that they need, and those that need none.

    The levels are locked. Of a step and its counter-entry the one that adds comes first, so that
    nothing goes below zero between them.
    """
    late = [step for step in steps if _is_late(step, held.get(step.bucket.key))]
    if not late:
        return list(steps), list(steps)
    items = [held[step.bucket.key].id for step in late]
    moments = await session.call(postings.COUNTED_AFTER, items, [step.occurred_at for step in late])
    counted = {id(step): moment for step, moment in zip(late, moments, strict=True)}
    posted: list[Step] = []
    for step in steps:
        moment = counted.get(id(step))
        if moment is None or step.delta is None:
            posted.append(step)
            continue
        back = replace(step, delta=-step.delta, occurred_at=moment, kind="COUNT")
        posted += [step, back] if step.delta > 0 else [back, step]
    return posted, [step for step in steps if id(step) not in counted]


def _is_late(step: Step, row: Any) -> bool:
    if step.occurred_at is None or row is None or row.last_counted_at is None:
        return False
    return bool(step.occurred_at <= row.last_counted_at)
