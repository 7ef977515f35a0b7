"""The cube: products by channels by locations by parts of the time ahead."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from domain.errors import LimitExceeded
from models.session import Session
from services.atp import kept
from services.atp.cells import Place
from services.atp.outlook import Bucket, Lookout, lookouts
from services.atp.policies import books
from services.atp.rules import Cell

VALUES_MAX = 500_000  # of one cube: cells by parts


@dataclass(frozen=True, slots=True, kw_only=True)
class CubeWish:
    """What a cube is of; `channel_ids` None stands for all active ones."""

    product_ids: Sequence[str]
    location_ids: Sequence[str]
    channel_ids: Sequence[str] | None
    buckets: Sequence[Bucket]


class CubeCell(NamedTuple):
    """One channel at one place: its cell of now, and what it can promise in each part.

    Cells of one cube that can promise the same all along have one list.
    """

    place: Place
    cell: Cell
    atp: list[Decimal]


async def cube(session: Session, wish: CubeWish) -> list[CubeCell]:
    """The cells in the order of products, then locations, as they are named, then of columns.

    One statement for policies, one for numbers, and one for each kind of source ahead.

    Raises:
        LimitExceeded: there would be too many numbers.
    """
    pairs = [(place, product) for product in wish.product_ids for place in wish.location_ids]
    if not pairs:
        return []
    policies = (await books(session, wish.location_ids))[wish.location_ids[0]]
    shown = [
        column
        for column, one in enumerate(policies.channels)
        if wish.channel_ids is None or one.channel_id in wish.channel_ids
    ]
    _check_size(len(pairs) * len(shown) * len(wish.buckets))
    places = await kept.places(session, pairs, policies)
    ahead = await lookouts(session, pairs)
    found: list[CubeCell] = []
    same: dict[Decimal, list[Decimal]] = {}
    for pair in pairs:
        found += _cells(places[pair], ahead[pair], shown, wish, same)
    return found


def _check_size(values: int) -> None:
    if values > VALUES_MAX:
        message = f"The cube would have {values:,} numbers: ask for {VALUES_MAX:,} at most."
        raise LimitExceeded("buckets", message, limit="cubeValues", max=VALUES_MAX)


def _cells(
    place: Place,
    lookout: Lookout,
    shown: Sequence[int],
    wish: CubeWish,
    same: dict[Decimal, list[Decimal]],
) -> list[CubeCell]:
    found = []
    for column in shown:
        cell = place.cells[column]
        if lookout.is_still:
            values = same.get(cell.atp)
            if values is None:
                values = same[cell.atp] = [cell.atp] * len(wish.buckets)
        else:
            values = lookout.over(place).least(cell.terms.channel_id, wish.buckets)
        found.append(CubeCell(place, cell, values))
    return found
