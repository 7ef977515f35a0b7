"""Reservations: what a channel has promised to an order, for a time or until it is handed out."""

from services.reservations.changing import Extension, extend, firm_up
from services.reservations.consuming import consume, issue
from services.reservations.making import LineWish, ReserveWish, reserve
from services.reservations.reading import reservations
from services.reservations.releasing import LinePart, Release, release, sweep

__all__ = [
    "Extension",
    "LinePart",
    "LineWish",
    "Release",
    "ReserveWish",
    "consume",
    "extend",
    "firm_up",
    "issue",
    "release",
    "reservations",
    "reserve",
    "sweep",
]
