"""Closes the past: what had happened by a moment stays as it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.actor import Author
from domain.errors import FutureMoment, PeriodClosed
from models import books
from models import tenants as statements
from models.session import Session
from services import checks, outbox, tenants

Pair = tuple[str, str]  # location id, product id


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """A wish to close the books through a moment."""

    through: datetime
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """The settings as they stand since; no stock has changed."""

    settings: Any
    message: str
    touched: Sequence[Pair] = ()


async def close(session: Session, author: Author, wish: Closing) -> Closed:
    """Have everything that happened up to a moment stay as it is; nothing opens it again.

    The settings, then all postings stay locked until the transaction ends: none is under way that
    could still come in before the moment.

    Raises:
        FutureMoment: the moment has not come yet.
        PeriodClosed: the books are closed through it, or through a later one, already.
        Invalid: the comment breaks a rule.
    """
    checks.notes({"comment": wish.comment}, "comment")
    former = await session.one(statements.settings_locked())
    await session.one(books.lock_period())
    if wish.through > await session.scalar(books.now()):
        raise FutureMoment("through")
    closed = former.closed_through
    if closed is not None and wish.through <= closed:
        raise PeriodClosed(
            f"The books are closed through {closed.isoformat()} already.",
            field="through",
            details={"closedThrough": closed.isoformat()},
        )
    changed = await tenants.change_settings(session, author, {"closed_through": wish.through}, None)
    event = {
        "before": {"closedThrough": closed},
        "after": {"closedThrough": wish.through},
        "actor": {"id": author.id, "name": author.name},
        "reason": wish.comment,
    }
    await outbox.emit(session, "period.closed", str(session.tenant_id), event)
    return Closed(changed, f"The books are closed through {wish.through.isoformat()}.")
