"""What a channel promises: for a time, firm, handed out, given back."""

from collections import Counter
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

import ledger_driver as driver
from house_driver import Found
from house_machine import numbers, pick, total, units
from house_model import Place, Soft
from house_stock import StockActs
from ledger_model import Bucket

lasting = st.sampled_from((600, 7200, 200_000))  # seconds


class PromiseActs(StockActs):
    """Reservations of a channel, each of one line."""

    @rule(number=numbers, some=units, seconds=lasting, firm=st.booleans(), partly=st.booleans())
    def reserve(self, number: int, some: int, seconds: int, *, firm: bool, partly: bool) -> None:
        place = self.filled(number).place
        house, reference = self.house, f"ORDER-{len(self.found.reservations)}"
        available = max(0, int(house.level(place).available))
        given = min(some, available) if partly else some
        may = 0 < given <= available and (not firm or given <= house.can_give(place))
        line = {"locationId": place[0], "productId": place[1], "quantity": some}
        wish: dict[str, Any] = {
            "channelId": "CH",
            "reference": reference,
            "ttlSeconds": seconds,
            "firm": firm,
        }

        if self.do("reserveStock", may=may, moved={}, **wish, allowPartial=partly, lines=[line]):
            ends = house.now + timedelta(days=10_000 if firm else 0, seconds=seconds)
            house.soft[reference] = Soft(place, 0 if firm else given, ends)
            self._check_line(reference, {"reserved": given}, place, firm=firm)

    @rule(number=numbers)
    def firm_up(self, number: int) -> None:
        reference, row = self._one(number)
        if reference is None:
            return
        place, units, ends = self.house.soft[reference]
        may = self._is_open(reference) and not row.firm
        may = may and units <= self.house.can_give(place, own=units)

        if self.do("firmUpReservation", may=may, moved={}, reservationId=row.id):
            self.house.soft[reference] = Soft(place, 0, ends + timedelta(days=10_000))
            self._check_line(reference, {}, place, firm=True)

    @rule(number=numbers, seconds=lasting)
    def extend(self, number: int, seconds: int) -> None:
        reference, row = self._one(number)
        if reference is None:
            return
        may = self._is_open(reference) and not row.firm
        place, units, _ = self.house.soft[reference]

        if self.do(
            "extendReservation", may=may, moved={}, reservationId=row.id, ttlSeconds=seconds
        ):
            ends = self.house.now + timedelta(seconds=seconds)
            self.house.soft[reference] = Soft(place, units, ends)

    @rule(number=numbers, some=units)
    def give_back(self, number: int, some: int) -> None:
        reference, row = self._one(number)
        if reference is None:
            return
        may = self._is_open(reference) and some <= row.open
        lines = [{"number": 1, "quantity": some}]

        if self.do("releaseReservation", may=may, moved={}, reservationId=row.id, lines=lines):
            self._resolved(reference, some, {"released": int(row.released) + some})

    @rule(number=numbers, some=st.one_of(st.none(), units), by_issue=st.booleans())
    def consume(self, number: int, some: int | None, *, by_issue: bool) -> None:
        reference, row = self._one(number)
        if reference is None:
            return
        place, _, _ = self.house.soft[reference]
        wanted = int(row.open) if some is None else some
        wish: dict[str, Any] = {"reservationId": row.id, "lines": [{"number": 1, "quantity": some}]}
        act = "consumeReservation"
        if by_issue and wanted:
            act, line = "issueStock", {"productId": place[1], "quantity": wanted}
            wish = {"locationId": place[0], "lines": [line], "channelId": "CH"}
            wish |= {"reservationIds": [row.id], "comment": "sold"}
        may = self._may_consume(reference, row, wanted)
        if may and by_issue and wanted > row.open:
            may = None  # the rest is as of any issue

        if self.do(act, may=may, moved=total(place, -wanted), **wish):
            own = min(wanted, int(row.open))
            self._resolved(reference, own, {"consumed": int(row.consumed) + own})

    @rule()
    def sweep(self) -> None:
        """What the clock has ended may be written down at any time: nothing is seen of it."""
        self.run_(driver.sweep(self.world))

        kept = self.run_(Found.of(self.world)).kept
        assert kept == self.found.levels

    def _may_consume(self, reference: str, row: Any, wanted: int) -> bool | None:
        place, soft, ends = self.house.soft[reference]
        if not row.open or (not row.firm and ends <= self.house.now):
            return False if row.state in ("CONSUMED", "RELEASED") else None
        if self.house.level(place).available < 0:
            return None  # who was promised first is served first
        if row.firm:
            is_sound = self.house.is_sound(reference, place) and wanted <= row.open
            return True if is_sound else None
        return 0 < wanted <= min(soft, self.house.free(place)) or None

    def _one(self, number: int) -> tuple[str | None, Any]:
        reference = pick(self.found.reservations, number)
        return reference, self.found.reservations.get(reference)

    def _is_open(self, reference: str) -> bool:
        row = self.found.reservations[reference]
        return bool(row.open > 0 and (row.firm or self._ends(reference) > self.house.now))

    def _ends(self, reference: str) -> Any:
        return self.house.soft[reference].ends - timedelta(seconds=1)  # an act takes one

    def _resolved(self, reference: str, some: int, told: dict[str, int]) -> None:
        place, soft, ends = self.house.soft[reference]
        self.house.soft[reference] = Soft(place, max(0, soft - some), ends)
        self._check_line(reference, told, place, firm=self.found.reservations[reference].firm)

    def _check_line(
        self, reference: str, told: dict[str, int], place: Place, *, firm: bool
    ) -> None:
        """Invariant 8: each unit is open, or resolved once."""
        row = self.found.reservations[reference]
        assert {name: int(getattr(row, name)) for name in told} == told
        assert row.reserved == row.consumed + row.released + row.expired + row.open
        aside = self.house.aside.get(reference) or Counter[Bucket]()
        assert sum(aside.values()) == (row.open if firm else 0)
        assert {b.place for b in aside} <= {place}
