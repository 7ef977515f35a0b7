"""Transfers: written, approved, picked, shipped, received, ended; each act in one transaction."""

from services.transfers.drafting import (
    Edit,
    Note,
    comment,
    create,
    create_all,
    edit,
    submit,
)
from services.transfers.outcomes import Outcome
from services.transfers.wishes import LineWish, Wish

__all__ = [
    "Edit",
    "LineWish",
    "Note",
    "Outcome",
    "Wish",
    "comment",
    "create",
    "create_all",
    "edit",
    "submit",
]
