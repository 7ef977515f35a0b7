"""Keeps classifications, so that a class can be explained later."""

import json
from dataclasses import dataclass
from typing import Any

from domain import ids
from domain.actor import Author
from domain.errors import Invalid
from models import abc
from models import records as record_statements
from models.abc import Inputs
from models.session import Session
from services.abc.classifying import Wish, inputs_of
from services.abc.reading import runs

_INPUTS = ("location_id", "metric", "from_date", "to_date", "cutoff_a", "cutoff_b")


@dataclass(frozen=True, slots=True)
class Kept:
    """A run that was kept."""

    run: Any
    message: str
    touched: tuple[()] = ()


async def keep(session: Session, author: Author, wish: Wish) -> Kept:
    """Classify the products and keep what comes out.

    Raises:
        Invalid, NotFound: as of a classification.
    """
    run = await _keep(session, author, await inputs_of(session, wish))
    shown = (await runs.by_ids(session, [run.id]))[run.id]
    return Kept(shown, f"Classified {run.product_count} products.")


async def latest(session: Session, author: Author, location_id: str | None) -> Any:
    """The run that today's classes of a location come from: made now where there is none yet.

    One that was made from the same inputs serves again.
    """
    inputs = await inputs_of(session, Wish(location_id=location_id))
    run = await session.one_or_none(abc.latest_run(location_id))
    if run is not None and all(getattr(run, name) == getattr(inputs, name) for name in _INPUTS):
        return run
    return await _keep(session, author, inputs)


async def _keep(session: Session, author: Author, inputs: Inputs) -> Any:
    if inputs.from_date > inputs.to_date:
        raise Invalid("fromDate", "fromDate must not be after toDate.")
    id = ids.new("abcrun_")
    await session.call(
        abc.KEEP_RUN,
        id,
        json.dumps({"id": author.id, "name": author.name}),
        *(getattr(inputs, name) for name in _INPUTS),
    )
    return await session.one(record_statements.get(abc.abc_runs, id))
