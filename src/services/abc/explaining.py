"""Says why a product has its class at a location."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from models import abc
from models.session import Session
from services.abc.classifying import share


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A product's class, where it comes from, and what the kept run says of it.

    `source` is LOCATION_PIN, LEVEL, PIN, RUN or NONE. `share_before` is the part of the whole
    that products of a higher rank make: it decides the class.
    """

    abc_class: str | None
    source: str
    reason: str | None
    run_id: str | None
    rank: int | None
    measure: Decimal | None
    share_before: Decimal | None
    text: str


async def explain(
    session: Session, keys: Sequence[tuple[str, str | None]]
) -> Mapping[tuple[str, str | None], Explained]:
    """The class of each (product, location) pair; location None is the whole tenant."""
    return {key: await _explained(session, *key) for key in keys}


async def _explained(session: Session, product_id: str, location_id: str | None) -> Explained:
    row = await session.one(abc.explained(product_id, location_id))
    sources = (
        ("LOCATION_PIN", row.location_pin, row.location_reason),
        ("LEVEL", row.level_class, None),
        ("PIN", row.tenant_pin, row.tenant_reason),
        ("RUN", row.run_class, None),
    )
    source, found, reason = next((one for one in sources if one[1]), ("NONE", None, None))
    before = None if row.run_id is None else share(row.before, row.total)
    return Explained(
        abc_class=found,
        source=source,
        reason=reason,
        run_id=row.run_id,
        rank=row.rank,
        measure=row.measure,
        share_before=before,
        text=_text(row, source, found, before),
    )


def _text(row: Any, source: str, found: str | None, before: Decimal | None) -> str:
    if source == "NONE":
        return "No classification was kept, and no class is pinned."
    if source == "LEVEL":
        return f"Class {found} is set in the product's settings at the location."
    if source != "RUN":
        where = "at this location" if source == "LOCATION_PIN" else "everywhere"
        return f"Class {found} is pinned {where}."
    if row.non_moving:
        return f"Class C: it did not move from {row.from_date} to {row.to_date}."
    cuts = {"A": row.cutoff_a, "B": row.cutoff_b}
    bound = (
        f"below {_percent(cuts[found])}" if found in cuts else f"at least {_percent(row.cutoff_b)}"
    )
    assert before is not None, "a class of a run has its share"
    return (
        f"Class {found}: rank {row.rank} by {row.metric} from {row.from_date} to {row.to_date}; "
        f"the products before it make {_percent(before)} of the whole, which is {bound}."
    )


def _percent(share_: Decimal) -> str:
    return f"{(share_ * 100).normalize():f} %"
