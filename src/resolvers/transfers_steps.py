"""Moving transfers on: approved, picked, shipped, received, ended."""

from collections.abc import Callable
from datetime import date
from enum import Enum
from typing import Any

import strawberry

from domain.errors import Invalid
from domain.machines.transfers import TransferAction as A
from domain.names import camel
from domain.permissions import Permission
from domain.quantities import ZERO
from resolvers.fields import choices, given, input_, output
from resolvers.scalars import Quantity
from resolvers.transfers_writes import TransferPayload, TransferStepInput
from resolvers.writes import Act, acts
from services import transfers as service
from services.requests.following import followed

_NEEDS = Permission.TRANSFERS_WRITE


class TransitEnd(Enum):
    """What becomes of units in transit when a transfer is called off."""

    RETURN = "RETURN"
    """They go back into the buckets that they left."""

    WRITE_OFF = "WRITE_OFF"
    """They are given up; that needs a reason."""


choices(TransitEnd)


@input_
class PickTransferLineInput:
    """Units of a line that were taken out of their bin."""

    line_id: strawberry.ID
    """The line."""

    quantity: Quantity
    """How many base units."""

    inventory_item_id: strawberry.ID | None = strawberry.UNSET
    """From which inventory item; those that are reserved when left out."""

    reason: str | None = strawberry.UNSET
    """Why another one was taken although what was reserved expires earlier."""


@input_
class PickTransferInput(TransferStepInput):
    """What was picked."""

    lines: list[PickTransferLineInput] | None = strawberry.UNSET
    """Lines; all that is reserved when left out."""


@input_
class ShipTransferLineInput:
    """Units of a line that leave the source."""

    line_id: strawberry.ID
    """The line."""

    quantity: Quantity
    """How many base units."""


@input_
class ShipTransferInput(TransferStepInput):
    """What is shipped."""

    lines: list[ShipTransferLineInput] | None = strawberry.UNSET
    """Lines; all that is picked when left out, and all that is reserved where nothing is."""


@input_
class ReceiveTransferLineInput:
    """Units of a line that have arrived."""

    line_id: strawberry.ID
    """The line."""

    quantity: Quantity | None = strawberry.UNSET
    """How many base units in good condition."""

    damaged_quantity: Quantity | None = strawberry.UNSET
    """How many base units besides that are damaged."""

    lot_id: strawberry.ID | None = strawberry.UNSET
    """Of which lot; first what expires first when left out."""

    dest_bin_id: strawberry.ID | None = strawberry.UNSET
    """The bin into which they go; that of the line when left out."""

    damaged_bin_id: strawberry.ID | None = strawberry.UNSET
    """The bin into which damaged ones go; where the good ones go when left out, and on hold."""


@input_
class ReceiveTransferInput(TransferStepInput):
    """What has arrived."""

    lines: list[ReceiveTransferLineInput] | None = strawberry.UNSET
    """Lines; all that is in transit, in good condition, when left out."""


@input_
class EndTransferInput(TransferStepInput):
    """A transfer to be ended."""

    reason: str | None = strawberry.UNSET
    """Why units in transit are given up, in one line; needed where there are some."""


@input_
class CancelTransferInput(EndTransferInput):
    """A transfer to be called off."""

    in_transit: TransitEnd | None = strawberry.UNSET
    """What becomes of units in transit; they go back when left out."""


@input_
class TransferChangeLineInput:
    """A line, for whichever action; each takes what its own field takes."""

    line_id: strawberry.ID
    """The line."""

    quantity: Quantity | None = strawberry.UNSET
    """How many base units; of a receipt those in good condition, of a draft those asked for."""

    damaged_quantity: Quantity | None = strawberry.UNSET
    """RECEIVE: how many base units besides that are damaged."""

    lot_id: strawberry.ID | None = strawberry.UNSET
    """RECEIVE: of which lot."""

    dest_bin_id: strawberry.ID | None = strawberry.UNSET
    """RECEIVE: the bin into which they go; of a draft the bin into which they are to go."""

    damaged_bin_id: strawberry.ID | None = strawberry.UNSET
    """RECEIVE: the bin into which damaged ones go."""

    inventory_item_id: strawberry.ID | None = strawberry.UNSET
    """PICK: from which inventory item."""

    reason: str | None = strawberry.UNSET
    """PICK: why another one was taken."""


