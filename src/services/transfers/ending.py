"""Ends transfers: done, ended short, or called off before or after they were shipped."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.actor import Author
from domain.machines.transfers import TransferAction as A
from domain.machines.transfers import TransferStatus as S
from domain.request_errors import ReasonRequired
from models import records, transferring
from models.session import Session
from services import checks, stock
from services.documents import Advance
from services.stock import Part, release_all
from services.transfers import outcomes, work
from services.transfers.outcomes import Outcome, Pair
from services.transfers.work import Moved, Step, Work

RETURN, WRITE_OFF = "RETURN", "WRITE_OFF"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation(Step):
    """A wish to call a transfer off; units in transit go back to their buckets, or are given up."""

    in_transit: str = RETURN


async def close(session: Session, author: Author, step: Step) -> Outcome:
    """End a transfer. Units in transit are missing then; what was not shipped is free again.

    Raises:
        IllegalStep: its state does not allow it.
        ReasonRequired: units are in transit, and no reason says why they are given up.
    """
    job = await work.begin(session, step, A.CLOSE)
    await _give_up(session, job, step)
    freed = await _free(session, job)
    to = S.CLOSED if job.row.status == S.RECEIVED else S.CLOSED_SHORT
    return await _ended(session, author, job, step, (A.CLOSE, to, None, freed))


async def cancel(session: Session, author: Author, wish: Cancellation) -> Outcome:
    """Call a transfer off. What was not shipped is free again; what is in transit goes back.

    With WRITE_OFF it is given up instead. Who called off what had arrived in part ends it short.

    Raises:
        IllegalStep: its state does not allow it.
        ReasonRequired: units in transit are given up, and no reason says why.
    """
    checks.one_of({"in_transit": wish.in_transit}, "in_transit", (RETURN, WRITE_OFF))
    job = await work.begin(session, wish, A.CANCEL)
    moved = None
    if wish.in_transit == WRITE_OFF:
        await _give_up(session, job, wish)
    else:
        moved = await _take_back(session, author, job, wish)
    freed = await _free(session, job)
    has_arrived = job.row.status == S.PARTIALLY_RECEIVED
    to = S.CLOSED_SHORT if has_arrived else S.CANCELLED
    return await _ended(session, author, job, wish, (A.CANCEL, to, moved, freed))


async def _ended(
    session: Session,
    author: Author,
    job: Work,
    step: Step,
    taken: tuple[A, S, Moved | None, Sequence[Pair]],
) -> Outcome:
    action, to, moved, freed = taken
    advance = Advance(
        action=action,
        to=to,
        values={"closed_at": await session.scalar(records.now())},
        posting_id=moved.posted.id if moved else None,
    )
    await work.end(session, author, job, step, advance)
    word = "Cancelled" if action is A.CANCEL else "Closed"
    return await outcomes.of(
        session,
        job.row.id,
        f"{word} {job.row.number}.",
        posted=moved.posted if moved else None,
        touched=freed,
    )


async def _give_up(session: Session, job: Work, step: Step) -> None:
    balances = await session.all(transferring.transit_of(job.row.id))
    if balances and step.reason is None:
        raise ReasonRequired("reason")
    for balance in balances:
        job.count(balance.line_id, short=balance.quantity)
        job.move(balance.line_id, balance.inventory_item_id, "SHORT", -balance.quantity)


async def _take_back(session: Session, author: Author, job: Work, step: Step) -> Moved | None:
    """Post what is in transit back into the buckets that it left."""
    balances = await session.all(transferring.transit_of(job.row.id))
    if not balances:
        return None
    for balance in balances:
        job.count(balance.line_id, returned=balance.quantity)
        job.move(balance.line_id, balance.inventory_item_id, "RETURNED", -balance.quantity)
    lines = [
        stock.Line(
            product_id=balance.product_id,
            location_id=balance.location_id,
            bin_id=balance.bin_id,
            lot_id=balance.lot_id,
            delta=balance.quantity,
        )
        for balance in balances
    ]
    return await work.post(session, author, job, step, lines)


async def _free(session: Session, job: Work) -> list[Pair]:
    """Release what is set aside and was not shipped; where that was."""
    left = [one for one in job.allocations if one.quantity > one.shipped]
    parts = [
        Part(reservation_id=one.reservation_id, quantity=one.quantity - one.shipped) for one in left
    ]
    await release_all(session, parts, to="RELEASED")
    if left:
        await session.run(transferring.count_allocations([_cut(one) for one in left]))
        await session.run(transferring.drop_empty(job.row.id))
    for one in left:
        if one.picked > one.shipped:
            job.count(one.line_id, picked=one.shipped - one.picked)
    return [(one.location_id, one.product_id) for one in left]


def _cut(one: Any) -> dict[str, Any]:
    return {"id": one.id, "quantity": one.shipped, "picked": one.shipped, "shipped": one.shipped}
