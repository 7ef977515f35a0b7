"""Transfers that promise and move stock between the places of a house."""

from collections import Counter
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from house_machine import numbers, pick, total, units
from house_model import UNDER_WAY, Transfer
from house_promises import PromiseActs

BEFORE_ARRIVAL = ("DRAFT", "SUBMITTED", "APPROVED", "PICKED", *UNDER_WAY)
some_or_all = st.one_of(st.none(), units)


class TransferActs(PromiseActs):
    """Transfers from the store to the ward, and back."""

    @rule(number=numbers, some=units, to_shelf=st.booleans())
    def make_transfer(self, number: int, some: int, *, to_shelf: bool) -> None:
        place = self.filled(number).place
        dest = "loc_ward" if place[0] == "loc_store" else "loc_store"
        bin = f"{dest.replace('loc', 'bin')}0" if to_shelf else None
        line = {"productId": place[1], "quantity": some, "destBinId": bin}
        wish: dict[str, Any] = {
            "sourceLocationId": place[0],
            "destLocationId": dest,
            "lines": [line],
        }

        self.do("createTransfer", may=True, moved={}, **wish, submit=True)
        number_ = self.found.new("transfers", self.house.transfers)
        made = Transfer(place[0], dest, place[1], some, status="SUBMITTED")
        self.house.transfers[number_] = made

    @rule(number=numbers)
    def approve_transfer(self, number: int) -> None:
        name, one, id = self._transfer(number, "SUBMITTED")
        if one is None:
            return
        place = (one.source, one.product)
        may = one.status == "SUBMITTED" and one.asked <= self.house.can_give(place)
        former = self.snapshot()

        if self.do("approveTransfer", may=may, moved={}, transferId=id):
            one.status = "APPROVED"
            assert sum(self.house.aside[name].values()) == one.asked
            chosen = self.house.aside[name]
            with self.as_before(former):
                assert self.house.is_first_expired_first(place, chosen)

    @rule(number=numbers, some=some_or_all)
    def pick_transfer(self, number: int, some: int | None) -> None:
        name, one, id = self._transfer(number, "APPROVED", "PICKED")
        if one is None:
            return
        left = one.asked - max(one.picked, one.shipped)
        wanted = left if some is None else some
        may = one.status in ("APPROVED", "PICKED") and 0 < wanted <= left
        lines = None if some is None else [{"lineId": self._line(name), "quantity": some}]

        if self.do("pickTransfer", may=may, moved={}, transferId=id, lines=lines):
            one.picked += wanted
            one.status = "PICKED"

    @rule(number=numbers, some=some_or_all)
    def ship_transfer(self, number: int, some: int | None) -> None:
        name, one, id = self._transfer(number, "APPROVED", "PICKED", *UNDER_WAY)
        if one is None:
            return
        left = one.asked - one.shipped
        wanted = (max(0, one.picked - one.shipped) or left) if some is None else some
        place = (one.source, one.product)
        can = one.status in ("APPROVED", "PICKED", *UNDER_WAY) and 0 < wanted <= left
        is_sound = self.house.is_sound(name, place)
        lines = None if some is None else [{"lineId": self._line(name), "quantity": some}]

        if self.do(
            "shipTransfer",
            may=can if is_sound or not can else None,
            moved=total(place, -wanted),
            transferId=id,
            lines=lines,
        ):
            one.shipped += wanted
            one.picked = max(one.picked, one.shipped)
            one.status = "IN_TRANSIT" if one.status != UNDER_WAY[1] else one.status

    @rule(number=numbers, good=st.integers(0, 8), damaged=st.integers(0, 4), whole=st.booleans())
    def receive_transfer(self, number: int, good: int, damaged: int, *, whole: bool) -> None:
        name, one, id = self._transfer(number, *UNDER_WAY)
        if one is None:
            return
        line = next((r for r in self.found.transfers[name] if r.in_transit), None)
        coming = int(line.in_transit) if line else 0
        good, damaged = (one.on_way, 0) if whole else (good, damaged)
        lines = None
        if not whole:
            id_ = line.line_id if line else self._line(name)
            lines = [{"lineId": id_, "quantity": good, "damagedQuantity": damaged}]
        can = one.status in UNDER_WAY and good + damaged > 0
        may = can and (whole or good + damaged <= coming)

        moved = total((one.dest, one.product), good + damaged)
        if self.do("receiveTransfer", may=may, moved=moved, transferId=id, lines=lines):
            one.received += good
            one.damaged += damaged
            one.arrive()
            self._follow(one)

    @rule(number=numbers)
    def close_transfer(self, number: int) -> None:
        _, one, id = self._transfer(number, *UNDER_WAY, "RECEIVED")
        if one is None:
            return
        may = one.status in (*UNDER_WAY, "RECEIVED")

        if self.do("closeTransfer", may=may, moved={}, transferId=id, reason="lost"):
            one.status = "CLOSED" if one.status == "RECEIVED" else "CLOSED_SHORT"
            one.short += one.on_way
            one.picked = min(one.picked, one.shipped)
            self._follow(one)

    @rule(number=numbers, lost=st.booleans())
    def cancel_transfer(self, number: int, *, lost: bool) -> None:
        _, one, id = self._transfer(number, *BEFORE_ARRIVAL)
        if one is None:
            return
        units = 0 if lost else one.on_way
        wish: dict[str, Any] = {
            "transferId": id,
            "reason": "no need",
            "inTransit": "WRITE_OFF" if lost else None,
        }

        moved = total((one.source, one.product), units)
        if self.do("cancelTransfer", may=one.status in BEFORE_ARRIVAL, moved=moved, **wish):
            one.status = "CLOSED_SHORT" if one.status == UNDER_WAY[1] else "CANCELLED"
            one.short += one.on_way if lost else 0
            one.returned += units
            self._follow(one, back=one.status == "CANCELLED" and not lost)

    def _transfer(self, number: int, *likely: str) -> tuple[str, Any, str]:
        """A transfer, of these states where there is one, by its number; with its id."""
        all_ = self.house.transfers
        fitting = [name for name, one in all_.items() if one.status in likely] or list(all_)
        name = pick(fitting, number)
        return (name, all_[name], self.found.transfers[name][0].id) if name else ("", None, "")

    def _line(self, name: str) -> str:
        return str(self.found.transfers[name][0].line_id)

    def _follow(self, transfer: Transfer, *, back: bool = False) -> None:
        """Have the request that sent it stand where its transfers say."""
        for name, request in self.house.requests.items():
            if transfer in request.sent and request.status == "ISSUED":
                aside = sum(self.house.aside.get(name, Counter()).values())
                if back:
                    units = aside - request.allocated
                    assert units in (0, transfer.returned)
                    request.take_back(units, set_aside=True)
                else:
                    request.follow()