@input_
class TransferChangeInput:
    """A step of a transfer, or without an action a change of a draft."""

    action: A | None = strawberry.UNSET
    """What is to be done; EDIT when left out."""

    lines: list[TransferChangeLineInput] | None = strawberry.UNSET
    """Lines; which ones are meant when left out depends on the action."""

    reason: str | None = strawberry.UNSET
    """CLOSE, CANCEL: why units in transit are given up."""

    in_transit: TransitEnd | None = strawberry.UNSET
    """CANCEL: what becomes of units in transit; they go back when left out."""

    expected_on: date | None = strawberry.UNSET
    """EDIT: when it is to arrive."""

    source_location_id: strawberry.ID | None = strawberry.UNSET
    """EDIT: the location that it comes from."""

    dest_location_id: strawberry.ID | None = strawberry.UNSET
    """EDIT: the location that it goes to."""

    reference: str | None = strawberry.UNSET
    """EDIT: your own name for it, in one line."""

    comment: str | None = strawberry.UNSET
    """What is to be said about the step, or of a draft about it."""

    expected_version: int | None = strawberry.UNSET
    """Refused with `STALE_VERSION` when it stands at another version."""


@input_
class ChangeTransferInput:
    """A transfer, and what is to be done with it."""

    transfer_id: strawberry.ID
    """The transfer."""

    change: TransferChangeInput | None = strawberry.UNSET
    """What is to be done."""


@output
class TransferStepMutations:
    """Steps of transfers that reserve or move stock."""

    @acts(TransferStepInput, TransferPayload, needs=_NEEDS)
    def approve_transfer(self, input: TransferStepInput) -> Act:
        """Reserve its units at the source, what expires first first; they are expected then.

        `INSUFFICIENT_STOCK` or `STOCK_HELD` refuse the whole of it and name the line.
        """
        return _MADE[A.APPROVE](*_of(input))

    @acts(PickTransferInput, TransferPayload, needs=_NEEDS)
    def pick_transfer(self, input: PickTransferInput) -> Act:
        """Say what was taken out of which bin and lot; the units are still on hand.

        Who passes over what expires earlier says why, or is refused with `FEFO_REASON_REQUIRED`.
        """
        return _MADE[A.PICK](*_of(input))

    @acts(ShipTransferInput, TransferPayload, needs=_NEEDS)
    def ship_transfer(self, input: ShipTransferInput) -> Act:
        """Send units on their way; within one location they arrive at once.

        `EXCEEDS_OPEN` refuses more than is left of a line, `STOCK_HELD` what was put on hold.
        """
        return _MADE[A.SHIP](*_of(input))

    @acts(ReceiveTransferInput, TransferPayload, needs=_NEEDS)
    def receive_transfer(self, input: ReceiveTransferInput) -> Act:
        """Say what has arrived, in parts if need be; damaged units are on hold from then on.

        `OVER_RECEIPT` refuses more than is in transit.
        """
        return _MADE[A.RECEIVE](*_of(input))

    @acts(EndTransferInput, TransferPayload, needs=_NEEDS)
    def close_transfer(self, input: EndTransferInput) -> Act:
        """End it. What is in transit is given up as missing, which needs a reason."""
        return _MADE[A.CLOSE](*_of(input))

    @acts(CancelTransferInput, TransferPayload, needs=_NEEDS)
    def cancel_transfer(self, input: CancelTransferInput) -> Act:
        """Call it off. What was not shipped is free again; what is in transit goes back."""
        return _MADE[A.CANCEL](*_of(input))

    @acts(ChangeTransferInput, TransferPayload, needs=_NEEDS)
    def change_transfer(self, input: ChangeTransferInput) -> Act:
        """Take the step that an action names, or change a draft; each has a field of its own."""
        return change_of(input.transfer_id, input.change or TransferChangeInput())


