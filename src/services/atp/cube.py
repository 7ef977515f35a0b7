"""The cube: products by channels by locations by parts of the time ahead."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.errors import LimitExceeded
from models.session import Session
from services.atp.cells import Place, by_pairs
from services.atp.outlook import Bucket, Outlook, lookouts
from services.atp.policies import book
from services.atp.rules import Cell

VALUES_MAX = 500_000  # of one cube: cells by parts


@dataclass(frozen=True, slots=True, kw_only=True)
class CubeWish:
    """What a cube is of; `channel_ids` None stands for all active ones."""

    product_ids: Sequence[str]
    location_ids: Sequence[str]
    channel_ids: Sequence[str] | None
    buckets: Sequence[Bucket]


@dataclass(frozen=True, slots=True)
class CubeCell:
    """One channel at one place: its cell of now, and what it can promise in each part."""

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
    policies = await book(session, wish.location_ids)
    shown = [
        one.channel_id
        for one in policies.channels
        if wish.channel_ids is None or one.channel_id in wish.channel_ids
    ]
    _check_size(len(pairs) * len(shown) * len(wish.buckets))
    places = await by_pairs(session, pairs, policies)
    ahead = await lookouts(session, pairs)
    return [
        one
        for pair in pairs
        for one in _cells(places[pair], ahead[pair].over(places[pair]), shown, wish)
    ]


def _check_size(values: int) -> None:
    if values > VALUES_MAX:
        message = f"The cube would have {values:,} numbers: ask for {VALUES_MAX:,} at most."
        raise LimitExceeded("buckets", message, limit="cubeValues", max=VALUES_MAX)


def _cells(place: Place, outlook: Outlook, shown: Sequence[str], wish: CubeWish) -> list[CubeCell]:
    found = []
    for channel_id in shown:
        cell = place.cell(channel_id)
        if outlook.is_still:
            values = [cell.atp] * len(wish.buckets)
        else:
            values = [outlook.least(channel_id, one) for one in wish.buckets]
        found.append(CubeCell(place, cell, values))
    return found
