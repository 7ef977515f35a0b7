"""Transfers: written, approved, picked, shipped, received, ended; each act in one transaction."""

from services.transfers.approving import approve, approve_all, create_approved
from services.transfers.drafting import Edit, LineChange, Note, comment, create, edit, submit
from services.transfers.ending import RETURN, WRITE_OFF, Cancellation, cancel, close
from services.transfers.outcomes import Outcome
from services.transfers.picking import Picking, PickLine, pick
from services.transfers.receiving import Receipt, ReceiveLine, receive
from services.transfers.shipping import ShipLine, Shipment, ship
from services.transfers.wishes import LineWish, Wish
from services.transfers.work import Step

__all__ = [
    "RETURN",
    "WRITE_OFF",
    "Cancellation",
    "Edit",
    "LineChange",
    "LineWish",
    "Note",
    "Outcome",
    "PickLine",
    "Picking",
    "Receipt",
    "ReceiveLine",
    "ShipLine",
    "Shipment",
    "Step",
    "Wish",
    "approve",
    "approve_all",
    "cancel",
    "close",
    "comment",
    "create",
    "create_approved",
    "edit",
    "pick",
    "receive",
    "ship",
    "submit",
]
