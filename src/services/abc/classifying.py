"""Classifies a tenant's products, as they are used up to now; nothing is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from domain.errors import Invalid
from domain.pages import Page, PageWish
from domain.quantities import exact, money
from models import abc, locations, tenants
from models.abc import Choice, Inputs
from models.session import Session
from services import records
from services.abc.settings import CLASSES, METRICS, check_cutoffs, settings

# The first day and the last of all mean infinity to the driver.
_FIRST, _LAST = date.min + timedelta(days=1), date.max - timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How products are to be classified; what is left out is as the tenant's settings say.

    The window ends today and begins `window_days` earlier unless days are given, both included; one
    that ends before it begins has no use in it.
    """

    location_id: str | None = None
    metric: str | None = None
    from_date: date | None = None
    to_date: date | None = None
    cutoff_a: Decimal | None = None
    cutoff_b: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassTotals:
    """Products of one class, their part of the whole measure, and how many are due."""

    products: int
    share: Decimal
    overdue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Classes:
    """The totals of the classes A, B and C, and what was measured."""

    totals: Mapping[str, ClassTotals]
    total: Decimal
    basis: str
    daily_quota: Decimal


async def inputs_of(session: Session, wish: Wish) -> Inputs:
    """What the wish stands for, with the tenant's settings where it says nothing.

    Raises:
        Invalid: a value breaks a rule.
        NotFound: there is no such location.
    """
    ours = await settings(session)
    if wish.metric is not None and wish.metric not in METRICS:
        raise Invalid("metric", f"metric must be one of {', '.join(METRICS)}.")
    await records.require(session, locations.locations, "Location", wish.location_id, "locationId")
    to_date = min(max(wish.to_date or await session.scalar(tenants.today()), _FIRST), _LAST)
    days = min(ours.window_days - 1, (to_date - _FIRST).days)
    from_date = min(max(wish.from_date or to_date - timedelta(days=days), _FIRST), _LAST)
    cutoffs = {
        name: exact(getattr(ours if given is None else wish, f"cutoff_{name}"), field)
        for name, given, field in (
            ("a", wish.cutoff_a, "cutoffA"),
            ("b", wish.cutoff_b, "cutoffB"),
        )
    }
    check_cutoffs(cutoffs["a"], cutoffs["b"])
    return Inputs(
        location_id=wish.location_id,
        metric=wish.metric or ours.metric,
        from_date=from_date,
        to_date=to_date,
        cutoff_a=cutoffs["a"],
        cutoff_b=cutoffs["b"],
        days=ours.intervals,
        triggers=ours.triggers,
    )


async def classify(
    session: Session, inputs: Inputs, choice: Choice, order: str, part: PageWish
) -> Page[Any]:
    """The wished part of the chosen products, in this order; each with its `place` in it."""
    return Page.cut(await session.all(abc.page(inputs, choice, order, part)), part)


async def pages(
    session: Session, keys: Sequence[tuple[Inputs, Choice, str, PageWish]]
) -> Mapping[Any, Page[Any]]:
    """Each wished part of a classification, by a statement of its own."""
    return {key: await classify(session, *key) for key in keys}


async def counts(session: Session, keys: Sequence[tuple[Inputs, Choice]]) -> Mapping[Any, int]:
    """How many products each choice has."""
    return {key: int(await session.scalar(abc.count(*key))) for key in keys}


async def summaries(session: Session, keys: Sequence[Inputs]) -> Mapping[Inputs, Classes]:
    """The totals of the classes of each classification."""
    return {inputs: await _summary(session, inputs) for inputs in keys}


async def _summary(session: Session, inputs: Inputs) -> Classes:
    row = await session.one(abc.summary(inputs))
    found = {
        name: ClassTotals(
            products=getattr(row, f"products_{name}"),
            share=share(getattr(row, f"measure_{name}"), row.total),
            overdue=getattr(row, f"overdue_{name}"),
        )
        for name in CLASSES
    }
    # As many a day as keep every class within its interval (sum of products / interval).
    quota = sum(
        (
            Decimal(found[name].products) / days
            for name, days in zip(CLASSES, inputs.days, strict=True)
        ),
        Decimal(0),
    )
    return Classes(
        totals=found, total=row.total, basis=row.basis or "TENANT_USE", daily_quota=money(quota)
    )


def share(part: Decimal, total: Decimal) -> Decimal:
    """A part of the total, rounded to 6 places; 0 of nothing."""
    return money(part / total) if total else Decimal(0)