# What each action takes of a change beside the transfer, its comment and the expected version.
_HEAD = ("expected_on", "source_location_id", "dest_location_id", "reference")
_LINE = ("quantity", "line_id")
_TAKES: dict[A, tuple[tuple[str, ...], tuple[str, ...]]] = {
    A.EDIT: ((*_HEAD, "lines"), (*_LINE, "dest_bin_id")),
    A.SUBMIT: ((), ()),
    A.APPROVE: ((), ()),
    A.PICK: (("lines",), (*_LINE, "inventory_item_id", "reason")),
    A.SHIP: (("lines",), _LINE),
    A.RECEIVE: (
        ("lines",),
        (*_LINE, "damaged_quantity", "lot_id", "dest_bin_id", "damaged_bin_id"),
    ),
    A.CLOSE: (("reason",), ()),
    A.CANCEL: (("reason", "in_transit"), ()),
}
_EVERY = ("comment", "expected_version")


def change_of(transfer_id: str, change: TransferChangeInput) -> Act:
    """The act that a change names.

    Raises:
        Invalid: it has a field that its action does not take.
    """
    values = given(change)
    action = values.pop("action", None) or A.EDIT
    takes, of_line = _TAKES[action]
    _refuse_others(action, values, (*takes, *_EVERY), "")
    for index, line in enumerate(values.get("lines") or ()):
        _refuse_others(action, given(line), of_line, f"lines[{index}].")
    return _MADE[action](transfer_id, values)


def _refuse_others(action: A, values: dict[str, Any], takes: tuple[str, ...], place: str) -> None:
    for name in values:
        if name not in takes:
            field = f"{place}{camel(name)}"
            raise Invalid(field, f"{field} does not go with {action}.")


def _edit(transfer_id: str, values: dict[str, Any]) -> Act:
    lines = values.pop("lines", None)
    edit = service.Edit(
        transfer_id=transfer_id,
        expected_version=values.pop("expected_version", None),
        values=values,
        changes=[service.LineChange(**given(one)) for one in lines or ()],
    )
    return (service.edit, edit)


def _cancel(transfer_id: str, values: dict[str, Any]) -> Act:
    values["in_transit"] = (values.get("in_transit") or TransitEnd.RETURN).value
    return (followed, service.cancel, service.Cancellation(transfer_id=transfer_id, **values))


def _lines(values: dict[str, Any], made: Callable[[Any], Any]) -> dict[str, Any]:
    if values.get("lines") is not None:
        values["lines"] = [made(one) for one in values["lines"]]
    return values


def _picked(line: Any) -> service.PickLine:
    return service.PickLine(**_measured(line))


def _shipped(line: Any) -> service.ShipLine:
    return service.ShipLine(**_measured(line))


def _measured(line: Any) -> dict[str, Any]:
    values = given(line)
    if values.get("quantity") is None:
        raise Invalid("lines", "A line needs a quantity.")
    return values


def _received(line: Any) -> service.ReceiveLine:
    values = given(line)
    damaged, quantity = values.pop("damaged_quantity", None), values.pop("quantity", None)
    return service.ReceiveLine(quantity=quantity or ZERO, damaged=damaged or ZERO, **values)


_MADE: dict[A, Callable[[str, dict[str, Any]], Act]] = {
    A.EDIT: _edit,
    A.SUBMIT: lambda about, values: (service.submit, service.Note(transfer_id=about, **values)),
    A.APPROVE: lambda about, values: (service.approve, service.Note(transfer_id=about, **values)),
    A.PICK: lambda about, values: (
        service.pick,
        service.Picking(transfer_id=about, **_lines(values, _picked)),
    ),
    A.SHIP: lambda about, values: (
        service.ship,
        service.Shipment(transfer_id=about, **_lines(values, _shipped)),
    ),
    A.RECEIVE: lambda about, values: (
        followed,
        service.receive,
        service.Receipt(transfer_id=about, **_lines(values, _received)),
    ),
    A.CLOSE: lambda about, values: (
        followed,
        service.close,
        service.Step(transfer_id=about, **values),
    ),
    A.CANCEL: _cancel,
}


def _of(input: Any) -> tuple[str, dict[str, Any]]:
    values = given(input)
    return values.pop("transfer_id"), values
