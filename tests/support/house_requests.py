"""Stock requests of the ward, which the store meets with transfers."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from house_machine import numbers, pick, total, units
from house_model import Request, Transfer
from house_transfers import TransferActs, some_or_all


class RequestActs(TransferActs):
    """What the ward asks of the store."""

    @rule(product=st.sampled_from(("prod_plain", "prod_lots")), some=units)
    def ask_for(self, product: str, some: int) -> None:
        wish: dict[str, Any] = {
            "requestingLocationId": "loc_ward",
            "fulfillingLocationId": "loc_store",
        }
        lines = [{"productId": product, "quantity": some}]

        self.do("createStockRequest", may=True, moved={}, type="STOCK", **wish, lines=lines)
        name = self.found.new("requests", self.house.requests)
        self.house.requests[name] = Request(product, some, status="DRAFT")

    @rule(number=numbers)
    def submit(self, number: int) -> None:
        _, one, id = self._request(number, "DRAFT")
        if one and self.do("submitStockRequest", may=one.status == "DRAFT", moved={}, id=id):
            one.status = "SUBMITTED"

    @rule(number=numbers, less=st.integers(0, 3))
    def approve(self, number: int, less: int) -> None:
        name, one, id = self._request(number, "SUBMITTED")
        if one is None:
            return
        given = max(0, one.asked - less)
        lines = [{"lineId": self.found.requests[name].line_id, "approvedQuantity": given}]
        may = one.status == "SUBMITTED" and given > 0

        if self.do("approveStockRequest", may=may, moved={}, id=id, lines=lines):
            one.status, one.approved = "APPROVED", given

    @rule(number=numbers)
    def reject(self, number: int) -> None:
        _, one, id = self._request(number, "SUBMITTED")
        may = bool(one) and one.status == "SUBMITTED"
        if one and self.do("rejectStockRequest", may=may, moved={}, id=id, reason="no"):
            one.status = "REJECTED"

    @rule(number=numbers)
    def allocate(self, number: int) -> None:
        name, one, id = self._request(number, "APPROVED", "ALLOCATED", "ISSUED", "RECEIVED")
        if one is None:
            return
        place = ("loc_store", one.product)
        given = min(one.open, self.house.can_give(place))
        may = one.status in ("APPROVED", "ALLOCATED", "ISSUED", "RECEIVED") and given > 0

        if self.do("allocateStockRequest", may=may, moved={}, id=id):
            one.status = "ALLOCATED" if one.status == "APPROVED" else one.status
            one.allocated += given
            assert sum(self.house.aside[name].values()) == one.allocated

    @rule(number=numbers, some=some_or_all)
    def send(self, number: int, some: int | None) -> None:
        name, one, id = self._request(number, "ALLOCATED")
        if one is None:
            return
        wanted = one.allocated if some is None else some
        place = ("loc_store", one.product)
        can = one.status in ("ALLOCATED", "ISSUED", "RECEIVED") and 0 < wanted <= one.allocated
        is_sound = self.house.is_sound(name, place)
        lines = self._units(name, some)

        if self.do(
            "issueStockRequest",
            may=can if is_sound or not can else None,
            moved=total(place, -wanted),
            id=id,
            lines=lines,
        ):
            number_ = self.found.new("transfers", self.house.transfers)
            sent = Transfer("loc_store", "loc_ward", one.product, wanted, "IN_TRANSIT")
            sent.shipped = sent.picked = wanted
            self.house.transfers[number_] = sent
            one.sent.append(sent)
            one.allocated -= wanted
            one.status = "ISSUED"

    @rule(number=numbers, some=some_or_all)
    def get(self, number: int, some: int | None) -> None:
        name, one, id = self._request(number, "ISSUED")
        if one is None:
            return
        on_way = sum(sent.on_way for sent in one.sent)
        wanted = on_way if some is None else some
        may = one.status == "ISSUED" and 0 < wanted <= on_way
        lines, moved = self._units(name, some), total(("loc_ward", one.product), wanted)

        if self.do("receiveStockRequest", may=may, moved=moved, id=id, lines=lines):
            for sent in one.sent:
                part = min(wanted, sent.on_way)
                wanted -= part
                sent.received += part
                if part:
                    sent.arrive()
            one.follow()

    @rule(number=numbers)
    def roll_back(self, number: int) -> None:
        name, one, id = self._request(number, "ISSUED", "ALLOCATED", "REJECTED")
        if one is None:
            return
        steps = {"SUBMITTED": "DRAFT", "APPROVED": "SUBMITTED", "REJECTED": "SUBMITTED"}
        to = {**steps, "ALLOCATED": "APPROVED", "ISSUED": ""}.get(one.status)
        last = next((sent for sent in reversed(one.sent) if sent.shipped > sent.returned), None)
        if one.status != "ISSUED" or last is None:
            if self.do("rollBackStockRequest", may=to is not None, moved={}, id=id, reason="no"):
                one.status, one.allocated = str(to), 0
                one.approved = None if to == "SUBMITTED" else one.approved
            return
        may = None if last.on_way == last.shipped else False
        moved = total(("loc_store", one.product), last.on_way)
        if self.do("rollBackStockRequest", may=may, moved=moved, id=id, reason="no"):
            back = last.on_way
            last.returned, last.status = back, "CANCELLED"
            one.take_back(back, set_aside=True)
            assert sum(self.house.aside[name].values()) == one.allocated

    @rule(number=numbers, act=st.sampled_from(("cancel", "close")))
    def end(self, number: int, act: str) -> None:
        from_ = {"close": ("RECEIVED",), "cancel": ("DRAFT", "SUBMITTED", "APPROVED", "ALLOCATED")}
        _, one, id = self._request(number, *from_[act])
        if one is None:
            return
        may = one.status in from_[act]

        if self.do(f"{act}StockRequest", may=may, moved={}, id=id):
            one.status = "CLOSED" if act == "close" else "CANCELLED"
            one.allocated = 0

    def _request(self, number: int, *likely: str) -> tuple[str, Any, str]:
        all_ = self.house.requests
        fitting = [name for name, one in all_.items() if one.status in likely] or list(all_)
        name = pick(fitting, number)
        return (name, all_[name], self.found.requests[name].id) if name else ("", None, "")

    def _units(self, name: str, some: int | None) -> Any:
        if some is None:
            return None
        return [{"lineId": self.found.requests[name].line_id, "quantity": some}]
