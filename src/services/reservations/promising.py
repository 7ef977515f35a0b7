"""What a channel gives to the lines of one request, each beside those before it, for their days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from domain.errors import Invalid
from domain.promise_errors import BeyondHorizon
from models.session import Session
from services import atp
from services.atp import HORIZON_DAYS, Ahead, Outlook, Place, Promised, floor
from services.reservations.parts import Pair


@dataclass(frozen=True, slots=True)
class Given:
    """What a line gets: `from_quota` of it uses the quota; `atp` is what there was before it."""

    quantity: Decimal
    from_quota: Decimal
    atp: Decimal


class Promises:
    """The places of one request while its lines are promised, one after the other."""

    def __init__(self, channel_id: str, places: Mapping[Pair, Place]) -> None:
        self._channel_id = channel_id
        self._places = dict(places)
        self._ahead: dict[Pair, Ahead] = {}
        self._today = date.min

    async def look_ahead(self, session: Session) -> None:
        """Read what is expected and planned at the places, for lines of later days."""
        if self._ahead:
            return
        self._today = await atp.today(session)
        for pair, lookout in (await atp.lookouts(session, list(self._places))).items():
            place = self._places[pair]
            numbers = replace(place.numbers, ahead=lookout.ahead).within(0)
            self._places[pair] = replace(place, numbers=numbers)
            self._ahead[pair] = lookout.ahead

    def give(self, pair: Pair, asked: Decimal, day: int) -> Given:
        """Promise up to so many units for a day, in whole steps; 0 is today."""
        place = self._places[pair]
        cell = self._outlook(pair).cell(self._channel_id, day) if day else self._now(place)
        given = asked if asked <= cell.acceptable else floor(cell.acceptable, place.step)
        left = place.promised.get(self._channel_id, Promised()).quota_left
        self._places[pair] = place.promising(self._channel_id, given, day)
        return Given(given, min(given, left), cell.atp)

    def earliest(self, pair: Pair, quantity: Decimal) -> date | None:
        """The first day for which so many more could be promised; None within the horizon."""
        day = self._outlook(pair).earliest(self._channel_id, quantity)
        return None if day is None else self.day(day)

    def day(self, ahead: int) -> date:
        """The calendar day that is so many days ahead."""
        return atp.day_of(self._today, ahead)

    def days_until(self, needed: Sequence[date | None]) -> list[int]:
        """How many days ahead lines are needed; 0 for those that name no day.

        Raises:
            Invalid: a day has passed; BeyondHorizon: it is too far ahead.
        """
        return [self._days_until(index, day) for index, day in enumerate(needed)]

    def _days_until(self, index: int, day: date | None) -> int:
        ahead = 0 if day is None else (day - self._today).days
        field = f"lines[{index}].neededOn"
        if ahead < 0:
            raise Invalid(field, f"{field} has passed.")
        if ahead > HORIZON_DAYS:
            text = f"{field} is more than {HORIZON_DAYS} days ahead."
            raise BeyondHorizon(field, text, max=HORIZON_DAYS)
        return ahead

    def _now(self, place: Place) -> atp.Cell:
        return place.cell(self._channel_id)

    def _outlook(self, pair: Pair) -> Outlook:
        place = self._places[pair]
        promised = place.numbers.ahead.promised
        return Outlook(place, replace(self._ahead[pair], promised=promised))
